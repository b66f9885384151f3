/**
 * What a learner in a hurry does on a page of the content: goes on where it lets him, or answers what
 * it asks and hands that in. Returns whether it has pressed anything.
 */
(what) => {
  const WORDS = {
    onward: /^(next|next page|next slide|continue|次へ|次のページ|続ける|進む)$/i,
    submit: /^(submit|submit answers?|check answers?|解答する|回答する|採点する|答え合わせ)$/i,
  };
  const isUsable = (element) => {
    const { visibility, pointerEvents } = getComputedStyle(element);
    const isShown = element.getClientRects().length > 0 && visibility === "visible" && pointerEvents !== "none";
    return isShown && !element.disabled && element.getAttribute("aria-disabled") !== "true";
  };
  const words = (element) =>
    (element.innerText || element.value || element.ariaLabel || "").replace(/[^\p{L}\p{N}\s]/gu, "").trim();

  if (what === "answer") {
    const buttons = [...document.querySelectorAll("input[type=radio]")].filter(isUsable);
    const open = Map.groupBy(buttons, ({ form, name }) => `${form?.id} ${name}`);
    const groups = [...open.values()].filter((group) => !group.some(({ checked }) => checked));
    // Content that marks what is right in its page is taken at its word: a passed test goes further.
    for (const group of groups) (group.find((each) => each.closest("[class^=correct i]")) ?? group[0]).click();
    return groups.length > 0;
  }
  const controls = document.querySelectorAll("button, a, input[type=button], input[type=submit], [role=button]");
  const found = [...controls].find((each) => isUsable(each) && WORDS[what].test(words(each)));
  found?.click();
  return found !== undefined;
};
