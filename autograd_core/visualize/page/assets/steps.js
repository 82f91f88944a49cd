"use strict";
// Below the step: a list of all steps to jump to, and the equations of a network's layers.

class StepList {
  /** `jump(step)` shows a step. The list is built when it is opened first: it can be long. */
  constructor(model, jump) {
    this.model = model;
    this.jump = jump;
    this.details = document.getElementById("all-steps");
    this.list = document.getElementById("step-list");
    this.buttons = [];
    this.at = 0;
    this.details.addEventListener("toggle", () => this.details.open && this.open());
  }

  open() {
    if (this.buttons.length === 0) this.build();
    this.mark();
  }

  build() {
    this.model.steps.forEach((step, at) => {
      const button = make("button", { type: "button", class: "jump" },
        make("span", { class: `dot ${step.kind}`, "aria-hidden": "true" }),
        make("span", {}, this.words(step)));
      button.addEventListener("click", () => this.jump(at));
      this.buttons.push(button);
      this.list.append(make("li", {}, button));
    });
  }

  words(step) {
    const { model } = this;
    if (step.kind === "start") return "Start: the leaves";
    if (step.kind === "end") return "Done";
    const label = model.label(step.id);
    if (step.kind === "forward") return `${label} = ${model.vertices.get(step.id).text}`;
    if (step.kind === "seed") return `Backward begins at ${label}`;
    return `${label} passes back to ${model.label(step.pass.target)}`;
  }

  show(at) {
    this.at = at;
    if (this.details.open) this.mark();
  }

  mark() {
    const before = this.list.querySelector("[aria-current]");
    if (before) before.removeAttribute("aria-current");
    const button = this.buttons[this.at];
    if (!button) return;
    button.setAttribute("aria-current", "step");
    // Only the list itself scrolls, never the page.
    const [top, height] = [button.offsetTop - this.list.offsetTop, this.list.clientHeight];
    if (top < this.list.scrollTop || top + button.offsetHeight > this.list.scrollTop + height) {
      this.list.scrollTop = top - height / 2;
    }
  }
}

/** The four fundamental equations, where layers were found; written when first opened. */
function showEquations(equations) {
  const details = document.getElementById("equations");
  details.hidden = equations.length === 0;
  details.addEventListener("toggle", () => {
    const list = document.getElementById("equation-list");
    if (!details.open || list.childElementCount > 0) return;
    for (const markup of equations) {
      const line = mathLine(formulaMath({ markup, symbols: [] }, () => ""));
      list.append(make("li", { class: "scrolls math" }, line));
    }
  });
}
