/**
 * What a browser keeps of a login until the answer comes: the cookie that came with the page, the frame's own
 * storage, the platform's storage (LTI Client Side postMessages). Which of them counts is found by looking whether
 * it was kept; where nothing was, a new window opens, in which cookies are ours.
 */

/** Milliseconds that a platform's frame gets to answer. */
const PATIENCE = 1500;

/** @param {string} state */
function nameOf(state) {
  return `kenshu-lti-${state}`;
}

/**
 * @param {string} state
 * @param {string} verifier
 */
function keepHere(state, verifier) {
  try {
    window.sessionStorage.setItem(nameOf(state), verifier);
    return window.sessionStorage.getItem(nameOf(state)) === verifier;
  } catch {
    return false; // the browser keeps nothing for frames of other sites
  }
}

/** @param {string} state */
function keptHere(state) {
  try {
    const found = window.sessionStorage.getItem(nameOf(state));
    window.sessionStorage.removeItem(nameOf(state));
    return found ?? "";
  } catch {
    return "";
  }
}

/** @param {string} verifier */
function isCookieKept(verifier) {
  return document.cookie.split("; ").some((pair) => pair.endsWith(`=${verifier}`));
}

/**
 * Ask the platform's frame, and return what it answers; null where it does not in time.
 *
 * @param {string} target
 * @param {string} origin
 * @param {Record<string, string>} asked
 * @returns {Promise<{value?: string, error?: unknown} | null>}
 */
function askPlatform(target, origin, asked) {
  const above = window.parent !== window ? window.parent : window.opener;
  if (!target || !origin || !above) {
    return Promise.resolve(null);
  }
  /** @type {Window | undefined} */
  let frame;
  try {
    frame = target === "_parent" ? above : above.frames[target];
  } catch {
    frame = above;
  }
  return new Promise((resolve) => {
    const message_id = crypto.randomUUID();
    const timer = setTimeout(() => finish(null), PATIENCE);
    /** @param {MessageEvent} event */
    function listen(event) {
      const said = event.data;
      if (event.origin === origin && said?.message_id === message_id && `${said.subject}`.endsWith(".response")) {
        finish(said);
      }
    }
    /** @param {{value?: string, error?: unknown} | null} found */
    function finish(found) {
      clearTimeout(timer);
      window.removeEventListener("message", listen);
      resolve(found);
    }
    window.addEventListener("message", listen);
    (frame ?? above).postMessage({ ...asked, message_id }, origin);
  });
}

/** @param {Document} page */
export async function attachPortalLogin(page) {
  const login = page.querySelector("[data-portal-login]");
  if (!(login instanceof HTMLElement)) {
    return;
  }
  const { address = "", state = "", verifier = "", storageTarget = "", storageOrigin = "" } = login.dataset;
  let isKept = keepHere(state, verifier) || isCookieKept(verifier);
  if (!isKept) {
    const put = { subject: "lti.put_data", key: nameOf(state), value: verifier };
    const answer = await askPlatform(storageTarget, storageOrigin, put);
    isKept = answer !== null && !answer.error;
  }
  if (isKept) {
    window.location.replace(address);
    return;
  }
  const form = page.querySelector("[data-portal-window]");
  if (form instanceof HTMLElement) {
    login.hidden = true;
    form.hidden = false;
  }
}

/** @param {Document} page */
export async function attachPortalLaunch(page) {
  const form = page.querySelector("form[data-portal-launch]");
  if (!(form instanceof HTMLFormElement)) {
    return;
  }
  const state = `${new FormData(form).get("state")}`;
  const field = form.elements.namedItem("verifier");
  if (!(field instanceof HTMLInputElement)) {
    return;
  }
  field.value = keptHere(state);
  if (!field.value) {
    const { storageTarget = "", storageOrigin = "" } = form.dataset;
    const get = { subject: "lti.get_data", key: nameOf(state) };
    field.value = (await askPlatform(storageTarget, storageOrigin, get))?.value ?? "";
  }
  form.submit();
}
