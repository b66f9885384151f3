/** How fast something goes, and how long it still takes: by the last seconds alone, so that a pause is forgotten. */

/** Milliseconds that are looked back at. */
const WINDOW_MS = 15_000;
/** Milliseconds before which nothing is said: the first bytes only fill buffers. */
const LEAST_MS = 2_000;
const MINUTE = 60;
const HOUR = 3_600;

export class Pace {
  constructor() {
    /** @type {[number, number][]} moments, and how much was done by then */
    this.notes = [];
  }

  /**
   * @param {number} at milliseconds
   * @param {number} done
   */
  note(at, done) {
    this.notes.push([at, done]);
    while (this.notes.length > 2 && at - this.notes[1][0] >= WINDOW_MS) this.notes.shift();
  }

  /** What was done in a second; null where it cannot be told yet. */
  get speed() {
    const [first, last] = [this.notes.at(0), this.notes.at(-1)];
    if (!first || !last || last[0] - first[0] < LEAST_MS || last[1] <= first[1]) return null;
    return ((last[1] - first[1]) * 1_000) / (last[0] - first[0]);
  }

  /**
   * @param {number} total
   * @returns {number | null} seconds until all is done
   */
  left(total) {
    const last = this.notes.at(-1);
    return this.speed === null || !last ? null : (total - last[1]) / this.speed;
  }
}

/**
 * Say how long something takes in the unit that people would take.
 *
 * @param {number} seconds
 * @returns {{unit: "seconds" | "minutes" | "hours", count: number, rest: number}} `rest`: minutes beside hours
 */
export function lasting(seconds) {
  // By tens: a figure that changes with every look is not read.
  if (seconds < MINUTE - 5) return { unit: "seconds", count: Math.max(10, Math.ceil(seconds / 10) * 10), rest: 0 };
  const minutes = Math.round(seconds / MINUTE);
  if (seconds < HOUR - MINUTE / 2) return { unit: "minutes", count: Math.max(1, minutes), rest: 0 };
  return { unit: "hours", count: Math.floor(minutes / 60), rest: minutes % 60 };
}
