/** Tells the player that the content of a unit has ended: the page around it, or that opened it. */

const player = window.parent === window ? window.opener : window.parent;
player?.postMessage("returned", window.location.origin);
