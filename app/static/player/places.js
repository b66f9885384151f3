/**
 * Places of a film on the page: the band of what was played, chapters, and what is said as text.
 */

const BAND = 1000;

/**
 * @param {number} seconds
 * @returns {string} 1:05, 1:02:03
 */
export function timeOf(seconds) {
  const whole = Math.floor(seconds);
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/**
 * Draw which stretches of a film were played.
 * @param {Element} band
 * @param {[number, number][]} stretches
 * @param {number} duration
 */
export function drawBand(band, stretches, duration) {
  const parts = stretches.map(([start, stop]) => {
    const part = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    part.setAttribute("x", String((BAND * start) / duration));
    part.setAttribute("width", String((BAND * (stop - start)) / duration));
    part.setAttribute("height", "10");
    return part;
  });
  band.replaceChildren(...parts);
}

/**
 * Fill a list with places that can be gone to; return what marks the present one.
 * @param {HTMLElement} list
 * @param {[number | null, string][]} places a line without a time cannot be gone to
 * @param {(place: number) => void} go
 * @returns {(place: number) => void}
 */
export function listPlaces(list, places, go) {
  const lines = places.map(([place, text]) => {
    const line = document.createElement(list.tagName === "OL" ? "li" : "p");
    if (place === null) {
      line.textContent = text;
      return { place, line };
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "place";
    const time = document.createElement("span");
    time.textContent = timeOf(place);
    button.append(time, ` ${text}`);
    button.addEventListener("click", () => go(place));
    line.append(button);
    return { place, line };
  });
  list.replaceChildren(...lines.map(({ line }) => line));
  return (now) => {
    const present = lines.filter(({ place }) => place !== null && place <= now + 0.25).at(-1);
    for (const each of lines) {
      if (each === present) each.line.setAttribute("aria-current", "true");
      else each.line.removeAttribute("aria-current");
    }
  };
}
