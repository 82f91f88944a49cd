"use strict";
// Formulas. The data hold MathML in which a character from U+E100 on stands for each symbol; it is
// copied element by element, and a name or a number is set in each place.

const MATH_ELEMENTS = new Set(
  ("math mrow mi mn mo mtext mspace mfrac msqrt mroot msup msub msubsup mover munder munderover " +
    "mtable mtr mtd mstyle mpadded mphantom mfenced menclose").split(" "),
);
const MATH_ATTRIBUTES = new Set(
  ("stretchy fence separator accent accentunder mathvariant form lspace rspace width linethickness " +
    "minsize maxsize columnalign").split(" "),
);
const GREEK = new Map(
  ("alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν " +
    "xi ξ pi π rho ρ sigma σ tau τ phi φ chi χ psi ψ omega ω")
    .split(" ")
    .reduce((pairs, word, at, all) => (at % 2 ? [...pairs, [all[at - 1], word]] : pairs), []),
);

function makeMath(name, attributes, ...children) {
  return fill(document.createElementNS(MATHML, name), attributes, children);
}

/** A name as mathematics writes it: v12 has an index, sigma is a letter of its own. */
function nameMath(label) {
  const parts = /^([^\d_]+)_?(\d+)$/u.exec(label);
  if (parts) return makeMath("msub", {}, nameMath(parts[1]), makeMath("mn", {}, parts[2]));
  const letter = GREEK.get(label) || label;
  return makeMath(label.startsWith("array(") ? "mtext" : "mi", {}, letter);
}

/** The gradient of the result with respect to a quantity: its name with a bar. */
function barMath(label) {
  const name = nameMath(label);
  const indexed = name.localName === "msub";
  if (!indexed && name.textContent.length > 1) { // not every font has a bar that stretches
    name.setAttribute("class", "barred");
    return name;
  }
  const letter = indexed ? name.firstElementChild : name;
  const over = makeMath("mover", { accent: "true" });
  if (indexed) name.prepend(over);
  // Fonts without mathematics set the bar at the height of x: give it room above the letter.
  const room = /^[\p{Lu}bdfhklt\d]/u.test(label) ? "0.86em" : "0.62em";
  over.append(makeMath("mpadded", { height: room }, letter), makeMath("mo", { stretchy: false }, "\u00af"));
  return indexed ? name : over;
}

function symbolMath(label, gradient) {
  return makeMath("mrow", { class: gradient ? "of-gradient" : "of-value" },
    gradient ? barMath(label) : nameMath(label));
}

/** A number inside a formula; negative ones in parentheses, so that it still reads right. */
function numberMath(value, gradient) {
  const text = typeof value === "string" && !/^-?(Infinity|NaN)$/.test(value)
    ? value : formatNumber(value);
  const bare = /^-/.test(text) || /[+j]/.test(text.slice(1).replace(/e[+-]/, ""));
  const number = plainNumber(text);
  const row = makeMath("mrow", { class: gradient ? "of-gradient" : "of-value" });
  row.append(...(bare ? [makeMath("mo", {}, "("), number, makeMath("mo", {}, ")")] : [number]));
  return row;
}

/** A number as a result: 1.5e-7 becomes 1.5 · 10⁻⁷. */
function plainNumber(text) {
  const parts = /^(-?)([\d.]+)(?:e(-?)(\d+))?$/.exec(text);
  if (!parts) return makeMath("mn", {}, text.replace(/-/g, "−"));
  const row = makeMath("mrow", {});
  if (parts[1]) row.append(makeMath("mo", { form: "prefix" }, "−"));
  row.append(makeMath("mn", {}, parts[2]));
  if (parts[4]) {
    row.append(makeMath("mo", {}, "·"), makeMath("msup", {}, makeMath("mn", {}, "10"),
      makeMath("mn", {}, (parts[3] ? "−" : "") + parts[4])));
  }
  return row;
}

const parsedFormulas = new Map();

/**
 * Build a formula of the data; `place(identity, gradient)` gives the element for each symbol.
 * Only what mathematics is made of is copied, and text only as text.
 */
function formulaMath(formula, place) {
  let source = parsedFormulas.get(formula.markup);
  if (!source) {
    const markup = window.stepThroughMarkup[formula.markup];
    source = new DOMParser().parseFromString(markup, "application/xml").documentElement;
    parsedFormulas.set(formula.markup, source);
  }
  const row = makeMath("mrow", {});
  for (const child of source.childNodes) copyMath(child, row, formula.symbols, place);
  return row;
}

function copyMath(node, into, symbols, place) {
  if (node.nodeType === Node.TEXT_NODE) {
    into.append(node.data);
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE || !MATH_ELEMENTS.has(node.localName)) return;
  const at = placeOf(node.textContent);
  if (node.childElementCount === 0 && at >= 0 && at < symbols.length) {
    into.append(place(symbols[at][0], Boolean(symbols[at][1])));
    return;
  }
  const copy = makeMath(node.localName === "math" ? "mrow" : node.localName, {});
  for (const { name, value } of node.attributes) {
    if (MATH_ATTRIBUTES.has(name)) copy.setAttribute(name, value);
  }
  for (const child of node.childNodes) copyMath(child, copy, symbols, place);
  into.append(copy);
}

function placeOf(text) {
  const trimmed = text.trim();
  return trimmed.length === 1 ? trimmed.charCodeAt(0) - 0xe100 : -1;
}

/** Whether a formula is one symbol and nothing else. */
function isOneSymbol(formula) {
  return formula.symbols.length === 1 &&
    placeOf(formulaMath(formula, () => "\ue100").textContent) === 0;
}

/**
 * A whole line of mathematics: parts are elements, or text that stands for an operator. Where it is
 * too long it goes on in a next line, from "=" or "+=".
 */
function mathLine(...parts) {
  const line = make("div", { class: "line" });
  for (const part of parts) {
    const text = typeof part === "string";
    if (line.childElementCount === 0 || (text && part.endsWith("="))) {
      line.append(" ", makeMath("math", { displaystyle: "true" }));
    }
    const math = line.lastElementChild;
    const lspace = math.childElementCount === 0 ? "0" : "0.28em";
    math.append(text ? makeMath("mo", { lspace, rspace: "0.28em" }, part) : part);
  }
  return line;
}
