/** Pages in a portal's frame: the login's keeping, the launch's bringing back, and the frame's height. */
import { attachPortalLaunch, attachPortalLogin } from "./portal_storage.js";

/** What platforms understand as the height that a frame should have (lti.frameResize). */
function tellHeight() {
  if (window.parent === window) {
    return;
  }
  const height = Math.ceil(document.documentElement.scrollHeight);
  // It tells nothing but a number, and who frames us is said by the policy of the page.
  window.parent.postMessage({ subject: "lti.frameResize", height }, "*");
}

/** A platform has registered itself: it may close the page in which it did (LTI Dynamic Registration 1.0, 3.7). */
function tellClose() {
  if (document.querySelector("[data-portal-close]")) {
    (window.opener ?? window.parent).postMessage({ subject: "org.imsglobal.lti.close" }, "*");
  }
}

void attachPortalLogin(document);
void attachPortalLaunch(document);
tellClose();
tellHeight();
new ResizeObserver(tellHeight).observe(document.body);
