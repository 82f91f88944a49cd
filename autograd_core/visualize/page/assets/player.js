"use strict";
// The hands: play, pause, step, scrub, keys; and the one object that other scripts speak to.

const STEP_TIME = 1900; // milliseconds a step is shown at speed 1

class Player {
  constructor(data) {
    this.data = data;
    this.model = new Model(data);
    this.at = 0;
    this.timer = null;
    this.chosen = null;
    const stage = document.getElementById("stage");
    this.picture = new GraphPicture(this.model, stage, (id) => this.choose(id));
    this.panel = new Panel(this.model, (at) => this.show(at));
    watchScrolls(document.querySelector("aside"));
    this.list = new StepList(this.model, (at) => this.show(at));
    showEquations(data.equations);
    this.scrub = document.getElementById("scrub");
    this.count = document.getElementById("count");
    this.speed = document.getElementById("speed");
    this.playButton = document.getElementById("play");
    this.scrub.max = String(this.model.last);
    const share = this.model.reverse.length ? this.model.seedAt / this.model.last : 1;
    this.scrub.style.setProperty("--turn", `${(100 * share).toFixed(2)}%`);
    document.getElementById("note").textContent = this.noteText();
    this.wire();
    this.redraw();
    this.show(0);
    const first = this.picture.order[0];
    if (first) this.picture.rove(this.picture.vertices.get(first.id).group);
  }

  noteText() {
    const sentences = this.data.notice ? [this.data.notice] : [];
    if (!this.data.whatIf.offered) { // the part that changes leaves says it too
      sentences.push("This page holds for the graph that was recorded: if the code branches on a " +
        "number, other numbers may give another graph.");
    }
    if (this.data.vertices.some((vertex) => vertex.kind === "folded")) {
      sentences.push("Earlier nodes are left out; a larger limit shows more.");
    }
    return sentences.join(" ");
  }

  // --- steps ------------------------------------------------------------------------------------

  /** Show a step, whichever was shown before: only what differs is drawn. */
  show(step) {
    const to = Math.min(this.model.last, Math.max(0, Math.round(Number(step) || 0)));
    const [low, high] = [Math.min(this.at, to), Math.max(this.at, to)];
    this.at = to;
    const vertices = new Set();
    for (let at = low; at <= high; at += 1) {
      const touched = this.model.touched(at);
      touched.vertices.forEach((id) => vertices.add(id));
      touched.edges.forEach((id) => this.picture.drawEdge(id, to));
    }
    vertices.forEach((id) => this.picture.drawVertex(id, to));
    const now = this.model.steps[to];
    this.picture.pulses.clear();
    this.picture.mark(now);
    this.panel.show(to);
    this.panel.inspect(this.chosen, to);
    this.list.show(to);
    if (now.kind === "pass") this.picture.reveal(now.pass.target);
    else if (now.id) this.picture.reveal(now.id);
    this.scrub.value = String(to);
    const phase = this.panel.eyebrow.textContent;
    this.scrub.setAttribute("aria-valuetext", `Step ${to} of ${this.model.last}, ${phase}`);
    this.count.textContent = `${to} / ${this.model.last}`;
    for (const [id, end] of [["first", 0], ["back", 0], ["on", this.model.last],
      ["last", this.model.last]]) {
      document.getElementById(id).setAttribute("aria-disabled", String(to === end));
    }
    if (to === this.model.last) this.pause();
    document.dispatchEvent(new CustomEvent("step-through:step", { detail: to }));
  }

  /** Show the next step and let what flows be seen. */
  forward() {
    if (this.at >= this.model.last) return;
    this.show(this.at + 1);
    const time = this.timer === null ? 700 : Math.min(900, this.stepTime() * 0.6);
    this.picture.pulses.show(this.model.steps[this.at], time);
  }

  redraw() {
    for (const { id } of this.data.vertices) this.picture.drawVertex(id, this.at);
    for (const { id } of this.data.edges) this.picture.drawEdge(id, this.at);
  }

  choose(id) {
    this.chosen = this.chosen === id ? null : id;
    this.picture.select(this.chosen);
    this.panel.inspect(this.chosen, this.at);
    if (this.chosen !== null) {
      const card = document.getElementById("node-card");
      const box = card.getBoundingClientRect();
      const calm = this.picture.calm.matches;
      if (box.top > window.innerHeight - 180 || box.top < 0) {
        card.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "nearest" });
      }
    }
  }

  // --- time -------------------------------------------------------------------------------------

  stepTime() {
    return STEP_TIME / Number(this.speed.value);
  }

  play() {
    if (this.at >= this.model.last) this.show(0);
    this.setPlaying(true);
    const tick = () => {
      this.forward();
      if (this.timer !== null) this.timer = window.setTimeout(tick, this.stepTime());
    };
    this.timer = window.setTimeout(tick, Math.min(250, this.stepTime()));
  }

  pause() {
    if (this.timer !== null) window.clearTimeout(this.timer);
    this.timer = null;
    this.setPlaying(false);
  }

  setPlaying(playing) {
    this.playButton.classList.toggle("playing", playing);
    this.playButton.setAttribute("aria-label", playing ? "Pause" : "Play");
    this.playButton.title = playing ? "Pause (space)" : "Play (space)";
    // While it plays, a reader of the screen would only be interrupted.
    this.panel.sentence.setAttribute("aria-live", playing ? "off" : "polite");
  }

  toggle() {
    if (this.timer === null) this.play();
    else this.pause();
  }

  // --- wires ------------------------------------------------------------------------------------

  wire() {
    const press = (id, action) => document.getElementById(id).addEventListener("click", action);
    const by = (action) => () => {
      this.pause();
      action();
    };
    press("play", () => this.toggle());
    press("first", by(() => this.show(0)));
    press("back", by(() => this.show(this.at - 1)));
    press("on", by(() => this.forward()));
    press("last", by(() => this.show(this.model.last)));
    press("fit", () => this.picture.fit());
    press("closer", () => this.picture.zoom(this.picture.scale * 1.2));
    press("farther", () => this.picture.zoom(this.picture.scale / 1.2));
    press("theme", () => this.theme());
    press("node-close", () => this.choose(this.chosen));
    const turn = document.getElementById("turn");
    turn.hidden = !this.data.layouts.TB;
    turn.addEventListener("click", () => {
      this.picture.turn();
    });
    this.scrub.addEventListener("input", by(() => this.show(this.scrub.value)));
    document.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const field = event.target.closest && event.target.closest("input, select, textarea");
    if (field && field !== this.scrub) return;
    const pressed = event.target.closest && event.target.closest("button, a, summary");
    if (event.key === " " && pressed) return;
    const actions = {
      " ": () => this.toggle(),
      ArrowRight: () => {
        this.pause();
        this.forward();
      },
      ArrowLeft: () => {
        this.pause();
        this.show(this.at - 1);
      },
      Home: () => {
        this.pause();
        this.show(0);
      },
      End: () => this.show(this.model.last),
      Escape: () => this.chosen !== null && this.choose(this.chosen),
    };
    if (!Object.hasOwn(actions, event.key)) return;
    event.preventDefault();
    actions[event.key]();
  }

  theme() {
    const root = document.documentElement;
    const system = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const now = root.dataset.theme === "auto" ? system : root.dataset.theme;
    root.dataset.theme = now === "dark" ? "light" : "dark";
  }

  // --- other numbers ----------------------------------------------------------------------------

  /**
   * Show other numbers on the same graph: values and gradients by vertex, and by edge
   * `{amount, local}`. Without arguments the recorded numbers return.
   */
  refresh(values, gradients, contributions) {
    this.model.changed = values
      ? { values, gradients: gradients || {}, contributions: contributions || {} } : null;
    this.picture.measureStrength();
    this.redraw();
    this.picture.mark(this.model.steps[this.at]);
    this.panel.show(this.at, true);
    this.panel.inspect(this.chosen, this.at);
  }
}

function start() {
  const data = JSON.parse(document.getElementById("data").textContent);
  window.stepThroughMarkup = data.markup;
  const player = new Player(data);
  window.stepThrough = {
    data,
    steps: player.model.steps,
    show: (step) => player.show(step),
    step: () => player.at,
    refresh: (values, gradients, contributions) => player.refresh(values, gradients, contributions),
    vertexElement: (id) => (player.picture.vertices.get(id) || {}).group,
    slot: document.getElementById("what-if"),
    play: () => player.play(),
    pause: () => player.pause(),
  };
}

start();
