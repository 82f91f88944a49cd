// The loss surface: bands of equal loss, the path over them, and the loss under the pointer.

const surfaceData = JSON.parse(document.getElementById("data").textContent);
const { columns, rows, levels, path, pathLosses, labels } = surfaceData;
const losses = Float64Array.from(surfaceData.losses, (loss) => (loss === null ? NaN : loss));
const find = (selector) => document.querySelector(selector);
const boxes = {};
let player = null;

// Which band a loss is in, from 0 (lowest) to 1.
function band(loss) {
  let low = 0;
  let high = levels.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (levels[middle] <= loss) low = middle;
    else high = middle - 1;
  }
  return low / Math.max(1, levels.length - 2);
}

function shade(share) {
  return mix(rgb("#0072b2"), rgb(style("ground")), Math.min(1, share));
}

function lossAt(x, y) {
  const across = place(surfaceData.x, x) * (columns - 1);
  const up = place(surfaceData.y, y) * (rows - 1);
  if (!(across >= 0 && across <= columns - 1 && up >= 0 && up <= rows - 1)) return null;
  const c = Math.min(columns - 2, Math.floor(across));
  const r = Math.min(rows - 2, Math.floor(up));
  const [t, s, at] = [across - c, up - r, r * columns + c];
  const below = losses[at] * (1 - t) + losses[at + 1] * t;
  const above = losses[at + columns] * (1 - t) + losses[at + columns + 1] * t;
  const loss = below * (1 - s) + above * s;
  return Number.isFinite(loss) ? loss : null;
}

function drawSurface(now) {
  const sheet = prepare(find("#surface canvas"));
  const { pen, em } = sheet;
  const box = frame(sheet, surfaceData.x, surfaceData.y, { equal: surfaceData.equal, lines: false, xName: labels[0], yName: labels[1] });
  boxes.surface = box;
  const unknown = rgb(style("unknown"));
  paint(pen, box, [losses], columns, rows, ([loss]) => (Number.isFinite(loss) ? shade(band(loss)) : unknown));
  pen.save();
  pen.beginPath();
  pen.rect(box.start, box.top, box.width, box.height);
  pen.clip();
  pen.strokeStyle = style("paper");
  pen.lineWidth = Math.max(0.6, 0.05 * em);
  const [across, up] = [box.width / (columns - 1), box.height / (rows - 1)];
  for (const level of levels.slice(1)) {
    for (const piece of contour(losses, columns, rows, level)) {
      stroke(pen, piece.map(([c, r]) => [box.start + c * across, box.top + box.height - r * up]));
    }
  }
  const points = path.map(([x, y]) => [box.x(x), box.y(y)]);
  if (points.length) {
    pen.lineJoin = "round";
    const walked = points.slice(0, now + 1);
    for (const [colour, width, alpha, part] of [
      [style("ink"), 0.12, 0.35, points],
      ["#ffffff", 0.38, 1, walked],
      ["#d55e00", 0.22, 1, walked],
    ]) {
      pen.strokeStyle = colour;
      pen.lineWidth = width * em;
      pen.globalAlpha = alpha;
      stroke(pen, part);
    }
    pen.fillStyle = "#d55e00";
    pen.strokeStyle = "#ffffff";
    pen.lineWidth = 0.08 * em;
    if (points.length <= 120) walked.forEach(([x, y]) => marker(pen, 0, x, y, 0.22 * em));
    pen.fillStyle = "#ffffff";
    pen.strokeStyle = "#d55e00";
    pen.lineWidth = 0.16 * em;
    marker(pen, 0, ...points[0], 0.36 * em);
    pen.fillStyle = "#d55e00";
    pen.strokeStyle = "#ffffff";
    marker(pen, 0, ...points[now], 0.48 * em);
  }
  pen.restore();
}

function drawWalk(now) {
  const sheet = prepare(find("#walk canvas"));
  const { pen, em } = sheet;
  const steps = linear(path.length - 1);
  const box = frame(sheet, steps, surfaceData.lossAxis, { xName: "step" });
  boxes.walk = box;
  const points = pathLosses.map((loss, step) => (loss === null ? [NaN, NaN] : [box.x(step), box.y(loss)]));
  pen.strokeStyle = lineColour(1);
  pen.lineWidth = 0.16 * em;
  pen.globalAlpha = 0.25;
  stroke(pen, points.slice(now));
  pen.globalAlpha = 1;
  stroke(pen, points.slice(0, now + 1));
  if (Number.isFinite(points[now][1])) {
    pen.fillStyle = lineColour(1);
    pen.strokeStyle = style("paper");
    marker(pen, 0, ...points[now], 0.34 * em);
  }
}

function linear(end) {
  const rough = Math.max(1, end / 5);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const ticks = [];
  for (let at = 0; at <= end; at += step) ticks.push([at, String(at)]);
  return { low: 0, high: Math.max(1, end), logarithmic: false, ticks };
}

function show(index) {
  let words = `losses from ${showNumber(levels[0])} to ${showNumber(levels[levels.length - 1])}`;
  if (path.length) {
    const facts = [
      ["step", `${index} of ${path.length - 1}`],
      [labels[0], showNumber(path[index][0])],
      [labels[1], showNumber(path[index][1])],
      ["loss", showNumber(pathLosses[index])],
    ];
    words = facts.map(([name, value]) => `${name} ${value}`).join(", ");
    find("#status").replaceChildren(
      ...facts.map(([name, value]) => {
        const item = document.createElement("span");
        const strong = document.createElement("b");
        strong.textContent = value;
        item.append(`${name} `, strong);
        return item;
      }),
    );
    drawWalk(index);
  }
  find("#surface canvas").setAttribute("aria-label", `Loss over ${labels[0]} and ${labels[1]}: ${words}`);
  drawSurface(index);
  drawScale();
  return words;
}

function drawScale() {
  const { pen, width, height } = prepare(find("#scale"));
  const bands = levels.length - 1;
  for (let k = 0; k < bands; k++) {
    pen.fillStyle = `rgb(${shade(k / Math.max(1, bands - 1)).join(" ")})`;
    pen.fillRect((k / bands) * width, 0, width / bands + 1, height);
  }
}

function listen() {
  const canvas = find("#surface canvas");
  canvas.addEventListener("pointermove", (event) => {
    const { start, top, width, height } = boxes.surface;
    const bounds = canvas.getBoundingClientRect();
    const across = (event.clientX - bounds.left - start) / width;
    const up = 1 - (event.clientY - bounds.top - top) / height;
    const x = surfaceData.x.low + across * (surfaceData.x.high - surfaceData.x.low);
    const y = surfaceData.y.low + up * (surfaceData.y.high - surfaceData.y.low);
    const loss = lossAt(x, y);
    find("#pointer").textContent = loss === null ? "" : `here: ${showNumber(x)}, ${showNumber(y)}: loss ${showNumber(loss)}`;
  });
  canvas.addEventListener("pointerleave", () => (find("#pointer").textContent = ""));
  const walk = find("#walk canvas");
  const seek = (event) => {
    const { start, width } = boxes.walk;
    const share = (event.clientX - walk.getBoundingClientRect().left - start) / width;
    player.visit(Math.round(share * (path.length - 1)));
  };
  walk.addEventListener("pointerdown", (event) => {
    walk.setPointerCapture(event.pointerId);
    seek(event);
  });
  walk.addEventListener("pointermove", (event) => {
    if (event.buttons) seek(event);
  });
}

function start() {
  find("#title").textContent = surfaceData.title;
  find("#subtitle").textContent = surfaceData.subtitle;
  find("#range").textContent = `${showNumber(levels[0])} to ${showNumber(levels[levels.length - 1])}`;
  const walks = path.length > 1;
  find("#walk").hidden = !walks;
  find("footer").hidden = !walks;
  if (!walks) find("#stage").classList.add("plain");
  find("#walk canvas").setAttribute("aria-label", `Loss along the path of ${path.length} points`);
  player = new Player(Math.max(1, path.length), show);
  listen();
  const redraw = () => show(player.index);
  new ResizeObserver(redraw).observe(find("#stage"));
  darkness.addEventListener("change", redraw);
}

start();
