"use strict";
// The steps, and every number at every step. Knows the data; knows no element of the page.

class Model {
  constructor(data) {
    this.data = data;
    this.vertices = new Map(data.vertices.map((vertex) => [vertex.id, vertex]));
    this.edges = new Map(data.edges.map((edge) => [edge.id, edge]));
    this.passes = new Map(); // what flows back along an edge, by the edge
    this.received = new Map(data.vertices.map((vertex) => [vertex.id, []]));
    const known = (quantity) => quantity.state === "known";
    const ran = data.reverse.some((reverse) => known(reverse.incoming) ||
      reverse.contributions.some((pass) => known(pass.amount)));
    this.reverse = ran ? data.reverse : []; // without a seed, or released, nothing flows back
    for (const reverse of this.reverse) {
      for (const pass of reverse.contributions) {
        pass.from = reverse.id;
        pass.reverse = reverse;
        this.passes.set(pass.edge, pass);
        if (this.received.has(pass.target)) this.received.get(pass.target).push(pass);
      }
    }
    this.changed = null; // numbers of a "what if" in the place of the recorded ones
    this.number();
  }

  /** List the steps, and note when each value appears and each contribution arrives. */
  number() {
    this.steps = [{ kind: "start" }];
    this.valueAt = new Map();
    this.passAt = new Map();
    for (const id of this.data.forward) {
      if (!this.vertices.get(id) || !this.isComputed(id)) continue;
      this.valueAt.set(id, this.steps.length);
      this.steps.push({ kind: "forward", id });
    }
    this.seedAt = this.steps.length;
    if (this.reverse.length > 0) {
      this.steps.push({ kind: "seed", id: this.data.result ?? this.reverse[0].id });
      for (const reverse of this.reverse) {
        reverse.contributions.forEach((pass, at) => {
          this.passAt.set(pass.edge, this.steps.length);
          this.steps.push({ kind: "pass", id: reverse.id, reverse, pass, first: at === 0 });
        });
      }
    }
    this.steps.push({ kind: "end" });
  }

  get last() {
    return this.steps.length - 1;
  }

  isComputed(id) {
    const kind = this.vertices.get(id).kind;
    return kind === "operation" || kind === "result";
  }

  label(id) {
    const vertex = this.vertices.get(id);
    return vertex ? vertex.label : id;
  }

  // --- numbers, recorded or of a "what if" ---------------------------------------------------

  value(id) {
    const other = this.changed && this.changed.values[id];
    if (other !== undefined && other !== null) return scalarQuantity(other);
    return this.vertices.get(id) ? this.vertices.get(id).value : null;
  }

  gradient(id) {
    const other = this.changed && this.changed.gradients[id];
    if (other !== undefined && other !== null) return scalarQuantity(other);
    return this.vertices.get(id) ? this.vertices.get(id).gradient : null;
  }

  incoming(reverse) {
    return this.changed ? this.gradient(reverse.id) || reverse.incoming : reverse.incoming;
  }

  amount(pass) {
    const other = this.changed && this.changed.contributions[pass.edge];
    return other ? scalarQuantity(other.amount) : pass.amount;
  }

  local(pass) {
    const other = this.changed && this.changed.contributions[pass.edge];
    if (other && other.local !== undefined) return scalarQuantity(other.local);
    return pass.localValue || null;
  }

  /** The sum at the operand after this contribution. */
  total(pass) {
    if (!this.changed) return pass.total || pass.amount;
    const other = this.changed.contributions[pass.edge];
    if (other && Number.isFinite(other.total)) return scalarQuantity(other.total);
    const arrived = this.received.get(pass.target) || [];
    let sum = 0;
    for (const earlier of arrived) {
      if (earlier.arrival <= pass.arrival) sum += Number(numberOf(this.amount(earlier)));
    }
    return scalarQuantity(sum);
  }

  /** The sum at the operand before this contribution; null where it is the first. */
  before(pass) {
    const arrived = this.received.get(pass.target) || [];
    const earlier = arrived.find((other) => other.arrival === pass.arrival - 1 &&
      other.output === pass.output);
    return earlier ? this.total(earlier) : null;
  }

  /** Norm and sign (0 for both signs) of what a contribution passes on; "broken" where it is not
   * finite, null where not known. */
  strength(pass) {
    if (this.changed && this.changed.contributions[pass.edge]) {
      const amount = this.changed.contributions[pass.edge].amount;
      return Number.isFinite(amount) ? [Math.abs(amount), Math.sign(amount)] : "broken";
    }
    return pass.strength.length ? pass.strength : null;
  }

  /** "zero", "positive", "negative", "broken", or "mixed": both signs, or complex. */
  look(pass) {
    const strength = this.strength(pass);
    if (strength === "broken") return strength;
    if (!strength || strength[0] === 0) return "zero";
    return strength[1] > 0 ? "positive" : strength[1] < 0 ? "negative" : "mixed";
  }

  // --- what is known at a step ------------------------------------------------------------------

  /** Value of a vertex at a step: a quantity, or null while it is not computed. */
  valueWhen(id, step) {
    const at = this.valueAt.get(id);
    return at === undefined || at <= step ? this.value(id) : null;
  }

  /** Gradient of a vertex at a step, with how many of its contributions have arrived. */
  gradientWhen(id, step) {
    const vertex = this.vertices.get(id);
    if (!vertex.gradient) return null;
    const passes = this.received.get(id);
    if (step >= this.last && passes.length === 0) {
      return { quantity: this.gradient(id), arrived: 0, of: 0 };
    }
    if (this.steps[this.seedAt].kind === "seed" && id === this.steps[this.seedAt].id) {
      const quantity = step >= this.seedAt ? this.gradient(id) : null;
      return { quantity, arrived: 0, of: 0 };
    }
    const arrived = passes.filter((pass) => this.passAt.get(pass.edge) <= step);
    const latest = arrived.reduce((a, b) => (!a || b.arrival > a.arrival ? b : a), null);
    let quantity = latest ? this.total(latest) : null;
    if (latest && latest.output !== undefined) quantity = { state: "several", text: "several" };
    if (arrived.length > 0 && arrived.length === passes.length) quantity = this.gradient(id);
    return { quantity, arrived: arrived.length, of: passes.length };
  }

  /** What to redraw when a step is entered or left: vertices and edges. */
  touched(at) {
    const step = this.steps[at];
    if (step.kind === "forward" || step.kind === "seed") return { vertices: [step.id], edges: [] };
    if (step.kind === "pass") return { vertices: [step.pass.target], edges: [step.pass.edge] };
    if (step.kind === "end") {
      const alone = (id) => this.received.get(id).length === 0;
      return { vertices: [...this.vertices.keys()].filter(alone), edges: [] };
    }
    return { vertices: [], edges: [] };
  }
}
