// The forward and the reverse pass of a graph of numbers, from the formulas of the page's data.
//
// A formula is {"s": vertex}, with "g": true for the gradient there, {"n": number}, or
// {"c": function, "o": [operands], "k": {keywords}}. There is no table of derivatives here: what a
// step of the reverse pass adds is the formula that the engine's own rule gave.
"use strict";

window.stepThroughCompute = (() => {
  const WORDS = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };

  // A number of the data; beyond JSON it is a word.
  function decode(number) {
    return Object.hasOwn(WORDS, number) ? WORDS[number] : number;
  }

  // Every step in the precision of the quantity it is for.
  function precision(dtype) {
    return dtype === "float32" ? Math.fround : (number) => number;
  }

  function evaluate(formula, values, gradients, round) {
    if ("n" in formula) return decode(formula.n);
    if ("s" in formula) return (formula.g ? gradients : values)[formula.s];
    const [count, keywords, call] = window.stepThroughFunctions[formula.c];
    const given = formula.o.map((operand) => evaluate(operand, values, gradients, round));
    while (given.length < count) given.push(null);
    for (const name of keywords) given.push(decode(formula.k?.[name] ?? null));
    return round(Number(call(...given)));
  }

  // The numbers that the page was made with.
  function recorded(data) {
    const values = {};
    const gradients = {};
    for (const vertex of data.vertices) {
      if (vertex.value?.number !== undefined) values[vertex.id] = decode(vertex.value.number);
      if (vertex.gradient?.number !== undefined) {
        gradients[vertex.id] = decode(vertex.gradient.number);
      }
    }
    const contributions = {};
    for (const step of data.reverse) {
      for (const part of step.contributions) {
        contributions[part.edge] = {
          amount: decode(part.amount.number),
          total: decode((part.total ?? part.amount).number),
          local: decode(part.localValue?.number),
        };
      }
    }
    return { values, gradients, contributions };
  }

  // All numbers of the graph, with other values at some leaves: {vertex: number}.
  function run(data, leaves) {
    const vertices = new Map(data.vertices.map((vertex) => [vertex.id, vertex]));
    const values = {};
    for (const vertex of data.vertices) {
      if (!vertex.expression && vertex.value.number !== undefined) {
        const round = precision(vertex.dtype);
        values[vertex.id] = decode(vertex.value.number);
        if (vertex.id in leaves) values[vertex.id] = round(leaves[vertex.id]);
      }
    }
    for (const id of data.forward) {
      const { expression, dtype } = vertices.get(id);
      if (expression) values[id] = evaluate(expression, values, {}, precision(dtype));
    }
    const gradients = { [data.reverse[0].id]: decode(data.reverse[0].incoming.number) };
    const contributions = {};
    const guarded = new Set(data.whatIf.guarded);
    for (const step of data.reverse) {
      const incoming = gradients[step.id];
      if (incoming === undefined) continue; // no gradient reaches it
      for (const part of step.contributions) {
        const round = precision(vertices.get(part.target).dtype);
        let amount = evaluate(part.rule, values, gradients, round);
        // The engine's guard: of an operation whose slope can be infinite, 0 times that is 0.
        if (incoming === 0 && !Number.isFinite(amount) && guarded.has(step.id)) amount = 0;
        const total = round(part.target in gradients ? gradients[part.target] + amount : amount);
        const local = part.local && evaluate(part.local, values, gradients, round);
        gradients[part.target] = total;
        contributions[part.edge] = { amount, total, local };
      }
    }
    return { values, gradients, contributions };
  }

  // Where the formulas do not give the numbers that the page was made with: a list of vertices.
  function differences(data) {
    const before = recorded(data);
    const after = run(data, {});
    const wrong = new Set();
    for (const kind of ["values", "gradients"]) {
      const sizes = Object.values(before[kind]).map(Math.abs).filter(Number.isFinite);
      const scale = Math.max(0, ...sizes);
      for (const [id, expected] of Object.entries(before[kind])) {
        const got = after[kind][id];
        if (got === undefined || Object.is(got, expected) || got === expected) continue;
        const larger = Math.max(Math.abs(got), Math.abs(expected));
        if (!(Math.abs(got - expected) <= 1e-5 * larger + 1e-7 * scale)) wrong.add(id);
      }
    }
    return [...wrong];
  }

  // Steps whose rule looked at a number and, at these numbers, is another formula: what it gives
  // is not the slope between two neighbouring values. Only the engine could trace it anew.
  function doubtful(data, { values, gradients, contributions }) {
    const vertices = new Map(data.vertices.map((vertex) => [vertex.id, vertex]));
    const found = new Set();
    for (const step of data.reverse) {
      const { expression } = vertices.get(step.id);
      const incoming = gradients[step.id];
      if (!step.branched || !expression?.o || !incoming || !Number.isFinite(incoming)) continue;
      for (const { position, target, edge } of step.contributions) {
        if (expression.o[position]?.s !== target) continue;
        const nearby = 1e-5 * Math.max(1, Math.abs(values[target]));
        const [low, high] = [-nearby, nearby].map((change) => {
          const o = [...expression.o];
          o[position] = { n: values[target] + change };
          return evaluate({ ...expression, o }, values, gradients, (number) => number);
        });
        const slope = (high - low) / (2 * nearby);
        const given = contributions[edge].amount / incoming;
        const larger = Math.max(Math.abs(slope), Math.abs(given));
        if (Number.isFinite(slope) && !(Math.abs(slope - given) <= 1e-3 * larger + 1e-6)) {
          found.add(step.id);
        }
      }
    }
    return [...found];
  }

  return { decode, evaluate, recorded, run, differences, doubtful };
})();
