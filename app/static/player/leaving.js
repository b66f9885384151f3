/** The way out of a player, once everything is saved. */

/**
 * Lead the learner back. A page of another site keeps its own way back: there, and where nobody has
 * said where to, `say` tells so, and no button stays that would lead nowhere.
 * @param {{back: string, framed: boolean}} setup
 * @param {() => void} say shows the notice
 */
export function leadBack({ back, framed }, say) {
  if (back && (framed || window.parent === window)) {
    window.location.assign(back);
    return;
  }
  say();
  const buttons = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#leave, #notice-leave, #done-leave"));
  for (const button of buttons) button.hidden = true;
}
