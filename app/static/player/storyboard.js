/**
 * Small pictures above the bar of the film: of where the pointer is, and where the keyboard leads.
 */

import { timeOf } from "./places.js";

/**
 * @typedef {{interval: number, width: number, height: number, columns: number, rows: number,
 *   sheets: string[]}} Board
 */

const LASTING_MS = 1_500;

/**
 * @param {Board} board
 * @param {number} place in seconds
 * @returns {{sheet: string, x: number, y: number}} where the picture of a place lies, in pixels
 */
export function pictureAt({ interval, width, height, columns, rows, sheets }, place) {
  const number = Math.max(0, Math.floor(place / interval));
  const sheet = Math.min(sheets.length - 1, Math.floor(number / (columns * rows)));
  const at = number % (columns * rows);
  return { sheet: sheets[sheet], x: (at % columns) * width, y: Math.floor(at / columns) * height };
}

/**
 * @param {import("./videojs.js").Player} player
 * @param {Board} board
 */
export function showBoard(player, board) {
  const bar = /** @type {HTMLElement} */ (player.el().querySelector(".vjs-progress-control"));
  const holder = /** @type {HTMLElement} */ (player.el().querySelector(".vjs-progress-holder"));
  const picture = document.createElement("div");
  const time = document.createElement("span");
  /** @type {number | undefined} */
  let hiding;
  picture.className = "board";
  picture.setAttribute("aria-hidden", "true");
  picture.append(time);
  player.el().append(picture);
  hide();
  bar.addEventListener("pointermove", ({ clientX }) => {
    const { left, width } = holder.getBoundingClientRect();
    show(((clientX - left) / width) * player.duration());
  });
  bar.addEventListener("pointerleave", hide);
  holder.addEventListener("blur", hide);
  player.on("seeking", () => {
    if (document.activeElement !== holder) return;
    show(player.currentTime());
    hiding = setTimeout(hide, LASTING_MS);
  });

  function hide() {
    picture.hidden = true;
  }

  /** @param {number} wanted */
  function show(wanted) {
    clearTimeout(hiding);
    const place = Math.min(player.duration(), Math.max(0, wanted));
    if (!Number.isFinite(place)) return;
    const { sheet, x, y } = pictureAt(board, place);
    const film = player.el().getBoundingClientRect();
    const { left, width } = holder.getBoundingClientRect();
    const middle = left - film.left + (place / player.duration()) * width;
    const most = film.width - board.width - 4;
    time.textContent = timeOf(place);
    Object.assign(picture.style, {
      width: `${board.width}px`,
      height: `${board.height}px`,
      backgroundImage: `url("${sheet}")`,
      backgroundPosition: `-${x}px -${y}px`,
      left: `${Math.max(0, Math.min(most, middle - board.width / 2))}px`,
    });
    picture.hidden = false;
  }
}
