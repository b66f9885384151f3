/**
 * A player in a portal's frame: it asks for a height in which content can be seen.
 */

/** Pixels: most content is made for a screen of this height. */
const HEIGHT = 800;

/**
 * Ask the portal's page for a height (lti.frameResize), where it is one that frames us.
 * @param {{framed: boolean}} setup
 */
export function askForHeight(setup) {
  if (setup.framed && window.parent !== window) {
    // It tells nothing but a number, and who frames us is said by the policy of the page.
    window.parent.postMessage({ subject: "lti.frameResize", height: HEIGHT }, "*");
  }
}
