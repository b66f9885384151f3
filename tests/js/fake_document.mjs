/** As much of a page as the outline draws on: elements that hold text, attributes and other elements. */

class FakeElement {
  constructor(tag) {
    this.tag = tag;
    this.children = [];
    this.dataset = {};
    this.attributes = {};
    this.listeners = {};
    this.own = "";
  }

  set textContent(text) {
    this.own = text;
    this.children = [];
  }

  get textContent() {
    return this.own + this.children.map((child) => (typeof child === "string" ? child : child.textContent)).join("");
  }

  append(...children) {
    this.children.push(...children);
  }

  replaceChildren(...children) {
    this.children = children;
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  addEventListener(name, listener) {
    this.listeners[name] = listener;
  }

  click() {
    this.listeners.click();
  }

  /** The elements of a tag below this one, in their order. */
  all(tag) {
    const below = this.children.filter((child) => child instanceof FakeElement);
    return below.flatMap((child) => [...(child.tag === tag ? [child] : []), ...child.all(tag)]);
  }
}

export const fakeDocument = { createElement: (tag) => new FakeElement(tag) };
