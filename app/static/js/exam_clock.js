/** The time that is left of a test: shown every second, said aloud at a few moments, and its end. */

/** Seconds before the end at which it is said. */
export const MOMENTS = [600, 300, 60];

/**
 * Return the moment that has come between two looks; null where none has.
 *
 * @param {number} before seconds that were left at the last look
 * @param {number} now
 * @returns {number | null} the latest, where a sleeping machine has passed several
 */
export function moment(before, now) {
  const come = MOMENTS.filter((each) => before > each && now <= each && now > 0);
  return come.length > 0 ? Math.min(...come) : null;
}

/**
 * Fill a sentence with minutes and seconds.
 *
 * @param {string} sentence with {minutes} and {seconds}
 * @param {number} left
 * @returns {string}
 */
export function said(sentence, left) {
  const whole = Math.max(0, Math.ceil(left));
  return sentence
    .replace("{minutes}", String(Math.floor(whole / 60)))
    .replace("{seconds}", String(whole % 60).padStart(2, "0"));
}

export class Countdown {
  /**
   * @param {number} left seconds, by the server's clock
   * @param {(left: number) => void} onTick
   * @param {(left: number) => void} onMoment
   * @param {() => void} onEnd called once
   */
  constructor(left, onTick, onMoment, onEnd) {
    this.onTick = onTick;
    this.onMoment = onMoment;
    this.onEnd = onEnd;
    this.before = left;
    this.end = Date.now() + left * 1000;
    this.timer = setInterval(() => this.look(), 1000);
    this.look();
  }

  /** Take the server's word for how long is left: this machine's clock may have been set. */
  correct(/** @type {number} */ left) {
    this.end = Date.now() + left * 1000;
  }

  look() {
    const left = (this.end - Date.now()) / 1000;
    this.onTick(left);
    const come = moment(this.before, left);
    if (come !== null) this.onMoment(left);
    this.before = left;
    if (left <= 0) {
      clearInterval(this.timer);
      this.onEnd();
    }
  }
}
