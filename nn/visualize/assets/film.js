// The film: what each panel shows at a frame.

const film = JSON.parse(document.getElementById("data").textContent);
const view = film.view;
const find = (selector) => document.querySelector(selector);
const em = (surface, share) => share * surface.em;

film.frames.forEach((moment) => {
  if (moment.look === null) return;
  const values = unpack(moment.look, moment.bounds, view.kind === "curve" || view.planes === 1);
  const cells = values.length / view.planes;
  moment.planes = Array.from({ length: view.planes }, (_, k) => values.subarray(k * cells, (k + 1) * cells));
});

const moments = film.frames;
const lastAt = film.at[film.at.length - 1];
const timeAxis = timeline(lastAt);

function timeline(end) {
  const rough = end / 5;
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough);
  const ticks = [];
  for (let at = 0; at <= end; at += step) ticks.push([at, String(at)]);
  return { low: 0, high: end, logarithmic: false, ticks };
}

// The last point of the curves that is not after a frame.
function recordOf(at) {
  let low = 0;
  let high = film.at.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (film.at[middle] <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

// --- decisions ------------------------------------------------------------------------------

const TITLES = { classes: "Decision boundary", values: "Output over the two inputs", curve: "Output over the input" };

// Parts of the whole from 0 to 1: of the first class (or low) to the second (or high).
function ramp(share, paper, strength) {
  const side = rgb(share < 0.5 ? CLASS_COLOURS[0] : CLASS_COLOURS[1]);
  return mix(paper, side, strength * Math.min(1, Math.abs(2 * share - 1)));
}

function fieldColour(paper) {
  const unknown = rgb(style("unknown"));
  const strength = darkness.matches ? 0.62 : 0.5;
  const classes = CLASS_COLOURS.map(rgb);
  if (view.kind === "values") {
    return ([value]) => (Number.isFinite(value) ? ramp(place(film.valueAxis, value), paper, 0.85) : unknown);
  }
  if (view.planes === 1) {
    return ([share]) => (Number.isFinite(share) ? ramp(share, paper, strength) : unknown);
  }
  return (shares) => {
    let best = 0;
    let second = -1;
    for (let k = 1; k < shares.length; k++) {
      if (shares[k] > shares[best]) [second, best] = [best, k];
      else if (second < 0 || shares[k] > shares[second]) second = k;
    }
    if (!Number.isFinite(shares[best])) return unknown;
    return mix(paper, classes[best], 0.1 + (strength - 0.1) * (shares[best] - shares[second]));
  };
}

function boundaries(moment) {
  if (view.kind === "values") {
    return film.valueAxis.ticks.flatMap(([level]) => contour(moment.planes[0], view.side, view.side, level));
  }
  if (view.planes === 1) return contour(moment.planes[0], view.side, view.side, 0.5);
  return moment.planes.flatMap((own, k) => {
    const others = moment.planes.filter((_, other) => other !== k);
    const lead = own.map((share, cell) => share - Math.max(...others.map((plane) => plane[cell])));
    return contour(lead, view.side, view.side, 0);
  });
}

function guess(moment, x, y) {
  const [columns, rows] = view.axes;
  const cell = Math.round(place(rows, y) * (view.side - 1)) * view.side + Math.round(place(columns, x) * (view.side - 1));
  const shares = moment.planes.map((plane) => plane[cell]);
  return shares.length === 1 ? Number(shares[0] > 0.5) : shares.indexOf(Math.max(...shares));
}

function drawField(surface, moment) {
  const { pen } = surface;
  const [across, up] = view.axes;
  const box = frame(surface, across, up, { square: true, lines: false, xName: "first input", yName: "second input" });
  const ink = style("ink");
  const paper = style("paper");
  paint(pen, box, moment.planes, view.side, view.side, fieldColour(rgb(paper)));
  pen.save();
  pen.beginPath();
  pen.rect(box.start, box.top, box.width, box.height);
  pen.clip();
  pen.strokeStyle = ink;
  pen.lineWidth = view.kind === "values" ? em(surface, 0.06) : em(surface, 0.14);
  pen.lineCap = "round";
  const across1 = box.width / (view.side - 1);
  const up1 = box.height / (view.side - 1);
  for (const piece of boundaries(moment)) {
    stroke(pen, piece.map(([column, row]) => [box.start + column * across1, box.top + box.height - row * up1]));
  }
  const size = Math.max(2.2, Math.min(em(surface, view.x[0].length <= 20 ? 0.6 : 0.36), (box.width / 14) / Math.sqrt(Math.max(8, view.x[0].length / 14))));
  view.x[0].forEach((x, row) => {
    const y = view.x[1][row];
    const target = view.classes ? view.y[row] : view.y[row][0];
    const wrong = view.classes > 0 && guess(moment, x, y) !== target;
    pen.fillStyle = view.classes ? CLASS_COLOURS[target] : `rgb(${ramp(place(film.valueAxis, target), rgb("#ffffff"), 1).join(" ")})`;
    pen.strokeStyle = wrong || !view.classes ? ink : paper;
    pen.lineWidth = wrong ? size * 0.5 : size * 0.28;
    marker(pen, view.classes ? target : 0, box.x(x), box.y(y), size);
  });
  pen.restore();
}

function drawCurves(surface, moment) {
  const { pen } = surface;
  const [across] = view.axes;
  const box = frame(surface, across, film.valueAxis, { xName: "input", yName: "output" });
  pen.save();
  pen.beginPath();
  pen.rect(box.start, box.top, box.width, box.height);
  pen.clip();
  const size = em(surface, 0.28);
  view.x[0].forEach((x, row) => {
    const heights = view.classes ? [view.planes === 1 ? view.y[row] : 1] : view.y[row];
    heights.forEach((value, k) => {
      const colour = view.classes ? view.y[row] : k;
      pen.fillStyle = view.classes ? CLASS_COLOURS[colour] : `${lineColour(k)}99`;
      pen.strokeStyle = style("paper");
      pen.lineWidth = size * 0.25;
      marker(pen, colour, box.x(x), box.y(value), size);
    });
  });
  moment.planes.forEach((plane, k) => {
    pen.strokeStyle = view.planes > 1 ? (view.classes ? CLASS_COLOURS[k] : lineColour(k)) : lineColour(1);
    pen.lineWidth = em(surface, 0.2);
    pen.setLineDash(view.planes > 1 ? DASHES[k % DASHES.length] : []);
    const step = (across.high - across.low) / (plane.length - 1);
    stroke(pen, Array.from(plane, (value, at) => [box.x(across.low + at * step), box.y(value)]));
  });
  pen.restore();
}

// --- curves over time -----------------------------------------------------------------------

function drawChart(surface, axis, curves, now) {
  const { pen } = surface;
  const box = frame(surface, timeAxis, axis, { xName: "" });
  const ink = style("ink");
  pen.lineJoin = "round";
  curves.forEach((curve, k) => {
    const points = film.at.map((at, record) => {
      const value = curve[record];
      return value === null ? [NaN, NaN] : [box.x(at), box.y(value)];
    });
    pen.strokeStyle = lineColour(k);
    pen.setLineDash(DASHES[k % DASHES.length]);
    pen.lineWidth = em(surface, 0.15);
    pen.globalAlpha = 0.25; // what is still to come
    stroke(pen, points.slice(now));
    pen.globalAlpha = 1;
    stroke(pen, points.slice(0, now + 1));
    pen.setLineDash([]);
    const [x, y] = points[now];
    if (Number.isFinite(y)) {
      pen.fillStyle = lineColour(k);
      pen.strokeStyle = style("paper");
      pen.lineWidth = 1.5;
      marker(pen, 0, x, y, em(surface, 0.3));
    }
  });
  pen.strokeStyle = ink;
  pen.globalAlpha = 0.45;
  pen.lineWidth = 1;
  const x = box.x(film.at[now]);
  stroke(pen, [[x, box.top], [x, box.top + box.height]]);
  pen.globalAlpha = 1;
  return box;
}

// --- weights --------------------------------------------------------------------------------

const canvases = [];

function buildWeights() {
  const room = find("#pictures");
  film.layers.forEach((layer) => {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = layer.name;
    const tables = document.createElement("div");
    tables.className = "tables";
    layer.pictures.forEach((picture) => {
      const scale = film.scales[canvases.length];
      const [rows, columns] = picture.shown;
      const cell = Math.max(0.14, Math.min(1, 7.5 / rows, 15 / columns)); // rem
      const holder = document.createElement("div");
      const canvas = document.createElement("canvas");
      canvas.width = columns;
      canvas.height = rows;
      canvas.style.width = `${Math.max(columns * cell, 0.7)}rem`;
      canvas.style.height = `${Math.max(rows * cell, 0.7)}rem`;
      canvas.setAttribute("role", "img");
      const whole = picture.shape.length ? picture.shape.join(" × ") : "one number";
      const cut = rows * columns < picture.shape.reduce((a, b) => a * b, 1) ? `, ${rows} × ${columns} shown` : "";
      const words = `${picture.name} ${whole}${cut}, up to ±${showNumber(scale)}`;
      canvas.title = words;
      canvas.setAttribute("aria-label", `${layer.name}: ${words}`);
      const note = document.createElement("small");
      note.textContent = columns > 1 || layer.pictures.length === 1 ? `${picture.name} ${whole}${cut}, ±${showNumber(scale)}` : picture.name;
      holder.append(canvas, note);
      tables.append(holder);
      canvases.push(canvas);
    });
    figure.append(caption, tables);
    room.append(figure);
  });
}

function drawWeights(moment) {
  const bytes = Uint8Array.from(atob(moment.weights), (letter) => letter.charCodeAt(0));
  const paper = rgb(style("paper"));
  const [low, high] = [rgb(lineColour(1)), rgb(lineColour(0))];
  const unknown = rgb(style("unknown"));
  let from = 0;
  for (const canvas of canvases) {
    const image = new ImageData(canvas.width, canvas.height);
    for (let cell = 0; cell < canvas.width * canvas.height; cell++) {
      const byte = bytes[from + cell];
      const share = byte / 127 - 1;
      const colour = byte === 255 ? unknown : mix(paper, share < 0 ? low : high, Math.abs(share));
      image.data.set([...colour, 255], 4 * cell);
    }
    from += canvas.width * canvas.height;
    canvas.getContext("2d").putImageData(image, 0, 0);
  }
}

// --- the whole ------------------------------------------------------------------------------

const lossNames = Object.keys(film.values).filter((name) => name.endsWith("loss"));
const otherNames = Object.keys(film.values).filter((name) => !name.endsWith("loss"));
const readable = (name) => (name === "loss" ? "training loss" : name.replaceAll("_", " "));
const lines = (names) => names.map((name, k) => ({ kind: "line", colour: lineColour(k), dash: DASHES[k % DASHES.length], name }));
let lossValues = [];
let normValues = [];
const boxes = {};

function buildLegends() {
  lossValues = fillLegend(find("#losses .legend"), lines(lossNames.map(readable)));
  normValues = fillLegend(find("#gradients .legend"), lines(film.layers.map((layer) => layer.name)));
  fillLegend(find("#weights-legend"), [
    { kind: "marker", shape: 1, colour: lineColour(1), name: "negative" },
    { kind: "marker", shape: 1, colour: lineColour(0), name: "positive" },
  ]);
  if (view === null || view.classes === 0) return;
  fillLegend(
    find("#decisions-legend"),
    Array.from({ length: view.classes }, (_, k) => ({ kind: "marker", shape: k, colour: CLASS_COLOURS[k], name: `class ${k}` })),
  );
}

function show(index) {
  const moment = moments[index];
  const now = recordOf(moment.at);
  const facts = [[film.unit, `${moment.at} of ${lastAt}`]];
  for (const name of [...lossNames, ...otherNames]) {
    const value = film.values[name][now];
    const text = value !== null && name.endsWith("accuracy") ? `${(100 * value).toFixed(1)} %` : showNumber(value);
    facts.push([readable(name), text]);
  }
  if (moment.accuracy !== null) facts.push(["points right", `${(100 * moment.accuracy).toFixed(1)} %`]);
  const status = find("#status");
  status.replaceChildren(
    ...facts.map(([name, value]) => {
      const item = document.createElement("span");
      const strong = document.createElement("b");
      strong.textContent = value;
      item.append(`${name} `, strong);
      return item;
    }),
  );
  lossNames.forEach((name, k) => (lossValues[k].textContent = showNumber(film.values[name][now])));
  film.norms.forEach((curve, k) => (normValues[k].textContent = showNumber(curve[now])));
  const words = facts.map(([name, value]) => `${name} ${value}`).join(", ");
  if (view !== null) {
    const canvas = find("#decisions canvas");
    const surface = prepare(canvas);
    (view.kind === "curve" ? drawCurves : drawField)(surface, moment);
    canvas.setAttribute("aria-label", `${TITLES[view.kind]} at ${words}`);
  }
  const losses = lossNames.map((name) => film.values[name]);
  boxes.losses = drawChart(prepare(find("#losses canvas")), film.lossAxis, losses, now);
  boxes.gradients = drawChart(prepare(find("#gradients canvas")), film.normAxis, film.norms, now);
  drawWeights(moment);
  return words;
}

// Click or drag in a chart: go to the frame nearest in time.
function seek(panel, player) {
  const canvas = find(`#${panel} canvas`);
  const move = (event) => {
    const { start, width } = boxes[panel];
    const at = ((event.clientX - canvas.getBoundingClientRect().left - start) / width) * lastAt;
    let nearest = 0;
    moments.forEach((moment, k) => {
      if (Math.abs(moment.at - at) < Math.abs(moments[nearest].at - at)) nearest = k;
    });
    player.visit(nearest);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    move(event);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.buttons) move(event);
  });
}

function start() {
  find("#title").textContent = film.title;
  const cut = film.skipped ? `, ${moments.length} of ${moments.length + film.skipped} frames` : "";
  find("#subtitle").textContent = film.subtitle + cut;
  const stage = find("#stage");
  if (view === null) {
    find("#decisions").hidden = true;
    stage.classList.add("plain");
  } else {
    const left = view.leftOut ? ` (${view.leftOut} rows of the data are not drawn)` : "";
    find("#decisions-title").textContent = TITLES[view.kind] + left;
    if (view.kind === "curve") stage.classList.add("curve");
  }
  find("#losses").hidden = lossNames.length === 0;
  const kinds = `${film.lossAxis.logarithmic ? ", logarithmic" : ""}`;
  find("#losses-title").textContent = `Loss${kinds}`;
  find("#gradients-title").textContent = `Gradient norm of each layer${film.normAxis.logarithmic ? ", logarithmic" : ""}`;
  find("#losses canvas").setAttribute("aria-label", `Loss over ${lastAt} ${film.unit}s`);
  find("#gradients canvas").setAttribute("aria-label", `Gradient norms over ${lastAt} ${film.unit}s`);
  buildLegends();
  buildWeights();
  const player = new Player(moments.length, show);
  seek("losses", player);
  seek("gradients", player);
  const redraw = () => show(player.index);
  new ResizeObserver(redraw).observe(stage);
  darkness.addEventListener("change", () => {
    buildLegends();
    redraw();
  });
}

start();
