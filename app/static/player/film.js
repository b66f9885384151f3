/**
 * The film in its player: video.js with HLS, captions, sizes to choose from, and small pictures above the bar.
 */

import { timeOf } from "./places.js";

/** @typedef {import("./videojs.js").Player} Player */

const CHOSEN = "kenshu.video.height";
/** Speeds that are offered to whoever may choose one. */
export const SPEEDS = [0.75, 1, 1.25, 1.5, 2];

/**
 * @param {Record<string, any>} setup
 * @param {HTMLElement} element
 * @returns {Player}
 */
export function openFilm(setup, element) {
  const videojs = /** @type {import("./videojs.js").VideoJs} */ (/** @type {any} */ (window).videojs);
  const isNative = videojs.browser.IS_ANY_SAFARI;
  const player = videojs(element, {
    controls: true,
    fill: true,
    preload: "auto",
    language: setup.language,
    playbackRates: setup.free ? SPEEDS : [],
    enableSmoothSeeking: true,
    disablePictureInPicture: true,
    controlBar: { pictureInPictureToggle: false, remainingTimeDisplay: false, currentTimeDisplay: true, timeDivider: true, durationDisplay: true },
    html5: { vhs: { overrideNative: !isNative }, nativeAudioTracks: isNative, nativeVideoTracks: isNative },
    userActions: { hotkeys: false },
  });
  player.ready(() => {
    for (const { language, label, src } of setup.captions) {
      const isShown = language === setup.language;
      player.addRemoteTextTrack({ kind: "captions", srclang: language, label, src, default: isShown }, false);
    }
    player.src({ src: setup.master, type: "application/x-mpegURL" });
  });
  return player;
}

/**
 * Fill the choice of sizes once they are known; the one that was chosen last is taken again.
 * @param {Player} player
 * @param {HTMLSelectElement} select
 * @param {Storage} storage
 * @param {string} automatic the word for none
 */
export function offerSizes(player, select, storage, automatic) {
  const sizes = player.tech(true).vhs?.representations?.() ?? [];
  const heights = [...new Set(sizes.map(sideOf).filter((side) => side > 0))].sort((one, other) => other - one);
  const box = /** @type {HTMLElement} */ (select.parentElement);
  box.hidden = heights.length < 2;
  if (box.hidden || select.options.length > 0) return;
  select.append(new Option(automatic, "0"), ...heights.map((height) => new Option(`${height}p`, String(height))));
  const chosen = storage.getItem(CHOSEN) ?? "0";
  select.value = heights.includes(Number(chosen)) ? chosen : "0";
  choose();
  select.addEventListener("change", choose);

  function choose() {
    storage.setItem(CHOSEN, select.value);
    const wanted = Number(select.value);
    for (const size of sizes) size.enabled(wanted === 0 || sideOf(size) === wanted);
  }
}

/** @param {import("./videojs.js").Representation} size */
function sideOf(size) {
  return Math.min(size.width ?? 0, size.height ?? 0);
}

/**
 * Show the small picture of where the pointer is above the bar, or where the keyboard leads.
 * @param {Player} player
 * @param {{interval: number, width: number, height: number, columns: number, rows: number, sheets: string[]}} board
 */
export function showBoard(player, board) {
  const bar = player.el().querySelector(".vjs-progress-control");
  const holder = player.el().querySelector(".vjs-progress-holder");
  if (!bar || !holder) return;
  const picture = document.createElement("div");
  picture.className = "board";
  picture.setAttribute("aria-hidden", "true");
  picture.hidden = true;
  picture.style.width = `${board.width}px`;
  picture.style.height = `${board.height}px`;
  const time = document.createElement("span");
  picture.append(time);
  player.el().append(picture);
  bar.addEventListener("pointermove", (event) => {
    const { left, width } = holder.getBoundingClientRect();
    draw((/** @type {PointerEvent} */ (event).clientX - left) / width);
  });
  bar.addEventListener("pointerleave", () => (picture.hidden = true));
  holder.addEventListener("blur", () => (picture.hidden = true));
  holder.addEventListener("keyup", () => draw(player.currentTime() / player.duration()));

  /** @param {number} share of the film, from 0 to 1 */
  function draw(share) {
    const place = Math.min(1, Math.max(0, share)) * player.duration();
    if (!Number.isFinite(place)) return;
    const number = Math.floor(place / board.interval);
    const onSheet = board.columns * board.rows;
    const sheet = board.sheets[Math.floor(number / onSheet)] ?? board.sheets.at(-1);
    const at = number % onSheet;
    picture.style.backgroundImage = `url("${sheet}")`;
    picture.style.backgroundPosition = `${-(at % board.columns) * board.width}px ${-Math.floor(at / board.columns) * board.height}px`;
    time.textContent = timeOf(place);
    const { left, width } = /** @type {Element} */ (holder).getBoundingClientRect();
    const edge = player.el().getBoundingClientRect();
    const middle = left - edge.left + (place / player.duration()) * width;
    picture.style.left = `${Math.max(0, Math.min(edge.width - board.width, middle - board.width / 2))}px`;
    picture.hidden = false;
  }
}

/**
 * Keys for the whole page, but where something is typed or a button has the focus.
 * @param {Player} player
 * @param {{go: (place: number) => void, toggle: () => void, isFree: () => boolean}} hands
 */
export function listenToKeys(player, { go, toggle, isFree }) {
  /** @type {Record<string, () => void>} */
  const keys = {
    " ": toggle,
    k: toggle,
    ArrowLeft: () => go(player.currentTime() - 5),
    ArrowRight: () => go(player.currentTime() + 5),
    ArrowUp: () => player.volume(Math.min(1, player.volume() + 0.1)),
    ArrowDown: () => player.volume(Math.max(0, player.volume() - 0.1)),
    m: () => player.muted(!player.muted()),
    f: () => void (player.isFullscreen() ? player.exitFullscreen() : player.requestFullscreen()),
    c: () => toggleCaptions(player),
    ">": () => speed(1),
    "<": () => speed(-1),
  };
  document.addEventListener("keydown", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const isTyping = target.closest("input, select, textarea, dialog, summary, .vjs-menu, .vjs-control:not(.vjs-progress-holder)");
    const isPressed = event.key === " " && target.closest("button, a");
    if (isTyping || isPressed || event.ctrlKey || event.altKey || event.metaKey) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  /** @param {number} step */
  function speed(step) {
    if (!isFree()) return;
    const at = SPEEDS.indexOf(player.playbackRate()) + step;
    if (SPEEDS[at]) player.playbackRate(SPEEDS[at]);
  }
}

/** @param {Player} player */
function toggleCaptions(player) {
  const tracks = player.textTracks();
  const all = Array.from({ length: tracks.length }, (_, at) => tracks[at]).filter(({ kind }) => kind === "captions");
  const shown = all.find(({ mode }) => mode === "showing");
  if (shown) shown.mode = "disabled";
  else if (all[0]) all[0].mode = "showing";
}
