/** Shows one `section.page` of the document at a time, and keeps contents, progress and buttons in step. */
"use strict";

class Pages {
  /** `onShow(id)` is called after each change of page; without a first page named, nothing is shown yet. */
  constructor(onShow) {
    this.onShow = onShow;
    this.sections = [...document.querySelectorAll("section.page")];
    this.ids = this.sections.map((section) => section.id);
    this.courseTitle = document.title;
    this.current = "";
    this.previous = document.querySelector("[data-previous]");
    this.next = document.querySelector("[data-next]");
    this.leave = document.querySelector("[data-leave]");
    this.previous.addEventListener("click", () => this.move(-1));
    this.next.addEventListener("click", () => this.move(1));
    for (const link of document.querySelectorAll("[data-page-link]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.show(link.hash.slice(1));
      });
    }
    this.openContentsWhereThereIsRoom();
  }

  has(id) {
    return this.ids.includes(id);
  }

  move(step) {
    this.show(this.ids[this.ids.indexOf(this.current) + step]);
  }

  /** The heading takes the focus, so that a screen reader reads on from the new page. */
  show(id, { focus = true } = {}) {
    const index = this.ids.indexOf(id);
    const section = this.sections[index];
    const heading = section.querySelector("h2");
    this.current = id;
    for (const other of this.sections) other.hidden = other !== section;
    this.markPlace(index, heading.textContent.trim());
    window.scrollTo(0, 0);
    if (focus) heading.focus({ preventScroll: true });
    this.onShow(id);
  }

  markPlace(index, title) {
    const isLast = index === this.ids.length - 1;
    document.title = `${title} | ${this.courseTitle}`;
    document.querySelector("[data-place]").textContent = `${index + 1} / ${this.ids.length} ページ`;
    const bar = document.querySelector("progress");
    bar.max = this.ids.length;
    bar.value = index + 1;
    document.querySelector("[data-steps]").hidden = false;
    this.previous.hidden = index === 0;
    this.next.hidden = isLast || this.sections[index].hasAttribute("data-no-next");
    this.leave.hidden = !isLast;
    for (const link of document.querySelectorAll(".contents a")) {
      if (link.hash === `#${this.current}`) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  /** Puts a tick beside each page of the contents that has been seen. */
  markSeen(ids) {
    for (const link of document.querySelectorAll(".contents a")) {
      const isSeen = ids.includes(link.hash.slice(1));
      link.querySelector("[data-seen]").textContent = isSeen ? "済" : "";
    }
  }

  /** Takes the pages away and says good-bye: what happens next is the player's part. */
  close(sentence) {
    for (const section of this.sections) section.hidden = true;
    document.querySelector("[data-steps]").hidden = true;
    for (const contents of document.querySelectorAll(".contents")) contents.hidden = true;
    const farewell = document.querySelector(".farewell");
    farewell.querySelector("[data-sentence]").textContent = sentence;
    farewell.hidden = false;
    farewell.querySelector("h2").focus();
  }

  openContentsWhereThereIsRoom() {
    const contents = document.querySelector(".contents details");
    if (!contents) return;
    const wide = window.matchMedia("(min-width: 64em)");
    contents.open = wide.matches;
    wide.addEventListener("change", () => { contents.open = wide.matches; });
  }
}

/** One line under the heading for what concerns the record: not connected, or not saved. */
function showNote(text) {
  const note = document.querySelector("[data-note]");
  note.textContent = text;
  note.hidden = text === "";
}
