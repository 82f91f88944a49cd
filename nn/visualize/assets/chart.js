// Drawing: canvases that fit their box, colours, axes, curves and contour lines.

const CLASS_COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#f0e442", "#8c510a", "#5e4fa2"];
const LINE_COLOURS = {
  light: ["#0072b2", "#c04f00", "#007a5a", "#a9558a", "#8f6200", "#2b7ba8", "#616e7c"],
  dark: ["#56b4e9", "#f0883e", "#2fc79a", "#e3a1c6", "#e6b84a", "#8fd0f2", "#b8c2cc"],
};
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3], [12, 4], [4, 2], [1, 2]];

const darkness = matchMedia("(prefers-color-scheme: dark)");

function style(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function lineColour(position) {
  const colours = LINE_COLOURS[darkness.matches ? "dark" : "light"];
  return colours[position % colours.length];
}

function rgb(hex) {
  return [1, 3, 5].map((start) => parseInt(hex.slice(start, start + 2), 16));
}

function mix(from, to, share) {
  return from.map((part, channel) => part + (to[channel] - part) * share);
}

// Bytes (or pairs of bytes) from the page's text; the largest means "not finite".
function unpack(text, bounds, wide) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const numbers = wide ? new Uint16Array(bytes.buffer) : bytes;
  const missing = wide ? 65535 : 255;
  const values = new Float64Array(numbers.length);
  const step = (bounds[1] - bounds[0]) / (missing - 1);
  numbers.forEach((number, place) => {
    values[place] = number === missing ? NaN : bounds[0] + number * step;
  });
  return values;
}

function showNumber(value) {
  if (value === null || value === undefined) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(1);
  return value.toPrecision(3);
}

// The canvas at the resolution of the screen; lengths are CSS pixels, 1em is `em`.
function prepare(canvas) {
  const box = canvas.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(box.width * ratio));
  const height = Math.max(1, Math.round(box.height * ratio));
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, box.width, box.height);
  const em = parseFloat(getComputedStyle(document.documentElement).fontSize);
  pen.font = `${0.8 * em}px Helvetica, Arial, "Liberation Sans", sans-serif`;
  return { pen, width: box.width, height: box.height, em };
}

function place(axis, value) {
  if (!axis.logarithmic) return (value - axis.low) / (axis.high - axis.low);
  return value <= 0 ? 0 : Math.log(value / axis.low) / Math.log(axis.high / axis.low);
}

// A frame with axes; returns it with x(value) and y(value) in pixels.
function frame(surface, xAxis, yAxis, { square = false, equal = false, lines = true, xName = "", yName = "" } = {}) {
  const { pen, em } = surface;
  const labels = yAxis.ticks.map(([, label]) => pen.measureText(label).width);
  const left = Math.max(...labels, em) + 0.6 * em;
  const bottom = (xName ? 2.6 : 1.5) * em;
  let width = surface.width - left - 0.6 * em;
  let height = surface.height - bottom - 0.5 * em - (yName ? em : 0);
  let top = 0.5 * em + (yName ? em : 0);
  let start = left;
  if (square) {
    const side = Math.min(width, height);
    start += (width - side) / 2;
    top += (height - side) / 2;
    width = height = side;
  }
  if (equal) {
    // One unit is as long across as up.
    const unit = Math.min(width / (xAxis.high - xAxis.low), height / (yAxis.high - yAxis.low));
    const [across, up] = [unit * (xAxis.high - xAxis.low), unit * (yAxis.high - yAxis.low)];
    start += (width - across) / 2;
    top += (height - up) / 2;
    [width, height] = [across, up];
  }
  const x = (value) => start + place(xAxis, value) * width;
  const y = (value) => top + (1 - place(yAxis, value)) * height;
  pen.fillStyle = style("quiet");
  pen.strokeStyle = style("line");
  pen.lineWidth = 1;
  pen.textBaseline = "middle";
  pen.textAlign = "right";
  for (const [value, label] of yAxis.ticks) {
    const level = Math.round(y(value)) + 0.5;
    if (lines) stroke(pen, [[start, level], [start + width, level]]);
    pen.fillText(label, start - 0.35 * em, level);
  }
  pen.textBaseline = "top";
  pen.textAlign = "center";
  let free = -Infinity;
  for (const [value, label] of xAxis.ticks) {
    const half = pen.measureText(label).width / 2;
    if (x(value) - half < free) continue;
    free = x(value) + half + 0.5 * em;
    pen.fillText(label, Math.min(x(value), surface.width - half), top + height + 0.35 * em);
  }
  if (xName) pen.fillText(xName, start + width / 2, top + height + 1.5 * em);
  if (yName) {
    pen.textAlign = "left";
    pen.fillText(yName, start, top - 1.2 * em);
  }
  return { start, top, width, height, x, y };
}

function stroke(pen, points) {
  pen.beginPath();
  let down = false;
  for (const [x, y] of points) {
    if (!Number.isFinite(x) || !Number.isFinite(y)) down = false;
    else if (down) pen.lineTo(x, y);
    else {
      pen.moveTo(x, y);
      down = true;
    }
  }
  pen.stroke();
}

// Line pieces along which a field on a grid crosses a level (marching squares), in grid units.
function contour(field, columns, rows, level) {
  const pieces = [];
  const value = (row, column) => field[row * columns + column] - level;
  const between = (a, b) => a / (a - b);
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const a = value(row, column);
      const b = value(row, column + 1);
      const c = value(row + 1, column + 1);
      const d = value(row + 1, column);
      if (!Number.isFinite(a + b + c + d)) continue;
      const cuts = [];
      if (a < 0 !== b < 0) cuts.push([column + between(a, b), row]);
      if (b < 0 !== c < 0) cuts.push([column + 1, row + between(b, c)]);
      if (d < 0 !== c < 0) cuts.push([column + between(d, c), row + 1]);
      if (a < 0 !== d < 0) cuts.push([column, row + between(a, d)]);
      if (cuts.length === 2) pieces.push(cuts);
      else if (cuts.length === 4) {
        const [top, right, below, left] = cuts;
        // A saddle: the sign in the middle says which corners belong together.
        if ((a + b + c + d) / 4 < 0 === a < 0) pieces.push([top, right], [below, left]);
        else pieces.push([top, left], [below, right]);
      }
    }
  }
  return pieces;
}

// A field on a grid as an image: `colour(values of all planes)` gives [red, green, blue].
function paint(pen, box, planes, columns, rows, colour) {
  const width = Math.max(2, Math.min(320, Math.round(box.width)));
  const height = Math.max(2, Math.min(320, Math.round(box.height)));
  const image = new ImageData(width, height);
  const here = new Array(planes.length);
  for (let v = 0; v < height; v++) {
    const row = (1 - v / (height - 1)) * (rows - 1); // rows count upwards, pixels downwards
    const r = Math.min(rows - 2, Math.floor(row));
    for (let u = 0; u < width; u++) {
      const column = (u / (width - 1)) * (columns - 1);
      const c = Math.min(columns - 2, Math.floor(column));
      const s = row - r;
      const t = column - c;
      const at = r * columns + c;
      for (let k = 0; k < planes.length; k++) {
        const p = planes[k];
        here[k] = (p[at] * (1 - t) + p[at + 1] * t) * (1 - s) + (p[at + columns] * (1 - t) + p[at + columns + 1] * t) * s;
      }
      const [red, green, blue] = colour(here);
      image.data.set([red, green, blue, 255], 4 * (v * width + u));
    }
  }
  const small = new OffscreenCanvas(width, height);
  small.getContext("2d").putImageData(image, 0, 0);
  pen.imageSmoothingEnabled = true;
  pen.imageSmoothingQuality = "high";
  pen.drawImage(small, box.start, box.top, box.width, box.height);
}

// Shapes tell classes apart where colours do not.
function marker(pen, shape, x, y, size) {
  pen.beginPath();
  if (shape % 4 === 0) pen.arc(x, y, size, 0, 2 * Math.PI);
  else if (shape % 4 === 1) pen.rect(x - 0.86 * size, y - 0.86 * size, 1.72 * size, 1.72 * size);
  else {
    const corners = shape % 4 === 2 ? [[0, -1.2], [1.1, 0.8], [-1.1, 0.8]] : [[0, -1.25], [1.25, 0], [0, 1.25], [-1.25, 0]];
    corners.forEach(([dx, dy], k) => (k ? pen.lineTo : pen.moveTo).call(pen, x + dx * size, y + dy * size));
    pen.closePath();
  }
  pen.fill();
  pen.stroke();
}

// A list of keys: {kind: "line" | "marker", colour, dash, shape, name}; returns where to write values.
function fillLegend(list, entries) {
  list.replaceChildren();
  return entries.map((entry) => {
    const item = document.createElement("li");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", entry.kind === "marker" ? "7 0 18 18" : "0 0 32 18");
    if (entry.kind === "marker") svg.classList.add("key");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    const shapes = ["M16 3a6 6 0 1 0 .01 0z", "M10 3h12v12H10z", "M16 2l7 13H9z", "M16 1l8 8-8 8-8-8z"];
    path.setAttribute("d", entry.kind === "marker" ? shapes[entry.shape % 4] : "M0 9h32");
    path.setAttribute(entry.kind === "marker" ? "fill" : "stroke", entry.colour);
    if (entry.kind === "line") {
      path.setAttribute("stroke-width", "3");
      path.setAttribute("stroke-dasharray", entry.dash.join(" "));
    }
    svg.append(path);
    const name = document.createElement("bdi");
    name.textContent = entry.name;
    const value = document.createElement("b");
    item.append(svg, name, value);
    list.append(item);
    return value;
  });
}
