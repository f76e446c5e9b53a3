// What the plots show: values of the last two minutes, by the daemon's clock.

export const span = 120;
const gap = 5;

export class History {
  #series = new Map();
  #now = 0;

  /** Values of one moment; those that are not named end here. */
  add(clock, values) {
    this.#now = clock;
    for (const [name, value] of Object.entries(values)) {
      if (!this.#series.has(name)) this.#series.set(name, []);
      this.#series.get(name).push({ at: clock, value });
    }
    for (const [name, points] of this.#series) {
      while (points.length > 0 && points[0].at < clock - span) points.shift();
      if (points.length === 0) this.#series.delete(name);
    }
  }

  /** Unbroken pieces of a series: seconds before now, and values. A value that is not known, or late, breaks it. */
  pieces(name) {
    const pieces = [];
    let last = null;
    for (const { at, value } of this.#series.get(name) ?? []) {
      if (value === null || value === undefined) {
        last = null;
        continue;
      }
      if (last === null || at - last > gap) pieces.push([]);
      pieces.at(-1).push({ before: this.#now - at, value });
      last = at;
    }
    return pieces;
  }

  most(name) {
    return this.pieces(name).flat().reduce((most, point) => Math.max(most, point.value), 0);
  }
}
