/**
 * What the page says above its film: why it does not play with what can be done, or a word in passing.
 */

import { part } from "./parts.js";

const LASTING_MS = 6_000;

export class Notices {
  /** @param {import("./videojs.js").Player} player */
  constructor(player) {
    this.player = player;
    // Within the player it is seen in full screen, too.
    player.el().append(part("said"));
    /** @type {number | undefined} */
    this.hiding = undefined;
  }

  /**
   * Say a word in passing.
   * @param {string} sentence
   */
  say(sentence) {
    clearTimeout(this.hiding);
    part("said").textContent = sentence;
    this.hiding = setTimeout(() => (part("said").textContent = ""), LASTING_MS);
  }

  /**
   * Say why it does not play; until it goes on nothing else of the film can be reached.
   * @param {string} title
   * @param {string} then what to do
   * @param {{label: string, act: () => void} | null} goesOn what goes on, where anything does
   */
  show(title, then, goesOn) {
    if (this.player.isFullscreen()) void this.player.exitFullscreen();
    part("notice-title").textContent = title;
    part("notice-text").textContent = then;
    const button = /** @type {HTMLButtonElement} */ (part("notice-go"));
    button.hidden = goesOn === null;
    button.textContent = goesOn?.label ?? "";
    button.onclick = () => {
      this.hide();
      goesOn?.act();
    };
    part("notice-leave").className = goesOn === null ? "primary" : "tool";
    part("notice").hidden = false;
    this.player.el().inert = true;
    part("notice").focus();
  }

  hide() {
    part("notice").hidden = true;
    this.player.el().inert = false;
  }
}
