/** The edges of the journal, made by hand: the browser's storage, the clock, and a server with its rules. */

/** @returns {Storage} a storage whose entries are its own enumerable keys, as in a browser */
export function fakeStorage() {
  const methods = {
    getItem: { value: (key) => storage[key] ?? null },
    setItem: { configurable: true, value: (key, value) => void (storage[key] = String(value)) },
    removeItem: { value: (key) => void delete storage[key] },
  };
  const storage = Object.create(null, methods);
  return storage;
}

/** A clock that goes on only when it is told to; it stands in for the browser's timers. */
export class FakeClock {
  constructor() {
    this.now = 0;
    this.timers = [];
    this.real = { setTimeout: globalThis.setTimeout, setInterval: globalThis.setInterval };
    globalThis.setTimeout = (call, delay) => this.#add({ call, at: this.now + delay, every: null });
    globalThis.setInterval = (call, delay) => this.#add({ call, at: this.now + delay, every: delay });
  }

  #add(timer) {
    this.timers.push(timer);
    return this.timers.length;
  }

  restore() {
    Object.assign(globalThis, this.real);
  }

  /** Let time pass, and what is due happen, each at its moment. */
  tick(milliseconds) {
    const end = this.now + milliseconds;
    for (let due = this.#next(end); due; due = this.#next(end)) {
      this.now = due.at;
      if (due.every === null) this.timers.splice(this.timers.indexOf(due), 1);
      else due.at += due.every;
      due.call();
    }
    this.now = end;
  }

  #next(end) {
    return this.timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
  }
}

/**
 * A server that applies each message once and in order, for the newest launch, like the office's.
 * `cut` makes the line fail, `status` answers an error instead of applying, `swallow` applies but
 * loses the answer, `hold` keeps answers back until `release` is called.
 */
export class FakeServer {
  constructor() {
    this.lease = 1;
    this.sequence = 0;
    this.applied = [];
    this.requests = [];
    this.cut = false;
    this.swallow = false;
    this.hold = false;
    this.status = 200;
    this.waiting = [];
    this.fetch = this.fetch.bind(this);
  }

  async fetch(address, { method, body, keepalive = false }) {
    this.requests.push({ address, method, keepalive, bytes: Buffer.byteLength(body), ...JSON.parse(body) });
    if (this.hold) await new Promise((release) => this.waiting.push(release));
    if (this.cut) throw new TypeError("Failed to fetch");
    if (this.status !== 200) return json({}, this.status);
    const answer = this.#commit(JSON.parse(body));
    if (this.swallow) throw new TypeError("Failed to fetch");
    return answer;
  }

  release() {
    this.hold = false;
    for (const release of this.waiting.splice(0)) release();
  }

  /** The values set so far, in the order in which they were applied. */
  get changes() {
    return this.applied.flatMap(({ changes }) => changes);
  }

  #commit({ lease, messages }) {
    if (lease < this.lease) return json({ code: "superseded" }, 409);
    for (const message of messages.filter(({ sequence }) => sequence > this.sequence)) {
      if (message.sequence !== this.sequence + 1) return json({ code: "out_of_sequence" }, 409);
      this.applied.push(message);
      this.sequence = message.sequence;
    }
    return json({ sequence: this.sequence, saved_at: "2026-04-01T00:00:00+00:00", statuses: {} });
  }
}

function json(document, status = 200) {
  return new Response(JSON.stringify(document), { status, headers: { "Content-Type": "application/json" } });
}

/** Let everything that waits only for promises go on. */
export async function settle() {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((wake) => setImmediate(wake));
}
