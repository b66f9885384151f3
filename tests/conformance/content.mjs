/**
 * Make the calls of a case as content does: one after another, each followed by GetLastError.
 *
 * `[name, element, value]`; an element may name a member of a collection by its identifier between
 * ampersands, and `_compareObjectiveIds` asks for all identifiers of the objectives. Returns
 * `[answer, error]` for each, and null where no member has that identifier.
 */
export function makeCalls(api, calls) {
  const NAMED = /^(adl\.data|cmi\.objectives)\.&(.+)&\.(.+)$/;

  function identifiers(collection) {
    const found = [];
    for (let at = 0; ; at += 1) {
      const id = api.GetValue(`${collection}.${at}.id`);
      if (api.GetLastError() !== "0") return found;
      found.push(id);
    }
  }

  return calls.map(([name, ...given]) => {
    if (name === "_compareObjectiveIds") return [identifiers("cmi.objectives").sort().join(" "), "0"];
    const named = NAMED.exec(given[0]);
    if (named) {
      const at = identifiers(named[1]).indexOf(named[2]);
      if (at < 0) return null;
      given[0] = `${named[1]}.${at}.${named[3]}`;
    }
    return [api[name](...given), api.GetLastError()];
  });
}
