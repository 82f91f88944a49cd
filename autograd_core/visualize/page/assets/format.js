"use strict";
// Small tools that the other scripts share: numbers as text, and elements built without markup.

const SVG = "http://www.w3.org/2000/svg";
const MATHML = "http://www.w3.org/1998/Math/MathML";

/** Write a number with five significant digits, as the Python side does. */
function formatNumber(value) {
  if (value !== null && typeof value === "object") {
    const imaginary = formatNumber(value.im);
    return formatNumber(value.re) + (imaginary.startsWith("-") ? "" : "+") + imaginary + "j";
  }
  value = Number(value);
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return "0";
  const [mantissa, exponent] = value.toExponential(4).split("e");
  if (Number(exponent) < -4 || Number(exponent) >= 5) {
    return String(Number(mantissa)) + "e" + Number(exponent);
  }
  return String(Number(value.toPrecision(5)));
}

/** A quantity of a single real number, as the data hold one. */
function scalarQuantity(value) {
  return { state: "known", text: formatNumber(value), number: value };
}

/** Its number where a quantity is known to be a single one, else undefined. */
function numberOf(quantity) {
  return quantity && quantity.state === "known" ? quantity.number : undefined;
}

/** An HTML element; whatever comes as text stays text. */
function make(name, attributes, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same in SVG. */
function makeSvg(name, attributes, ...children) {
  return fill(document.createElementNS(SVG, name), attributes, children);
}

function fill(made, attributes, children) {
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === true) made.setAttribute(key, "");
    else if (value !== undefined && value !== null && value !== false) {
      made.setAttribute(key, String(value));
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A shape as Python writes it. */
function shapeText(shape) {
  if (!shape || shape.length === 0) return "one number";
  return `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
}

/** Whether it is made of complex numbers, which have no sign. */
function isComplex(quantity) {
  return quantity.text.endsWith("j") || /^complex/.test(quantity.dtype);
}

/** 1 or -1 where no element has the other sign; 0 of everything else, as in pictures. */
function signOf(quantity) {
  if (!quantity || quantity.state !== "known") return 0;
  if (isComplex(quantity)) return 0;
  if (!quantity.shape) return Math.sign(parseFloat(quantity.text)) || 0;
  const [low, high] = quantity.undefined ? [0, 0] : [+quantity.low, +quantity.high];
  return low >= 0 && high > 0 ? 1 : high <= 0 && low < 0 ? -1 : 0;
}

/** What stands on an edge: a number with its sign, an array by its norm. */
function withSign(quantity) {
  if (quantity.shape) return quantity.norm === undefined ? quantity.text : `‖ ${quantity.norm} ‖`;
  const number = quantity.number;
  return typeof number === "number" && number > 0 ? `+${quantity.text}` : quantity.text;
}
