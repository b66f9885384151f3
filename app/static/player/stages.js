/** Where content is shown: in a frame of the player's page, or in a window that the learner opens. */

/** Content is given this long to end its session while its page goes away. */
const UNLOAD_MS = 2_000;
const BLANK = "about:blank";

/** A frame of the page. */
export class FrameStage {
  /**
   * @param {HTMLIFrameElement} frame
   * @param {() => void} onLoad told when content is there
   */
  constructor(frame, onLoad) {
    this.frame = frame;
    this.onLoad = onLoad;
  }

  /** Take the content away, letting it say its last words. */
  async clear() {
    if (this.frame.src === BLANK) return;
    const gone = new Promise((resolve) => this.frame.addEventListener("load", resolve, { once: true }));
    this.frame.src = BLANK;
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, UNLOAD_MS))]);
  }

  /**
   * @param {string} address
   * @param {string} title
   */
  show(address, title) {
    this.frame.title = title;
    this.frame.addEventListener("load", this.onLoad, { once: true });
    this.frame.src = address;
  }
}

/** A window of its own: content finds the API as its opener's. A browser opens one only upon a click. */
export class WindowStage {
  /**
   * @param {HTMLButtonElement} button the button that opens it
   * @param {() => void} onWait told that the learner has to press the button
   * @param {() => void} onLoad told when the content's window is there
   */
  constructor(button, onWait, onLoad) {
    this.button = button;
    this.onWait = onWait;
    this.onLoad = onLoad;
    /** @type {Window | null} */
    this.opened = null;
    this.address = "";
    button.addEventListener("click", () => this.#open());
  }

  #open() {
    this.opened = window.open(this.address, `content-${Date.now()}`, "popup");
    if (this.opened) this.onLoad();
  }

  /** Let the content go; the window stays, so that the next item needs no click. */
  async clear() {
    if (!this.opened || this.opened.closed || this.opened.location.href === BLANK) return;
    const { opened } = this;
    const gone = new Promise((resolve) => opened.addEventListener("pagehide", resolve, { once: true }));
    opened.location.href = BLANK;
    await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, UNLOAD_MS))]);
    // The unload handlers of the content run after pagehide is told.
    await new Promise((resolve) => setTimeout(resolve));
  }

  /** @param {string} address */
  show(address) {
    this.address = new URL(address, document.baseURI).href;
    if (this.opened && !this.opened.closed) {
      this.opened.location.href = this.address;
      this.opened.focus();
      this.onLoad();
    } else this.onWait();
  }

  close() {
    this.opened?.close();
  }
}
