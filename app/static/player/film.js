/**
 * The film in its player: video.js, with HLS by its own code but where the browser plays nothing else.
 */

import { JAPANESE } from "./film_words.js";

/** @typedef {import("./videojs.js").Player} Player */

/** Speeds that are offered to whoever may choose one. */
export const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
const HLS = "application/x-mpegURL";

/**
 * @param {Record<string, any>} setup
 * @param {HTMLElement} element
 * @returns {Player}
 */
export function openFilm(setup, element) {
  const videojs = /** @type {import("./videojs.js").VideoJs} */ (/** @type {any} */ (window).videojs);
  // Each browser of an iPhone is Safari underneath, whatever it calls itself.
  const isNative = videojs.browser.IS_ANY_SAFARI || videojs.browser.IS_IOS;
  videojs.addLanguage("ja", JAPANESE);
  const player = videojs(element, {
    controls: true,
    fill: true,
    preload: "metadata",
    language: setup.language,
    playbackRates: setup.free ? SPEEDS : [],
    bigPlayButton: false,
    errorDisplay: false,
    disablePictureInPicture: true,
    controlBar: {
      pictureInPictureToggle: false,
      remainingTimeDisplay: false,
      currentTimeDisplay: true,
      timeDivider: true,
      durationDisplay: true,
      // The page's own picture stands there, with the time.
      progressControl: { seekBar: { mouseTimeDisplay: !setup.storyboard } },
    },
    html5: { vhs: { overrideNative: !isNative }, nativeAudioTracks: isNative, nativeVideoTracks: isNative },
    userActions: { hotkeys: false },
  });
  player.ready(() => {
    for (const { language, label, src } of setup.captions) {
      const isShown = language === setup.language;
      // They stay when the film is loaded again.
      player.addRemoteTextTrack({ kind: "captions", srclang: language, label, src, default: isShown }, true);
    }
  });
  return player;
}

/**
 * Load the film, and stand at a place of it.
 * @param {Player} player
 * @param {string} master
 * @param {() => number} place asked for once the film can stand anywhere
 * @param {() => void} then done once it stands there
 */
export function load(player, master, place, then = () => {}) {
  player.ready(() => {
    player.src({ src: master, type: HLS });
    player.one("loadedmetadata", () => {
      if (place() > 0) player.currentTime(place());
      then();
    });
  });
}

/**
 * Show the captions of the page's language, else the first ones; or none, where some are shown.
 * @param {Player} player
 */
export function toggleCaptions(player) {
  const tracks = player.textTracks();
  const all = Array.from({ length: tracks.length }, (_, at) => tracks[at]).filter(({ kind }) => kind === "captions");
  const shown = all.find(({ mode }) => mode === "showing");
  const wanted = all.find(({ language }) => language === player.language()) ?? all[0];
  if (shown) shown.mode = "disabled";
  else if (wanted) wanted.mode = "showing";
}
