"use strict";
// "What if": a leaf's value is dragged, and values, gradients and formulas follow at once.

const PIXELS_A_STEP = 4; // of a drag in the picture
const STEPS_A_SIDE = 100; // of a slider, from the recorded value to either end
const MOST_DIALS = 40;

class WhatIf {
  constructor(page) {
    this.page = page;
    this.data = page.data;
    this.slot = page.slot;
    const { offered, why } = this.data.whatIf;
    if (!offered && !this.data.scalar) return; // of arrays nobody expects it
    const wrong = offered ? window.stepThroughCompute.differences(this.data) : [];
    this.slot.hidden = false;
    this.slot.append(make("h2", {}, "What if"));
    if (!offered) this.refuse(why);
    else if (wrong.length) this.refuse(this.wrongText(wrong));
    else this.offer();
  }

  refuse(why) {
    this.slot.append(make("p", { class: "hint" }, why));
  }

  labels(ids) {
    const known = new Map(this.data.vertices.map((vertex) => [vertex.id, vertex.label]));
    const more = ids.length > 5 ? ` and ${ids.length - 5} more` : "";
    return ids.slice(0, 5).map((id) => known.get(id)).join(", ") + more;
  }

  wrongText(wrong) {
    return "Values cannot be dragged here: the formulas alone do not give the recorded numbers of " +
      `${this.labels(wrong)}. A hook changed a gradient, or a value was changed in place.`;
  }

  offer() {
    this.recorded = {};
    this.leaves = {};
    this.dials = new Map();
    const leaves = this.data.vertices.filter((vertex) => vertex.kind === "leaf");
    for (const { id, value } of leaves) {
      this.recorded[id] = this.leaves[id] = window.stepThroughCompute.decode(value.number);
    }
    this.slot.append(make("p", { class: "hint" },
      "Change a leaf, here or by dragging it sideways in the picture (with the keyboard: plus and " +
      "minus): every value, gradient and formula follows."));
    for (const leaf of leaves.slice(0, MOST_DIALS)) this.slot.append(this.dial(leaf));
    if (leaves.length > MOST_DIALS) {
      const rest = leaves.length - MOST_DIALS;
      this.slot.append(make("p", { class: "hint" }, `${rest} more can be dragged in the picture.`));
    }
    this.status = make("p", { class: "what-if-status", role: "status" });
    this.warning = make("p", { class: "note", role: "alert", hidden: true });
    this.reset = make("button", { type: "button", class: "what-if-reset", disabled: true },
      "Back to the recorded values");
    this.reset.addEventListener("click", () => this.restore());
    this.slot.append(make("div", { class: "what-if-foot" }, this.status, this.reset));
    this.slot.append(this.warning);
    this.slot.append(make("p", { class: "hint" }, this.limits()));
    for (const leaf of leaves) this.makeDraggable(leaf);
  }

  limits() {
    const branched = this.data.reverse.filter((step) => step.branched).map((step) => step.id);
    const sentences = ["This holds for this graph only: where an if or a loop in the code looked at " +
      "a number, another number may have built another graph."];
    if (this.data.vertices.some(({ kind }) => kind === "constant")) {
      sentences.push("Constants stay as they were recorded, also one that the code computed from a " +
        "leaf: a condition, a rounded or a detached number.");
    }
    if (branched.length) {
      sentences.push(`The rules of ${this.labels(branched)} looked at a number to choose their ` +
        "formula; for other numbers it may be another formula.");
    }
    return sentences.join(" ");
  }

  /** Operations that chose by a condition, which is a constant of the graph. */
  chosen() {
    const conditions = this.data.vertices.filter(({ kind, dtype }) =>
      kind === "constant" && dtype === "bool").map(({ id }) => id);
    const used = this.data.edges.filter(({ from }) => conditions.includes(from));
    return [...new Set(used.map(({ to }) => to))];
  }

  // --- dials ------------------------------------------------------------------------------------

  /** About a fiftieth of the value, a round number. */
  stepOf(id) {
    const size = Math.abs(this.recorded[id]);
    if (!Number.isFinite(size) || size === 0) return 0.05;
    const wanted = Math.min(size, Number.MAX_VALUE / 1000) / 50;
    const decade = 10 ** Math.floor(Math.log10(wanted));
    if (!(decade > 0)) return Number.MIN_VALUE;
    const round = [1, 2, 5, 10].find((factor) => factor * decade >= wanted * (1 - 1e-12));
    return Number(((round ?? 10) * decade).toPrecision(1));
  }

  dial({ id, label }) {
    const step = this.stepOf(id);
    const middle = Number.isFinite(this.recorded[id]) ? this.recorded[id] : 0;
    const slider = make("input", { type: "range", min: middle - STEPS_A_SIDE * step,
      max: middle + STEPS_A_SIDE * step, step, "aria-label": `${label}, slider` });
    const field = make("input", { type: "number", step: "any", id: `what-if-${id}`,
      autocomplete: "off" });
    slider.addEventListener("input", () => this.change(id, this.round(Number(slider.value), step)));
    slider.addEventListener("change", () => this.announce());
    field.addEventListener("input", () => {
      if (field.value !== "" && Number.isFinite(field.valueAsNumber)) {
        this.change(id, field.valueAsNumber, field);
      }
    });
    field.addEventListener("change", () => {
      this.write(id);
      this.announce();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      this.nudge(id, event.key === "ArrowUp" ? 1 : -1);
    });
    this.dials.set(id, { slider, field });
    this.write(id);
    return make("div", { class: "dial" }, make("label", { for: field.id }, label), slider, field);
  }

  /** Without the noise of binary fractions. */
  round(value, step) {
    const digits = Math.ceil(Math.log10(Math.max(1, Math.abs(value) / step))) + 3;
    return Number(value.toPrecision(Math.min(15, digits)));
  }

  write(id, except) {
    const dial = this.dials.get(id);
    if (!dial) return;
    const value = this.leaves[id];
    dial.slider.value = String(value);
    dial.slider.setAttribute("aria-valuetext", formatNumber(value));
    if (dial.field === except) return;
    dial.field.value = Number.isFinite(value) ? formatNumber(value) : "";
    dial.field.placeholder = formatNumber(value);
  }

  // --- changes ----------------------------------------------------------------------------------

  change(id, value, except) {
    this.leaves[id] = value;
    this.write(id, except);
    this.show();
  }

  nudge(id, steps) {
    const step = this.stepOf(id);
    const from = Number.isFinite(this.leaves[id]) ? this.leaves[id] : 0;
    this.change(id, this.round(from + steps * step, step));
    this.announce();
  }

  restore() {
    Object.assign(this.leaves, this.recorded);
    for (const id of this.dials.keys()) this.write(id);
    this.show();
    this.announce();
  }

  changed() {
    const same = (id) => Object.is(this.leaves[id], this.recorded[id]);
    return Object.keys(this.leaves).filter((id) => !same(id));
  }

  /** The recorded numbers come back as they were recorded, not computed anew. */
  show() {
    const changed = this.changed();
    this.reset.disabled = changed.length === 0;
    this.slot.classList.toggle("is-changed", changed.length > 0);
    if (changed.length === 0) {
      this.warn([], []);
      this.page.refresh();
      return;
    }
    const numbers = window.stepThroughCompute.run(this.data, this.leaves);
    this.page.refresh(numbers.values, numbers.gradients, numbers.contributions);
    this.values = numbers.values;
    this.warn(window.stepThroughCompute.doubtful(this.data, numbers), this.chosen());
  }

  warn(doubtful, chosen) {
    this.warning.hidden = doubtful.length + chosen.length === 0;
    const sentences = [];
    if (doubtful.length) {
      sentences.push("At these numbers another formula holds for the rule of " +
        `${this.labels(doubtful)}: the gradients that come from there are not right.`);
    }
    if (chosen.length) {
      sentences.push(`${this.labels(chosen)} still ${chosen.length > 1 ? "choose" : "chooses"} as ` +
        "was recorded: at these numbers the code may choose otherwise.");
    }
    if (sentences.length) sentences.push("Compute the graph anew with these numbers.");
    const words = sentences.join(" ");
    if (this.warning.textContent !== words) this.warning.textContent = words;
  }

  /** In words, when a change has come to rest. */
  announce() {
    const changed = this.changed();
    if (changed.length === 0) {
      this.status.textContent = "These are the recorded values.";
      return;
    }
    const { id, label, value } = this.data.vertices.find((vertex) => vertex.kind === "result");
    this.status.textContent = `${label} = ${formatNumber(this.values[id])}; ` +
      `recorded: ${formatNumber(window.stepThroughCompute.decode(value.number))}.`;
  }

  // --- in the picture ---------------------------------------------------------------------------

  makeDraggable({ id }) {
    const element = this.page.vertexElement(id);
    if (!element) return;
    element.classList.add("draggable");
    let start = null;
    let moved = false;
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const from = Number.isFinite(this.leaves[id]) ? this.leaves[id] : 0;
      start = { x: event.clientX, from };
      moved = false;
    });
    element.addEventListener("pointermove", (event) => {
      if (!start) return;
      const steps = Math.round((event.clientX - start.x) / PIXELS_A_STEP);
      if (steps === 0 && !moved) return;
      if (!moved) element.setPointerCapture(event.pointerId);
      moved = true;
      const step = this.stepOf(id);
      this.change(id, this.round(start.from + steps * step, step));
    });
    const end = () => {
      if (start && moved) this.announce();
      start = null;
    };
    element.addEventListener("pointerup", end);
    element.addEventListener("pointercancel", end);
    // A drag is no click.
    element.addEventListener("click", (event) => {
      if (moved) event.stopPropagation();
      moved = false;
    }, true);
    element.addEventListener("keydown", (event) => {
      if (event.key === "+" || event.key === "=") this.nudge(id, 1);
      else if (event.key === "-") this.nudge(id, -1);
    });
  }
}

window.stepThrough.whatIf = new WhatIf(window.stepThrough);
