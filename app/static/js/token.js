/** The token by which forms prove themselves: whoever has signed in again has another one, and the page says it. */

/**
 * @param {Document} page
 * @returns {string}
 */
export function token(page) {
  const field = page.querySelector("[name=csrf_token]");
  return field instanceof HTMLInputElement ? field.value : "";
}

/**
 * Ask for the page anew, and put its token into every form of this one; nothing changes while nobody is signed in.
 *
 * @param {Document} page
 */
export async function renewToken(page) {
  const asked = { headers: { Accept: "text/html" }, redirect: /** @type {RequestRedirect} */ ("manual") };
  const response = await fetch(page.location.pathname, asked).catch(() => null);
  if (!response?.ok) return;
  const fresh = token(new DOMParser().parseFromString(await response.text(), "text/html"));
  for (const each of page.querySelectorAll("[name=csrf_token]")) {
    if (fresh && each instanceof HTMLInputElement) each.value = fresh;
  }
}
