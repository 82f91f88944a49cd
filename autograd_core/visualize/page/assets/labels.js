"use strict";
// Where the amount on an edge stands: beside its line, clear of boxes and of other amounts.

const LABEL_LETTER = 9.4; // of the current step, whose letters are the largest
const LABEL_HEIGHT = 15;
const ALONG = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.18, 0.82]; // the middle first
const SAMPLES = 8; // of each curve

class EdgeLabels {
  /** `boxes` are rectangles; `lines` the points of every edge, by its name. */
  constructor(boxes, lines) {
    this.boxes = boxes;
    this.lines = lines;
    this.sampled = new Map();
    this.taken = new Map();
  }

  line(id) {
    if (!this.sampled.has(id)) this.sampled.set(id, samples(this.lines[id]));
    return this.sampled.get(id);
  }

  /** The centre of an edge's label, the one it had if it had one; `near` are edges beside it. */
  centre(id, near, text) {
    const width = text.length * LABEL_LETTER;
    const had = this.taken.get(id);
    if (had && had.right - had.left >= width) {
      return [(had.left + had.right) / 2, (had.top + had.bottom) / 2];
    }
    this.taken.delete(id);
    let best = null;
    for (const [x, y] of this.places(this.line(id), width)) {
      const place = { left: x - width / 2, right: x + width / 2, top: y - LABEL_HEIGHT / 2,
        bottom: y + LABEL_HEIGHT / 2 };
      const cost = this.covered(place, near);
      if (best === null || cost < best.cost) best = { cost, place, centre: [x, y] };
      if (cost === 0) break;
    }
    this.taken.set(id, best.place);
    return best.centre;
  }

  /** Both sides of the line, at several places along it. */
  * places(line, width) {
    for (const share of ALONG) {
      const { x, y, dx, dy } = alongLine(line, share);
      if (dx >= dy) {
        const away = LABEL_HEIGHT / 2 + 3 + Math.min(18, (dy / dx) * width / 2);
        yield [x, y - away];
        yield [x, y + away];
      } else {
        const away = width / 2 + 8 + Math.min(8, (dx / dy) * LABEL_HEIGHT / 2);
        yield [x + away, y];
        yield [x - away, y];
      }
    }
  }

  covered(place, near) {
    let area = 0;
    for (const id of near) {
      for (const { x, y } of this.line(id)) {
        if (x > place.left && x < place.right && y > place.top && y < place.bottom) area += 40;
      }
    }
    for (const box of this.boxes) area += overlap(place, box);
    for (const other of this.taken.values()) area += overlap(place, other);
    return area;
  }
}

function overlap(one, other) {
  const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return wide > 0 && high > 0 ? wide * high : 0;
}

/** Points of a path of cubic curves, with the length up to each. */
function samples(points) {
  const line = [{ x: points[0], y: points[1], length: 0 }];
  for (let at = 0; at + 7 < points.length; at += 6) {
    const [x0, y0, x1, y1, x2, y2, x3, y3] = points.slice(at, at + 8);
    for (let step = 1; step <= SAMPLES; step += 1) {
      const t = step / SAMPLES;
      const [a, b, c, d] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
      const [x, y] = [a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3];
      const last = line[line.length - 1];
      line.push({ x, y, length: last.length + Math.hypot(x - last.x, y - last.y) });
    }
  }
  return line;
}

/** The point at a share of the length, and how far the line goes across and down there. */
function alongLine(line, share) {
  const wanted = share * line[line.length - 1].length;
  let at = 1;
  while (at < line.length - 1 && line[at].length < wanted) at += 1;
  const [before, after] = [line[at - 1], line[at]];
  const part = (wanted - before.length) / (after.length - before.length || 1);
  return {
    x: before.x + part * (after.x - before.x), y: before.y + part * (after.y - before.y),
    dx: Math.abs(after.x - before.x), dy: Math.abs(after.y - before.y),
  };
}
