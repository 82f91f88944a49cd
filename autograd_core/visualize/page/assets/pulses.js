"use strict";
// Dots that run along the edges of the current step; none for readers who want no motion.

class Pulses {
  /** `edges` and `uses` are those of the picture, `layer` the group that holds the dots. */
  constructor(layer, edges, uses, calm) {
    this.layer = layer;
    this.edges = edges;
    this.uses = uses;
    this.calm = calm;
  }

  /** A dot runs along the edges of a step: values with the arrow, gradients against it. */
  show(step, duration) {
    if (this.calm.matches || document.hidden) return;
    if (step.kind === "pass") this.run(step.pass.edge, true, duration);
    if (step.kind === "forward") {
      for (const id of this.uses.get(step.id) || []) this.run(id, false, duration);
    }
  }

  run(id, back, duration) {
    const path = this.edges.get(id) && this.edges.get(id).base;
    if (!path) return;
    const length = path.getTotalLength();
    const dot = makeSvg("circle", { r: 6.5, class: back ? "pulse back" : "pulse" });
    this.layer.append(dot);
    const begin = performance.now();
    const move = (now) => {
      const part = Math.min(1, Math.max(0, (now - begin) / duration));
      const eased = part < 0.5 ? 2 * part * part : 1 - 2 * (1 - part) * (1 - part);
      const point = path.getPointAtLength(length * (back ? 1 - eased : eased));
      dot.setAttribute("cx", point.x);
      dot.setAttribute("cy", point.y);
      if (part < 1 && dot.isConnected) requestAnimationFrame(move);
      else dot.remove();
    };
    requestAnimationFrame(move);
  }

  clear() {
    this.layer.replaceChildren();
  }
}
