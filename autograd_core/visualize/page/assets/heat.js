"use strict";
// Arrays: the numbers themselves while they are few, a heat map of some of them when they are many.

const POSITIVE_INK = [0, 114, 179];
const NEGATIVE_INK = [213, 94, 0];

function levelColour(level) {
  if (level === null) return "var(--undefined)";
  const [red, green, blue] = level < 0 ? NEGATIVE_INK : POSITIVE_INK;
  return `rgba(${red}, ${green}, ${blue}, ${Math.min(1, Math.abs(level)).toFixed(3)})`;
}

/** What is known of a quantity that is an array, as a figure with its caption. */
function arrayFigure(quantity, name) {
  const figure = make("figure", { class: "array" });
  const caption = make("figcaption", {}, make("strong", {}, name));
  if (quantity.shape) caption.append(` ${shapeText(quantity.shape)} ${quantity.dtype}`);
  figure.append(caption);
  if (quantity.state !== "known" || !quantity.grid) {
    figure.append(stateText(quantity));
    return figure;
  }
  const few = quantity.numbers && quantity.shape.length <= 2;
  figure.append(few ? numberGrid(quantity) : heatMap(quantity, name), facts(quantity));
  return figure;
}

function facts(quantity) {
  const list = make("dl", { class: "facts" });
  const finite = quantity.undefined ? " finite" : "";
  const rows = [["norm", quantity.norm],
    [`lowest${finite}`, quantity.low], [`highest${finite}`, quantity.high]];
  if (quantity.zeros) rows.push(["zeros", quantity.zeros]);
  if (quantity.undefined) rows.push(["not finite", quantity.undefined]);
  for (const [term, text] of rows) {
    if (text === undefined) continue;
    list.append(make("div", {}, make("dt", {}, term), make("dd", {}, String(text))));
  }
  return list;
}

function numberGrid(quantity) {
  const vector = quantity.shape.length === 1;
  const columns = vector ? quantity.shape[0] : quantity.shape[1];
  const table = make("table", { class: vector ? "numbers vector" : "numbers" });
  const texts = quantity.numbers.map(formatNumber);
  const widest = new Array(columns).fill(0);
  texts.forEach((text, at) => {
    widest[at % columns] = Math.max(widest[at % columns], text.length);
  });
  const letters = vector ? Math.max(...widest) : widest.reduce((sum, width) => sum + width, 0);
  table.style.setProperty("--letters", letters);
  table.style.setProperty("--columns", vector ? 1 : columns);
  const levels = levelsOf(quantity.grid);
  const whole = levels.length === quantity.numbers.length;
  for (let start = 0; start < quantity.numbers.length; start += columns) {
    const row = make("tr", {});
    for (let at = start; at < start + columns; at += 1) {
      const cell = make("td", {}, texts[at]);
      if (whole) {
        const level = levels[at];
        cell.style.background = levelColour(level === null ? null : level * 0.42);
      }
      row.append(cell);
    }
    table.append(row);
  }
  return make("div", { class: "scrolls grid", tabindex: 0, role: "group",
    "aria-label": `Numbers, ${shapeText(quantity.shape)}` }, table);
}

function levelsOf(grid) {
  return Array.from(atob(grid.levels), (byte) => {
    const level = byte.charCodeAt(0);
    return level === 0 ? null : (level - 128) / 127;
  });
}

function heatMap(quantity, name) {
  const grid = quantity.grid;
  const scale = Math.max(6, Math.min(18, Math.floor(312 / grid.columns)));
  const width = grid.columns * scale;
  const height = grid.rows * scale;
  const picture = makeSvg("svg", { class: "heat", viewBox: `0 0 ${width} ${height}`,
    width, height, role: "img", "shape-rendering": "crispEdges",
    "aria-label": `Heat map of ${name}: from ${quantity.low} to ${quantity.high}` });
  levelsOf(grid).forEach((level, at) => {
    const cell = makeSvg("rect", { x: (at % grid.columns) * scale,
      y: Math.floor(at / grid.columns) * scale, width: scale, height: scale });
    cell.style.fill = levelColour(level);
    picture.append(cell);
  });
  const shown = make("p", { class: "shown" });
  const [rows, columns] = grid.of;
  const part = grid.rows < rows || grid.columns < columns;
  const which = grid.slice ? `slice ${grid.slice}, ` : "";
  shown.textContent = part
    ? `${which}${grid.rows} × ${grid.columns} of ${rows} × ${columns} numbers, evenly picked`
    : `${which}${rows} × ${columns} numbers`;
  const scaleLine = make("p", { class: "colour-scale", "aria-hidden": "true" },
    make("span", {}, grid.scale === "0" ? "" : "−" + grid.scale), make("i", {}),
    make("span", {}, grid.scale === "0" ? "all 0" : "+" + grid.scale));
  return make("div", {}, picture, scaleLine, shown);
}

/** A quantity as a short text whose look tells a number from the lack of one. */
function stateText(quantity) {
  if (!quantity) return make("span", { class: "pending" }, "not yet");
  const style = { known: "known", released: "released", "not computed": "absent",
    "not kept": "absent", "in .grad": "absent", "changed since": "absent",
    several: "absent" }[quantity.state];
  return make("span", { class: `quantity ${style}` }, quantity.text);
}
