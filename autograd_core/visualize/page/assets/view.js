"use strict";
// The graph as a picture. Draws it once; then only changes what a step changes.

const SMALLEST_SCALE = 0.62;
const LARGEST_SCALE = 1.75;

class GraphPicture {
  /** `choose(id)` is called when a vertex is clicked, or Enter or space pressed on it. */
  constructor(model, stage, choose) {
    this.model = model;
    this.stage = stage;
    this.choose = choose;
    this.scale = 1;
    this.fitting = true; // until the reader zooms
    this.turned = false; // until the reader turns it
    this.calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    this.vertices = new Map();
    this.edges = new Map();
    this.uses = new Map(); // edges that lead into a vertex
    this.touching = new Map(model.data.vertices.map(({ id }) => [id, []])); // and out of it too
    this.strongest = 0;
    this.build();
    this.measureStrength();
    this.explainMixed(document.getElementById("both-signs"));
    this.place(this.larger());
    this.listen();
  }

  // --- building ---------------------------------------------------------------------------------

  build() {
    this.svg = makeSvg("svg", { class: "graph", role: "group",
      "aria-label": "The graph. Up and down arrows move between its nodes, Enter opens one." });
    const markers = makeSvg("defs", {});
    for (const name of ["forward", "positive", "negative", "mixed", "broken"]) {
      const shape = makeSvg("path", { d: "M0,0.6 L9,4.5 L0,8.4 z", class: `head ${name}` });
      markers.append(makeSvg("marker", { id: `head-${name}`, markerWidth: 9, markerHeight: 9,
        refX: name === "forward" ? 1 : 8, refY: 4.5, orient: "auto-start-reverse",
        markerUnits: "userSpaceOnUse" }, shape));
    }
    const edges = makeSvg("g", { class: "edges", "aria-hidden": "true" });
    const vertices = makeSvg("g", { class: "vertices" });
    this.labels = makeSvg("g", { class: "edge-labels", "aria-hidden": "true" });
    const dots = makeSvg("g", { class: "pulses", "aria-hidden": "true" });
    this.pulses = new Pulses(dots, this.edges, this.uses, this.calm);
    for (const edge of this.model.data.edges) edges.append(this.buildEdge(edge));
    for (const vertex of this.model.data.vertices) vertices.append(this.buildVertex(vertex));
    this.svg.append(markers, edges, vertices, this.labels, dots);
    this.order = this.model.data.vertices.filter((vertex) => this.opens(vertex));
    this.stage.append(this.svg);
  }

  buildEdge(edge) {
    const base = makeSvg("path", { class: "edge", "marker-end": "url(#head-forward)" });
    const group = makeSvg("g", { id: edge.id, class: "tie" }, base);
    if (this.model.vertices.get(edge.from).kind === "constant") group.classList.add("faint");
    for (const end of [edge.from, edge.to]) this.touching.get(end).push(edge.id);
    this.edges.set(edge.id, { edge, group, base, flow: null, label: null });
    if (!this.uses.has(edge.to)) this.uses.set(edge.to, []);
    this.uses.get(edge.to).push(edge.id);
    return group;
  }

  opens(vertex) {
    return !["constant", "reference", "folded"].includes(vertex.kind);
  }

  buildVertex(vertex) {
    const [width, height] = vertex.size;
    const [left, top] = [-width / 2, -height / 2];
    const round = vertex.kind === "leaf" ? 20 : vertex.kind === "result" ? 10 : 6;
    const group = makeSvg("g", { id: `n${vertex.id}`, class: `vertex ${vertex.kind}` });
    group.dataset.id = vertex.kind === "reference" ? vertex.of : vertex.id;
    const parts = { vertex, group };
    this.vertices.set(vertex.id, parts);
    const box = { x: left, y: top, width, height, rx: round, class: "box" };
    group.append(makeSvg("rect", box));
    if (vertex.kind === "constant" || vertex.kind === "reference" || vertex.kind === "folded") {
      group.append(makeSvg("text", { class: "chip", y: 4.5 }, vertex.label));
      return group;
    }
    if (vertex.kind === "result") {
      group.append(makeSvg("rect", { class: "inner", x: left + 4, y: top + 4, width: width - 8,
        height: height - 8, rx: 7 }));
    }
    const title = makeSvg("text", { class: "title", x: left + 13, y: top + 23 });
    const name = vertex.title.slice(0, vertex.label.length);
    title.append(makeSvg("tspan", { class: vertex.named ? "name" : "name given" }, name),
      vertex.title.slice(name.length));
    this.squeeze(title, vertex.titleWidth, width - 24, 13);
    group.append(title);
    for (const [row, what, word] of [[0, "value", "value"], [1, "gradient", "grad"]]) {
      const y = top + 45 + row * 20;
      parts[`${what}Word`] = makeSvg("text", { class: "word", x: left + 13, y }, word);
      parts[what] = makeSvg("text", { class: `number ${what}`, x: -left - 13, y });
      group.append(parts[`${what}Word`], parts[what]);
    }
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", "-1");
    return group;
  }

  squeeze(text, wanted, room, size) {
    const smaller = Math.max(0.6, Math.min(1, room / wanted));
    text.style.fontSize = smaller < 1 ? `${(size * smaller).toFixed(1)}px` : "";
  }

  /** The legend has a line for the third colour where the picture has it. */
  explainMixed(line) {
    const mixed = [...this.model.passes.values()].filter((pass) => this.model.look(pass) === "mixed");
    const complex = mixed.filter(({ amount }) => isComplex(amount)).length;
    line.hidden = mixed.length === 0;
    if (complex) line.lastElementChild.textContent = complex < mixed.length ? "both signs, or complex" : "complex";
  }

  // --- placing ----------------------------------------------------------------------------------

  place(direction) {
    this.direction = direction;
    this.layout = this.model.data.layouts[direction];
    const boxes = this.model.data.vertices.map(({ id, size: [width, height] }) => {
      const [x, y] = this.layout.vertices[id];
      return { left: x - width / 2, right: x + width / 2, top: y - height / 2,
        bottom: y + height / 2 };
    });
    this.places = new EdgeLabels(boxes, this.layout.edges);
    for (const [id, { group }] of this.vertices) {
      const [x, y] = this.layout.vertices[id];
      group.setAttribute("transform", `translate(${x} ${y})`);
    }
    for (const [id, parts] of this.edges) {
      const points = this.layout.edges[id];
      let path = `M${points[0]},${points[1]}`;
      for (let at = 2; at < points.length; at += 6) path += ` C${points.slice(at, at + 6)}`;
      parts.base.setAttribute("d", path);
      if (parts.flow) parts.flow.setAttribute("d", path);
      if (parts.label) this.placeLabel(parts, id);
    }
    this.svg.setAttribute("viewBox", `0 0 ${this.layout.width} ${this.layout.height}`);
    this.fit();
  }

  /** The direction in which the whole picture fits at the larger scale; in doubt the present. */
  larger() {
    const { clientWidth: wide, clientHeight: high } = this.stage;
    const scales = Object.entries(this.model.data.layouts).map(([direction, { width, height }]) =>
      [Math.min(wide / width, high / height, LARGEST_SCALE), direction]);
    scales.sort((one, other) => (other[1] === this.direction) - (one[1] === this.direction));
    return scales.reduce((best, other) => (other[0] > best[0] * 1.05 ? other : best))[1];
  }

  /** Lay it out in the other direction, and leave it so. */
  turn() {
    this.turned = true;
    this.place(this.direction === "LR" ? "TB" : "LR");
  }

  /** The window has another size, or, in a frame, only now the one that it will have. */
  resized() {
    if (!this.fitting || !this.stage.clientWidth) return;
    const direction = this.turned ? this.direction : this.larger();
    if (direction === this.direction) this.fit();
    else this.place(direction);
  }

  placeLabel(parts, id) {
    const ends = [parts.edge.from, parts.edge.to];
    const near = ends.flatMap((end) => this.touching.get(end)).filter((other) => other !== id);
    const [x, y] = this.places.centre(id, near, parts.label.textContent);
    parts.label.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  }

  /** As large as the window allows while the words stay legible. */
  fit() {
    const wide = (this.stage.clientWidth - 2) / this.layout.width;
    const high = (this.stage.clientHeight - 2) / this.layout.height;
    this.zoom(Math.min(LARGEST_SCALE, Math.max(SMALLEST_SCALE, Math.min(wide, high))));
    this.fitting = true;
  }

  zoom(scale) {
    this.fitting = false;
    this.scale = Math.min(3, Math.max(0.1, scale));
    this.svg.setAttribute("width", Math.round(this.layout.width * this.scale));
    this.svg.setAttribute("height", Math.round(this.layout.height * this.scale));
  }

  /** Scroll so that a vertex is seen. */
  reveal(id, soon) {
    const place = this.layout.vertices[id];
    if (!place) return;
    const [x, y] = place.map((number) => number * this.scale);
    const { clientWidth: width, clientHeight: height } = this.stage;
    const [dx, dy] = [this.svg.getBoundingClientRect().left, this.svg.getBoundingClientRect().top];
    const box = this.stage.getBoundingClientRect();
    const [left, top] = [x + dx - box.left, y + dy - box.top];
    const [roomX, roomY] = [Math.min(130, width / 3), Math.min(80, height / 3)];
    if (left > roomX && left < width - roomX && top > roomY && top < height - roomY) return;
    this.stage.scrollBy({ left: left - width / 2, top: top - height / 2,
      behavior: soon || this.calm.matches ? "auto" : "smooth" });
  }

  // --- numbers ----------------------------------------------------------------------------------

  measureStrength() {
    this.strongest = 0;
    for (const pass of this.model.passes.values()) {
      const strength = this.model.strength(pass);
      if (strength && strength !== "broken") this.strongest = Math.max(this.strongest, strength[0]);
    }
    const broken = (pass) => this.model.look(pass) === "broken";
    document.getElementById("broken").hidden = ![...this.model.passes.values()].some(broken);
  }

  drawVertex(id, step) {
    const parts = this.vertices.get(id);
    if (!parts || !parts.value) return;
    const value = this.model.valueWhen(id, step);
    const gradient = this.model.gradientWhen(id, step);
    this.write(parts.value, value);
    this.write(parts.gradient, gradient && gradient.quantity);
    parts.gradient.dataset.sign = signOf(gradient && gradient.quantity);
    const some = gradient && gradient.arrived > 0 && gradient.arrived < gradient.of;
    const word = some && gradient.quantity.state === "several" ? "got" : "sum";
    parts.gradientWord.textContent = some ? `${word} ${gradient.arrived}/${gradient.of}` : "grad";
    parts.group.classList.toggle("waiting", value === null);
    parts.group.classList.toggle("summing", Boolean(some));
    const words = [parts.vertex.text ? parts.vertex.title : `${parts.vertex.kind} ${parts.vertex.label}`,
      `value ${value ? value.text : "not yet"}`,
      `gradient ${gradient && gradient.quantity ? gradient.quantity.text : "not yet"}`];
    if (some) words.push(`${gradient.arrived} of ${gradient.of} contributions`);
    parts.group.setAttribute("aria-label", words.join(", "));
  }

  write(text, quantity) {
    const state = quantity ? quantity.state.replace(/\W+/g, "-") : "pending";
    text.setAttribute("class", text.getAttribute("class").replace(/ is-.*/, "") + ` is-${state}`);
    const words = quantity ? quantity.text : "·";
    text.textContent = words;
    const room = Number(text.getAttribute("x")) * 2 - 40;
    this.squeeze(text, words.length * 7.6, room, 12.5);
  }

  /** Show what has flowed back along an edge by now, or that nothing has. */
  drawEdge(id, step) {
    const parts = this.edges.get(id);
    const pass = this.model.passes.get(id);
    if (!parts || !pass) return;
    const there = this.model.passAt.get(id) <= step;
    parts.group.classList.toggle("flowed", there);
    if (!there) {
      if (parts.flow) parts.flow.remove();
      if (parts.label) parts.label.remove();
      parts.flow = parts.label = null;
      return;
    }
    if (!parts.flow) {
      parts.flow = makeSvg("path", { d: parts.base.getAttribute("d") });
      parts.group.append(parts.flow);
      parts.label = makeSvg("text", { dy: 4 });
      this.labels.append(parts.label);
    }
    const sign = this.model.look(pass);
    parts.flow.setAttribute("class", `flow ${sign}`);
    parts.flow.setAttribute("marker-start", `url(#head-${sign === "zero" ? "forward" : sign})`);
    parts.flow.style.strokeWidth = this.width(this.model.strength(pass)).toFixed(2);
    parts.label.setAttribute("class", `amount ${sign}`);
    parts.label.textContent = withSign(this.model.amount(pass));
    this.placeLabel(parts, id);
  }

  /** By magnitude, on a logarithmic scale over six decades below the strongest. */
  width(strength) {
    if (strength === "broken") return 4;
    if (!strength || strength[0] === 0 || this.strongest === 0) return 1.2;
    const decades = Math.log10(strength[0] / this.strongest);
    return 1.4 + 5.2 * Math.max(0, 1 + decades / 4);
  }

  // --- the current step -------------------------------------------------------------------------

  mark(step) {
    for (const marked of this.svg.querySelectorAll(".current, .partner")) {
      marked.classList.remove("current", "partner");
    }
    const here = step.id && this.vertices.get(step.id);
    if (here) here.group.classList.add("current");
    if (step.kind === "pass") {
      const parts = this.edges.get(step.pass.edge);
      if (parts) {
        parts.group.classList.add("current");
        if (parts.label) parts.label.classList.add("current");
        this.vertices.get(parts.edge.from).group.classList.add("partner");
      }
    } else if (step.kind === "forward") {
      for (const id of this.uses.get(step.id) || []) this.edges.get(id).group.classList.add("current");
    }
  }

  select(id) {
    for (const chosen of this.svg.querySelectorAll(".chosen")) {
      chosen.classList.remove("chosen");
      chosen.setAttribute("aria-pressed", "false");
    }
    const parts = this.vertices.get(id);
    if (!parts) return;
    parts.group.classList.add("chosen");
    parts.group.setAttribute("aria-pressed", "true");
    this.rove(parts.group);
  }

  /** Let one vertex be where the tabulator key enters the graph. */
  rove(group) {
    for (const other of this.svg.querySelectorAll('.vertex[tabindex="0"]')) {
      other.setAttribute("tabindex", "-1");
    }
    if (group.hasAttribute("tabindex")) group.setAttribute("tabindex", "0");
  }

  // --- hands ------------------------------------------------------------------------------------

  listen() {
    this.svg.addEventListener("click", (event) => {
      const group = event.target.closest(".vertex");
      if (group && !this.dragged) this.choose(group.dataset.id);
    });
    this.svg.addEventListener("keydown", (event) => {
      const group = event.target.closest(".vertex");
      if (!group) return;
      if (event.key === "Enter" || event.key === " ") this.choose(group.dataset.id);
      else if (event.key === "ArrowDown") this.walk(group.dataset.id, 1);
      else if (event.key === "ArrowUp") this.walk(group.dataset.id, -1);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    let from = null;
    this.stage.addEventListener("pointerdown", (event) => {
      this.dragged = false;
      if (event.pointerType !== "mouse" || event.button !== 0) return;
      if (event.target.closest(".vertex")) return;
      from = { x: event.clientX, y: event.clientY };
    });
    window.addEventListener("pointermove", (event) => {
      if (!from) return;
      this.stage.scrollBy(from.x - event.clientX, from.y - event.clientY);
      from = { x: event.clientX, y: event.clientY };
      this.dragged = true;
    });
    window.addEventListener("pointerup", () => {
      from = null;
    });
    if (typeof ResizeObserver === "function") {
      new ResizeObserver(() => this.resized()).observe(this.stage);
    }
  }

  walk(id, by) {
    const at = this.order.findIndex((vertex) => vertex.id === id);
    const next = this.order[Math.min(this.order.length - 1, Math.max(0, at + by))];
    const group = this.vertices.get(next.id).group;
    this.rove(group);
    group.focus({ preventScroll: true });
    this.reveal(next.id, true);
  }
}
