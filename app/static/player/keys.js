/**
 * Keys of the film, where it or one of its controls has the focus: a letter typed elsewhere on the
 * page is nobody's order (WCAG 2.1, 2.1.4).
 */

import { SPEEDS, toggleCaptions } from "./film.js";

const STEP = 5;
const LOUDER = 0.1;
/** What takes these keys for itself. */
const OWN = "input, select, textarea, .vjs-menu, .vjs-modal-dialog";

/**
 * @param {HTMLElement} box the film with all that lies above it
 * @param {import("./videojs.js").Player} player
 * @param {{go: (place: number) => void, toggle: () => void, isFree: () => boolean}} hands
 */
export function listenToKeys(box, player, { go, toggle, isFree }) {
  /** @type {Record<string, () => void>} */
  const acts = {
    " ": toggle,
    k: toggle,
    ArrowLeft: () => go(player.currentTime() - STEP),
    ArrowRight: () => go(player.currentTime() + STEP),
    ArrowUp: () => player.volume(Math.min(1, player.volume() + LOUDER)),
    ArrowDown: () => player.volume(Math.max(0, player.volume() - LOUDER)),
    m: () => player.muted(!player.muted()),
    f: () => void (player.isFullscreen() ? player.exitFullscreen() : player.requestFullscreen()),
    c: () => toggleCaptions(player),
    ">": () => turn(1),
    "<": () => turn(-1),
  };
  box.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const isOwn = target.closest(OWN) || (event.key === " " && target.closest("button"));
    if (isOwn || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    const act = acts[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /** @param {number} step */
  function turn(step) {
    const speed = SPEEDS[SPEEDS.indexOf(player.playbackRate()) + step];
    if (isFree() && speed) player.playbackRate(speed);
  }
}
