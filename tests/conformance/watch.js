/**
 * Runs in the player's window before the player does, and tells the console what passes there: which
 * item is delivered, that content has found its API, and each call with its answer and its error.
 */
(() => {
  if (window !== window.top || !location.hostname.startsWith("a-")) return;
  const say = console.debug.bind(console);
  const ask = window.fetch.bind(window);
  const tell = (what) => say(`watched ${JSON.stringify(what)}`);
  const LONGEST = 200;
  let item = null;

  window.fetch = async (address, ...given) => {
    const response = await ask(address, ...given);
    if (address === "navigate" && response.ok) {
      const answer = await response.clone().json();
      item = answer.item;
      if (item !== null) tell({ delivered: item, fresh: answer.state.values["cmi.entry"] === "ab-initio" });
    }
    return response;
  };

  function watched(api, prefix) {
    const mine = item;
    const lastError = api[`${prefix}GetLastError`];
    const calls = Object.entries(api).map(([name, call]) => [
      name,
      (...given) => {
        const answer = call(...given);
        const shown = given.map((each) => String(each).slice(0, LONGEST));
        tell({ call: name.slice(prefix.length), item: mine, given: shown, answer, error: lastError() });
        return answer;
      },
    ]);
    return Object.fromEntries(calls);
  }

  for (const [name, prefix] of [
    ["API", "LMS"],
    ["API_1484_11", ""],
  ]) {
    let kept;
    let isFound = false;
    Object.defineProperty(window, name, {
      configurable: true,
      enumerable: true,
      get() {
        if (kept && !isFound) tell({ found: item });
        isFound = Boolean(kept);
        return kept;
      },
      set(api) {
        isFound = false;
        kept = api ? watched(api, prefix) : api;
      },
    });
  }
})();
