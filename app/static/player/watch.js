/**
 * What is played of a film, told as the stretches that were played without a jump; no page in here.
 *
 * Places are seconds of the film, moments seconds of a clock that only goes forward. A stretch that is
 * under way is told of piece by piece, each beginning where the last one ended.
 *
 * @typedef {[number, number]} Stretch
 */

/** Gaps of less than so many seconds are none: a browser tells the place a few times a second. */
export const GAP = 0.5;
/** Between two words of the browser a film plays on for at most so long. */
const LONGEST_STEP = 1;

export class Watch {
  /**
   * @param {object} setup
   * @param {number} setup.duration
   * @param {Stretch[]} setup.played what was played before
   * @param {number} setup.moment now
   */
  constructor({ duration, played, moment }) {
    this.duration = duration;
    this.played = union(played, duration);
    /** Where the stretch under way began; null while nothing plays. @type {number | null} */
    this.from = null;
    this.place = 0;
    this.rate = 1;
    this.moment = moment;
    this.isHidden = false;
    this.count = 0;
    /** @type {Stretch[]} */
    this.told = [];
    this.spent = { playing: 0, present: 0, hidden: 0 };
    this.hiddenTimes = 0;
    this.isEnded = false;
  }

  /**
   * It begins to play, or goes on after a pause or a lack of data.
   * @param {number} place
   * @param {number} moment
   */
  play(place, moment) {
    this.#pass(moment);
    this.place = place;
    this.from ??= place;
  }

  /**
   * The browser says where it is.
   * @param {number} place
   * @param {number} moment
   */
  time(place, moment) {
    const most = this.place + LONGEST_STEP * Math.max(1, this.rate) + (moment - this.moment) * this.rate;
    this.#pass(moment);
    if (this.from !== null && (place < this.place - GAP || place > most)) {
      this.#close();
      this.from = place;
    }
    this.place = place;
  }

  /**
   * It jumps: what was played ends where it was a moment ago.
   * @param {number} moment
   */
  jump(moment) {
    if (this.from !== null) {
      const since = Math.min(GAP, Math.max(0, moment - this.moment));
      this.place = Math.min(this.duration, this.place + since * this.rate);
    }
    this.stop(moment);
  }

  /**
   * It stands still: paused, waiting for data, over.
   * @param {number} moment
   */
  stop(moment) {
    this.#pass(moment);
    this.#close();
    this.from = null;
  }

  /** @param {number} moment */
  end(moment) {
    this.#pass(moment);
    if (this.from !== null) this.place = this.duration;
    this.stop(moment);
    this.isEnded = true;
  }

  /**
   * @param {boolean} isHidden
   * @param {number} moment
   */
  hide(isHidden, moment) {
    this.#pass(moment);
    if (isHidden && !this.isHidden && this.from !== null) this.hiddenTimes += 1;
    this.isHidden = isHidden;
  }

  /**
   * Return what has not been told yet, as elements of the journal; the stretch under way goes on.
   * @param {number} moment
   * @returns {[string, string][]}
   */
  take(moment) {
    this.#pass(moment);
    const from = this.from;
    this.#close();
    if (from !== null) this.from = this.place;
    /** @type {[string, string][]} */
    const elements = this.told.splice(0).map(([start, stop]) => this.#element("played", `${fixed(start)},${fixed(stop)}`));
    const { playing, present, hidden } = this.spent;
    if (present >= 1 || elements.length > 0) {
      elements.push(this.#element("spent", `${fixed(playing)},${fixed(present)},${fixed(hidden)}`));
      this.spent = { playing: 0, present: 0, hidden: 0 };
    }
    for (; this.hiddenTimes > 0; this.hiddenTimes -= 1) elements.push(this.#element("hidden", "1"));
    if (this.isEnded) elements.push(["ended", "1"]);
    this.isEnded = false;
    if (elements.length > 0) elements.push(["position", fixed(this.place)]);
    return elements;
  }

  /** All that was played, with the stretch under way. */
  union() {
    const now = /** @type {Stretch[]} */ (this.from === null ? [] : [[this.from, this.place]]);
    return union([...this.played, ...now], this.duration);
  }

  /**
   * Where somebody gets who may not skip and wants to go to a place.
   * @param {number} wanted
   */
  reach(wanted) {
    const played = this.union();
    if (wanted <= GAP || played.some(([start, stop]) => start - GAP <= wanted && wanted <= stop + GAP)) return wanted;
    const here = played.find(([start, stop]) => start - GAP <= this.place && this.place <= stop + GAP);
    return here ? here[1] : 0;
  }

  /** @param {number} moment */
  #pass(moment) {
    const seconds = Math.max(0, moment - this.moment);
    this.moment = Math.max(this.moment, moment);
    this.spent.present += seconds;
    if (this.from !== null) this.spent.playing += seconds;
    if (this.isHidden) this.spent.hidden += seconds;
  }

  #close() {
    if (this.from === null || this.place <= this.from) return;
    /** @type {Stretch} */
    const stretch = [this.from, Math.min(this.place, this.duration)];
    this.told.push(stretch);
    this.played = union([...this.played, stretch], this.duration);
  }

  /**
   * @param {string} name
   * @param {string} value
   * @returns {[string, string]}
   */
  #element(name, value) {
    this.count += 1;
    return [`${name}.${this.count}`, value];
  }
}

/**
 * Return stretches in order and apart from each other, within the film.
 * @param {Stretch[]} stretches
 * @param {number} duration
 * @returns {Stretch[]}
 */
export function union(stretches, duration) {
  const inside = stretches
    .map(([start, stop]) => /** @type {Stretch} */ ([Math.max(0, start), Math.min(stop, duration)]))
    .filter(([start, stop]) => stop > start)
    .sort((one, other) => one[0] - other[0]);
  /** @type {Stretch[]} */
  const found = [];
  for (const [start, stop] of inside) {
    const last = found.at(-1);
    if (last && start - last[1] < GAP) last[1] = Math.max(last[1], stop);
    else found.push([start, stop]);
  }
  return found;
}

/** @param {number} seconds */
function fixed(seconds) {
  return seconds.toFixed(3);
}
