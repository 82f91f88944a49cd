"use strict";
// The words and formulas beside the picture: this step, and the node that was chosen.

class Panel {
  constructor(model, jump) {
    this.model = model;
    this.jump = jump;
    this.eyebrow = document.getElementById("eyebrow");
    this.sentence = document.getElementById("sentence");
    this.work = document.getElementById("work");
    this.node = document.getElementById("node");
    this.nodeTitle = document.getElementById("node-title");
    this.nodeClose = document.getElementById("node-close");
  }

  // --- this step --------------------------------------------------------------------------------

  show(at, silent) {
    const step = this.model.steps[at];
    const phase = { start: "Start", forward: "Forward pass", seed: "Backward pass begins",
      pass: "Backward pass", end: "Done" }[step.kind];
    this.eyebrow.textContent = phase;
    this.eyebrow.dataset.phase = step.kind;
    const words = this.words(step);
    if (!silent && this.sentence.textContent !== words) this.sentence.textContent = words;
    this.work.replaceChildren(...this.rows(step));
  }

  words(step) {
    const { model } = this;
    const label = step.id && model.label(step.id);
    if (step.kind === "start") {
      const changed = model.data.vertices.some(({ value }) => value.state === "changed since");
      return `The leaves hold their values${changed ? " (of some, those that they have now)" : ""}. ` +
        "Nothing is computed from them yet.";
    }
    if (step.kind === "forward") {
      const { text } = model.vertices.get(step.id);
      return `${label} = ${text} is computed: ${this.said(model.value(step.id))}.`;
    }
    if (step.kind === "seed") {
      const gradient = model.gradient(step.id);
      const { hooked } = model.reverse.find((reverse) => reverse.id === step.id) || {};
      return `The gradient of ${label} with respect to itself is ${this.said(hooked || gradient)}. ` +
        (hooked ? `${this.hookWords(step.id)} ` : "") +
        "From here the chain rule goes back along every edge.";
    }
    if (step.kind === "end") return this.ending();
    const { pass } = step;
    const target = model.label(pass.target);
    const sentences = step.first ? [step.reverse.reason.trim().replace(/[^.!?]$/, "$&.")] : [];
    sentences.push(`${label} passes ${this.said(model.amount(pass))} to ${target}.`);
    if (pass.output !== undefined) {
      sentences.push(`It is the gradient of output ${pass.output}: those of different outputs of ` +
        `${target} are collected, not added.`);
    }
    const hook = pass.arrival === pass.arrivals && this.hookWords(pass.target);
    if (pass.arrivals > 1) {
      const sum = hook ? "they are added" : "their sum is its gradient";
      sentences.push(pass.arrival < pass.arrivals
        ? `That is ${pass.arrival} of ${pass.arrivals} paths into ${target}: the rest is still to come.`
        : `All ${pass.arrivals} paths into ${target} have arrived: ${sum}.`);
    }
    if (hook) sentences.push(hook);
    return sentences.join(" ");
  }

  /** What a hook made of the gradient that had arrived at a node; empty where none did. */
  hookWords(id) {
    const reverse = this.model.reverse.find((other) => other.id === id);
    if (!reverse || !reverse.hooked) return "";
    const [before, after] = [reverse.hooked, reverse.incoming].map((found) => this.said(found));
    return `A hook then changes the gradient of ${this.model.label(id)} from ${before} to ${after}.`;
  }

  said(quantity) {
    if (!quantity) return "not computed";
    if (quantity.state === "several") return "several outputs";
    return quantity.shape && quantity.norm !== undefined && !quantity.text.startsWith("[")
      ? `an array ${shapeText(quantity.shape)}, ${quantity.text}` : quantity.text;
  }

  ending() {
    if (this.model.reverse.length === 0) {
      return "All values are computed. There is no backward pass: the result is not a single " +
        "number, or what the pass needs was released.";
    }
    if (this.model.data.notice) return `The backward pass is done. ${this.model.data.notice}`;
    return "Every gradient is complete: how much the result changes when each leaf does.";
  }

  rows(step) {
    const { model } = this;
    if (step.kind === "start") return [this.table("Leaf", "Value", (id) => model.value(id))];
    if (step.kind === "end") return [this.table("Leaf", "Gradient", (id) => model.gradient(id))];
    if (step.kind === "forward") return this.forwardRows(step.id);
    if (step.kind === "seed") {
      return [this.row("Seed", this.bar(step.id), "=", this.number(model.gradient(step.id), true))];
    }
    return this.passRows(step.pass, step.reverse);
  }

  forwardRows(id) {
    const vertex = this.model.vertices.get(id);
    const value = this.model.value(id);
    const rows = [this.formulaRow("Value", [this.name(id)], vertex.formula, value, false)];
    if (value.shape) rows.push(arrayFigure(value, vertex.label));
    rows.push(this.source(vertex));
    return rows;
  }

  passRows(pass, reverse) {
    const { model } = this;
    const [from, target] = [reverse.id, pass.target];
    const amount = model.amount(pass);
    const rows = [this.row(`Arrived at ${model.label(from)}`, this.bar(from), "=",
      this.number(model.incoming(reverse), true))];
    if (pass.localFormula) {
      const twice = reverse.contributions.filter((other) => other.target === target).length > 1;
      const caption = "Local derivative" + (twice ? `, operand ${pass.position + 1}` : "");
      rows.push(this.formulaRow(caption, [this.derivative(from, target)], pass.localFormula,
        model.local(pass)));
    }
    rows.push(this.chainRow(pass, reverse) || this.formulaRow(`Passed to ${model.label(target)}`,
      this.passedTo(pass), pass.ruleFormula, amount, true));
    const total = model.total(pass);
    if (pass.arrivals > 1) rows.push(this.sumRow(pass, amount, total));
    if (pass.settled && !model.changed) {
      rows.push(make("p", { class: "note" }, "An infinite local derivative met a gradient of " +
        "exactly 0: nothing flows there, so 0 · inf counts as 0."));
    }
    if (pass.arrival === pass.arrivals && this.hookWords(target)) {
      rows.push(make("p", { class: "note" }, this.hookWords(target)));
    }
    if (reverse.branched) {
      rows.push(make("p", { class: "note" },
        "The rule looked at a number to choose its formula: the symbols hold for these numbers."));
    }
    if (amount.shape) {
      rows.push(arrayFigure(model.incoming(reverse), `gradient of ${model.label(from)}`));
      rows.push(arrayFigure(amount, `passed to ${model.label(target)}`));
      if (pass.arrival > 1) rows.push(arrayFigure(total, `sum at ${model.label(target)}`));
    }
    if (model.vertices.get(from)) rows.push(this.source(model.vertices.get(from)));
    return rows;
  }

  /** The left side of what is passed on: added, or put in its place among several outputs. */
  passedTo(pass) {
    if (pass.output === undefined) return [this.bar(pass.target), "+="];
    const sign = pass.arrivals > 1 ? "+=" : "=";
    return [this.bar(pass.target), "[", plainNumber(String(pass.output)), "]", sign];
  }

  derivative(from, target) {
    const side = (id) => makeMath("mrow", {}, makeMath("mo", {}, "∂"), this.name(id));
    return makeMath("mfrac", {}, side(from), side(target));
  }

  /** The chain rule, of single real numbers: the gradient that arrived times the local one. */
  chainRow(pass, reverse) {
    const { model } = this;
    const [incoming, local, amount] = [model.incoming(reverse), model.local(pass), model.amount(pass)];
    if (!pass.localFormula || ![incoming, local, amount].every((quantity) => quantity &&
      ["number", "string"].includes(typeof numberOf(quantity)))) return null;
    const times = () => makeMath("mo", {}, "·");
    const row = make("div", { class: "row" }, make("h3", {}, `Passed to ${model.label(pass.target)}`));
    row.append(make("div", { class: "scrolls math" },
      mathLine(this.bar(pass.target), "+=", this.bar(reverse.id), times(),
        this.derivative(reverse.id, pass.target)),
      mathLine("=", numberMath(incoming.number, true), times(), numberMath(local.number, false), "=",
        this.number(amount, true, true))));
    return row;
  }

  sumRow(pass, amount, total) {
    const before = this.model.before(pass);
    const caption = `Sum at ${this.model.label(pass.target)}, ${pass.arrival} of ${pass.arrivals}`;
    if (typeof numberOf(amount) !== "number") {
      return this.row(caption, this.bar(pass.target), "=", this.number(total, true));
    }
    const first = before ? this.number(before, true) : plainNumber("0");
    return this.row(caption, this.bar(pass.target), "=", first, "+",
      numberMath(amount.number, true), "=", this.number(total, true, true));
  }

  // --- pieces -----------------------------------------------------------------------------------

  name(id) {
    return symbolMath(this.model.label(id), false);
  }

  bar(id) {
    return symbolMath(this.model.label(id), true);
  }

  number(quantity, gradient, strong) {
    const row = makeMath("mrow", { class: (gradient ? "of-gradient" : "of-value") +
      (strong ? " strong" : "") });
    if (quantity && quantity.state === "known") row.append(plainNumber(quantity.text));
    else row.append(makeMath("mtext", { class: "absent" }, quantity ? quantity.text : "not yet"));
    return row;
  }

  row(caption, ...parts) {
    return make("div", { class: "row" }, make("h3", {}, caption),
      make("div", { class: "scrolls math" }, mathLine(...parts)));
  }

  /** A formula in symbols; under it with the numbers in place, where they are single numbers. */
  formulaRow(caption, left, formula, result, gradient) {
    const row = make("div", { class: "row" }, make("h3", {}, caption));
    const symbols = (id, bar) => symbolMath(this.model.label(id), bar);
    const lines = [[...left, ...(left.length > 1 ? [] : ["="]), formulaMath(formula, symbols)]];
    const known = formula.symbols.length > 0 && formula.symbols.every(([id, bar]) =>
      numberOf(bar ? this.model.gradient(id) : this.model.value(id)) !== undefined);
    if (known && !isOneSymbol(formula)) {
      const numbers = (id, bar) =>
        numberMath(numberOf(bar ? this.model.gradient(id) : this.model.value(id)), bar);
      lines.push(["=", formulaMath(formula, numbers)]);
    }
    const said = formula.symbols.length === 0 && result && result.number !== undefined;
    if (!said && !(result && result.state === "several")) {
      lines[lines.length - 1].push("=", this.number(result, gradient, true));
    }
    row.append(make("div", { class: "scrolls math" }, ...lines.map((line) => mathLine(...line))));
    return row;
  }

  source(vertex) {
    if (!vertex.location && !vertex.source) return null;
    const block = make("div", { class: "source" });
    if (vertex.source) block.append(make("pre", {}, make("code", {}, vertex.source)));
    if (vertex.location) block.append(make("p", {}, vertex.location));
    return block;
  }

  table(first, second, quantityOf) {
    const body = make("tbody", {});
    const leaves = this.model.data.vertices.filter((vertex) => vertex.kind === "leaf");
    for (const vertex of leaves.slice(0, 60)) {
      body.append(make("tr", {}, make("th", { scope: "row" }, vertex.label),
        make("td", {}, stateText(quantityOf(vertex.id)))));
    }
    if (leaves.length > 60) {
      body.append(make("tr", {}, make("td", { colspan: 2 }, `and ${leaves.length - 60} more`)));
    }
    return make("table", { class: "leaves" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, first),
        make("th", { scope: "col" }, second))), body);
  }

  // --- the chosen node --------------------------------------------------------------------------

  inspect(id, at) {
    const { model } = this;
    const vertex = model.vertices.get(id);
    this.nodeClose.hidden = !vertex;
    if (!vertex) {
      this.nodeTitle.textContent = "Any node";
      this.node.replaceChildren(make("p", { class: "hint" },
        "Choose a node in the picture: its rule, its numbers and every contribution to its " +
        "gradient are shown here."));
      return;
    }
    this.nodeTitle.textContent = `Node ${vertex.label}`;
    const value = model.value(id);
    const gradient = model.gradientWhen(id, at);
    const parts = [];
    const facts = make("dl", { class: "facts" });
    const kind = { leaf: "leaf", operation: "operation", result: "result" }[vertex.kind] || vertex.kind;
    const shape = vertex.shape ? `${shapeText(vertex.shape)}, ${vertex.dtype}` : "several outputs";
    for (const [term, shown] of [["kind", kind], ["holds", shape], ["value", stateText(value)],
      ["gradient", stateText(gradient && gradient.quantity)]]) {
      facts.append(make("div", {}, make("dt", {}, term), make("dd", {}, shown)));
    }
    parts.push(facts);
    if (vertex.formula) {
      parts.push(this.formulaRow("Rule", [this.name(id)], vertex.formula, value, false));
    }
    if (value.shape) parts.push(arrayFigure(value, `value of ${vertex.label}`));
    if (gradient && gradient.quantity && gradient.quantity.shape) {
      parts.push(arrayFigure(gradient.quantity, `gradient of ${vertex.label}`));
    }
    parts.push(this.list("Receives", model.received.get(id), at,
      (pass) => `from ${model.label(pass.from)}`));
    const sent = [...model.passes.values()].filter((pass) => pass.from === id);
    parts.push(this.list("Passes on", sent, at, (pass) => `to ${model.label(pass.target)}`));
    parts.push(this.source(vertex));
    this.node.replaceChildren(...parts.filter((part) => part !== null));
  }

  list(caption, passes, at, words) {
    if (passes.length === 0) return null;
    const items = passes.slice(0, 40).map((pass) => {
      const there = this.model.passAt.get(pass.edge) <= at;
      const button = make("button", { type: "button", class: "jump" },
        make("span", {}, words(pass)),
        there ? stateText(this.model.amount(pass)) : stateText(null));
      button.addEventListener("click", () => this.jump(this.model.passAt.get(pass.edge)));
      return make("li", {}, button);
    });
    if (passes.length > 40) items.push(make("li", {}, `and ${passes.length - 40} more`));
    return make("div", { class: "row" }, make("h3", {}, caption), make("ul", {}, ...items));
  }
}
