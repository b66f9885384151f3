/**
 * The browser's storage of an attempt, and which of its pages plays it.
 */

/** A page that is reloaded waits this long for the one before it to let go. */
const HANDOVER_MS = 3_000;

/**
 * The browser's storage; where it is blocked, one that lasts as long as the page.
 * @returns {Storage}
 */
export function openStorage() {
  try {
    return window.localStorage;
  } catch {
    /** @type {Record<string, any>} */
    const kept = {};
    const storage = {
      getItem: (/** @type {string} */ key) => kept[key] ?? null,
      setItem: (/** @type {string} */ key, /** @type {string} */ value) => (kept[key] = value),
      removeItem: (/** @type {string} */ key) => delete kept[key],
    };
    return /** @type {Storage} */ (/** @type {unknown} */ (storage));
  }
}

/**
 * Whether this page alone plays the launch: a copy of its tab would share its sequence numbers.
 * @param {number} lease
 * @returns {Promise<boolean>}
 */
export function holdLaunch(lease) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(HANDOVER_MS);
    navigator.locks
      // By launch, not by attempt: a newer launch takes over, and the older one is told at its next word.
      .request(`player ${lease}`, { signal }, () => {
        resolve(true);
        return new Promise(() => {}); // held until the page goes
      })
      // A frame of another site may be refused locks with its storage: nothing is shared there.
      .catch((error) => resolve(error.name === "SecurityError"));
  });
}
