/**
 * What of a film was really played: told by what the browser says of its player, without knowing any page.
 *
 * All places are seconds of the film, all moments seconds of a clock that only goes forward. A stretch
 * begins where playing does and ends at a pause, a jump, or where data run out; while it lasts, what
 * was played so far is told of piece by piece, each beginning where the last one ended.
 *
 * @typedef {[number, number]} Stretch
 */

/** Gaps of less than so many seconds are none: a browser tells the place a few times a second. */
export const GAP = 0.5;
/** Between two words of the browser a film plays on for at most so long. */
const LONGEST_STEP = 1;
/**
 * A page that hears nothing for longer than this was asleep, and nobody was before it. Browsers let
 * a hidden one speak once a minute.
 */
const LONGEST_SILENCE = 70;

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
    this.toldPlace = 0;
    this.rate = 1;
    this.moment = moment;
    /** When the place was told last. */
    this.placedAt = moment;
    this.isHidden = false;
    this.count = 0;
    /** What has ended and was not taken yet. @type {Stretch[]} */
    this.told = [];
    this.spent = { playing: 0, present: 0, hidden: 0 };
    this.hiddenTimes = 0;
    this.isEnded = false;
  }

  get isPlaying() {
    return this.from !== null;
  }

  /**
   * It begins to play, or goes on after a pause or a lack of data.
   * @param {number} place
   * @param {number} moment
   */
  play(place, moment) {
    if (this.from !== null) return this.time(place, moment);
    this.#pass(moment);
    this.#stand(place);
    this.from = place;
  }

  /**
   * The browser says where it is. Where no playing leads to, it has jumped to.
   * @param {number} place
   * @param {number} moment
   */
  time(place, moment) {
    const isAhead = place > this.place + this.#reachable(moment);
    this.#pass(moment);
    if (this.from !== null && (place < this.place - GAP || isAhead)) {
      this.#close();
      this.from = place;
    }
    this.#stand(this.from === null ? place : Math.max(place, this.from));
  }

  /**
   * It jumps: what was played ends where it was a moment ago.
   * @param {number} moment
   */
  jump(moment) {
    if (this.from !== null) {
      const since = Math.min(GAP, Math.max(0, moment - this.placedAt));
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

  /**
   * It is over. Its end was reached by playing only where it was played up to there.
   * @param {number} moment
   */
  end(moment) {
    if (this.from !== null && this.duration - this.place <= this.#reachable(moment)) this.place = this.duration;
    this.stop(moment);
    this.isEnded = this.played.some(([start, stop]) => start < stop && stop >= this.duration - GAP);
  }

  /**
   * From now on it plays at another speed.
   * @param {number} rate
   * @param {number} moment
   */
  turn(rate, moment) {
    this.#pass(moment);
    this.rate = rate;
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
    if (this.from !== null) {
      this.#close();
      this.from = this.place;
    }
    const elements = this.told.splice(0).map((stretch) => this.#element("played", stretch));
    const { playing, present, hidden } = this.spent;
    if (present >= 1 || elements.length > 0) {
      elements.push(this.#element("spent", [playing, present, hidden]));
      this.spent = { playing: 0, present: 0, hidden: 0 };
    }
    for (; this.hiddenTimes > 0; this.hiddenTimes -= 1) elements.push([this.#name("hidden"), "1"]);
    if (this.isEnded) elements.push(["ended", "1"]);
    this.isEnded = false;
    if (elements.length > 0 || this.place !== this.toldPlace) elements.push(["position", fixed(this.place)]);
    this.toldPlace = this.place;
    return elements;
  }

  /** All that was played, with the stretch under way. */
  union() {
    const now = /** @type {Stretch[]} */ (this.from === null ? [] : [[this.from, this.place]]);
    return union([...this.played, ...now], this.duration);
  }

  /** How much of the film that is, from 0 to 1. */
  progress() {
    const length = this.union().reduce((sum, [start, stop]) => sum + stop - start, 0);
    return this.duration > 0 ? Math.min(1, length / this.duration) : 0;
  }

  /**
   * Where somebody gets who may not skip and wants to go to a place: there, or to the end of what
   * was played before it.
   * @param {number} wanted
   */
  reach(wanted) {
    return reach(this.union(), wanted);
  }

  /**
   * The server has everything that was taken, and says what it believes was played.
   * @param {Stretch[]} believed
   * @returns {number | null} where to begin again for who may not skip; null where nothing is missing
   */
  settle(believed) {
    this.played = union([...believed, ...this.told], this.duration);
    if (this.from === null) return null;
    const reached = reach(this.played, this.from);
    return reached < this.from - GAP ? reached : null;
  }

  /** @param {number} place */
  #stand(place) {
    this.place = place;
    this.placedAt = this.moment;
  }

  /**
   * How far it can have played on since its last word.
   * @param {number} moment
   */
  #reachable(moment) {
    const passed = Math.min(LONGEST_SILENCE, Math.max(0, moment - this.placedAt));
    return LONGEST_STEP * Math.max(1, this.rate) + passed * this.rate;
  }

  /** @param {number} moment */
  #pass(moment) {
    const seconds = Math.max(0, moment - this.moment);
    this.moment = Math.max(this.moment, moment);
    if (seconds > LONGEST_SILENCE) return;
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

  /** @param {string} name */
  #name(name) {
    this.count += 1;
    return `${name}.${this.count}`;
  }

  /**
   * @param {string} name
   * @param {number[]} numbers
   * @returns {[string, string]}
   */
  #element(name, numbers) {
    return [this.#name(name), numbers.map(fixed).join(",")];
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

/**
 * @param {Stretch[]} played in order and apart
 * @param {number} wanted
 * @returns {number} the place, or the end of what was played before it
 */
function reach(played, wanted) {
  const before = played.filter(([start]) => start - GAP <= wanted).at(-1);
  return Math.min(wanted, before ? before[1] : 0);
}

/**
 * @param {number} seconds
 * @returns {string} as the server reads it
 */
export function fixed(seconds) {
  return Math.max(0, seconds).toFixed(3);
}
