/** A table that is wider than its frame moves within it: then the keyboard must reach it, too (WCAG 2.1.1). */

const watching = new ResizeObserver((entries) => entries.forEach(({ target }) => show(target)));

/**
 * Look after every [data-table] on a page, as wide as its window ever gets.
 *
 * @param {Document} page
 */
export function attachTables(page) {
  for (const frame of page.querySelectorAll("[data-table]")) {
    watching.observe(frame); // once, however often it is said
  }
}

/**
 * Let a frame take the focus, under the name of its table, while there is more of it than is seen.
 *
 * @param {Element} frame
 */
function show(frame) {
  if (frame.scrollWidth > frame.clientWidth) {
    frame.setAttribute("tabindex", "0");
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", frame.querySelector("caption")?.textContent?.trim() ?? "");
  } else {
    ["tabindex", "role", "aria-label"].forEach((name) => frame.removeAttribute(name));
  }
}
