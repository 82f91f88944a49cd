// The player: play, pause, step, scrub, speed, by mouse, touch or keyboard. It knows only how many
// frames there are; `show(index)` draws one and returns its description for a screen reader.

class Player {
  static PLAY = "M3 1.5v13L14 8z";
  static PAUSE = "M3 2h4v12H3zM9 2h4v12H9z";

  constructor(count, show) {
    this.count = count;
    this.show = show;
    this.index = 0;
    this.playing = false;
    // A film takes about ten seconds, yet never flickers by.
    this.rate = Math.min(20, Math.max(4, count / 10));
    this.scrub = document.getElementById("scrub");
    this.scrub.max = count - 1;
    this.listen();
    this.go(0);
  }

  listen() {
    const on = (id, action) => document.getElementById(id).addEventListener("click", action);
    on("first", () => this.visit(0));
    on("back", () => this.visit(this.index - 1));
    on("play", () => this.toggle());
    on("forward", () => this.visit(this.index + 1));
    on("last", () => this.visit(this.count - 1));
    this.scrub.addEventListener("input", () => this.visit(Number(this.scrub.value)));
    document.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const within = event.target.closest("select, input");
    if (within && !(within === this.scrub && event.key === " ")) return;
    if (event.key === " " && event.target.closest("button")) return; // presses that button
    const actions = {
      " ": () => this.toggle(),
      ArrowLeft: () => this.visit(this.index - 1),
      ArrowRight: () => this.visit(this.index + 1),
      Home: () => this.visit(0),
      End: () => this.visit(this.count - 1),
    };
    if (!actions[event.key]) return;
    event.preventDefault();
    actions[event.key]();
  }

  // Go where the user asked: that ends playing.
  visit(index) {
    this.pause();
    this.go(index);
  }

  go(index) {
    this.index = Math.min(this.count - 1, Math.max(0, index));
    this.scrub.value = this.index;
    const words = this.show(this.index);
    this.scrub.setAttribute("aria-valuetext", words);
    if (!this.playing) document.getElementById("spoken").textContent = words;
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    this.setPlaying(true);
    if (this.index === this.count - 1) this.go(0);
    let shown = performance.now();
    const beat = (now) => {
      if (!this.playing) return;
      const pause = 1000 / (this.rate * Number(document.getElementById("speed").value));
      if (now - shown >= pause) {
        // Frames are dropped rather than shown late.
        const steps = Math.max(1, Math.floor((now - shown) / pause));
        shown = now;
        this.go(this.index + steps);
      }
      if (this.index === this.count - 1) this.pause();
      else requestAnimationFrame(beat);
    };
    requestAnimationFrame(beat);
  }

  pause() {
    if (!this.playing) return;
    this.setPlaying(false);
    this.go(this.index);
  }

  setPlaying(playing) {
    this.playing = playing;
    const button = document.getElementById("play");
    button.setAttribute("aria-label", playing ? "Pause (space)" : "Play (space)");
    document.getElementById("play-shape").setAttribute("d", playing ? Player.PAUSE : Player.PLAY);
  }
}
