/** The edges of the player, made by hand: the browser's storage, the clock, a server with its rules, a page. */

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
    globalThis.setTimeout = (call, delay = 0) => this.#add({ call, at: this.now + delay, every: null });
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
 * loses the answer, `hold` keeps answers back until `release` is called; `controls` stands in each answer.
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
    this.controls = undefined;
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
    const { sequence, controls } = this;
    return json({ sequence, saved_at: "2026-04-01T00:00:00+00:00", statuses: {}, controls });
  }
}

/**
 * A server of a whole launch: each step is taken once, like the office's. What goes on at a navigation is in
 * `fault`: "cut" makes the line fail, "swallow" takes the step but loses the answer, a number answers that
 * error; `answer` is what the next steps lead to instead of an item. `log` has all that was asked for, `taken`
 * the requests of the steps that were taken.
 */
export class FakeLaunch {
  /** @param {string[]} items */
  constructor(items = ["a", "b", "c"]) {
    this.items = items;
    this.commits = new FakeServer();
    this.step = 0;
    this.at = 0;
    this.log = [];
    this.taken = [];
    this.fault = null;
    this.answer = null;
    this.last = null;
    this.fetch = this.fetch.bind(this);
    this.post = (address, body) => this.fetch(address, { method: "POST", body: JSON.stringify(body) });
  }

  async fetch(address, options) {
    const body = JSON.parse(options.body);
    if (address === "commit") {
      this.log.push(["commit", ...body.messages.map(({ item, finished }) => `${item}${finished ? " finished" : ""}`)]);
      return this.commits.fetch(address, options);
    }
    this.log.push(address === "navigate" ? ["navigate", body.step, body.request] : [address]);
    if (this.fault === "cut") throw new TypeError("Failed to fetch");
    if (typeof this.fault === "number") return json({ type: "urn:kenshu:fault" }, this.fault);
    const answer = address === "navigate" ? this.#navigate(body) : json({ ended: false });
    if (this.fault === "swallow") throw new TypeError("Failed to fetch");
    return answer;
  }

  /** The navigations that were asked for, in their order. */
  get navigations() {
    return this.log.filter(([address]) => address === "navigate");
  }

  /** What may be asked for where the learner is now. */
  get controls() {
    return {
      continue: this.at < this.items.length - 1,
      previous: this.at > 0,
      choices: this.items,
      jumps: [],
      hidden: [],
    };
  }

  #navigate({ step, request }) {
    if (step === this.step) return json(this.last);
    if (step !== this.step + 1) return json({ type: "urn:kenshu:out_of_sequence" }, 409);
    this.step = step;
    this.taken.push(request);
    this.last = this.answer ?? this.#item(request);
    return json(this.last);
  }

  #item(request) {
    const target = /^\{target=(.*)\}choice$/.exec(request);
    if (target) this.at = this.items.indexOf(target[1]);
    this.at += { continue: 1, previous: -1 }[request] ?? 0;
    const item = this.items[this.at];
    return {
      item,
      title: `題 ${item}`,
      address: `content/${item}.html`,
      hidden_controls: [],
      state: { values: { "cmi.launch_data": item }, counts: {}, session: "open" },
      ended: false,
      left: false,
      reason: "",
      controls: this.controls,
      statuses: { [item]: "in_progress" },
      sequence: this.commits.sequence,
    };
  }
}

/** A page that shows content: `said` is all that it was told, and `lastWords` what content does as it goes. */
export class FakeStage {
  /** @param {unknown[][]} log where it notes that content goes and comes, among what is asked of the server */
  constructor(log) {
    this.log = log;
    this.said = [];
    this.api = null;
    this.lastWords = () => {};
    for (const name of ["change", "stay", "move", "stop"]) this[name] = (...given) => this.said.push([name, ...given]);
  }

  async clear() {
    const { lastWords } = this;
    this.lastWords = () => {};
    lastWords(this.api);
    this.log.push(["clear"]);
  }

  show(delivered, api) {
    this.api = api;
    this.log.push(["show", delivered.item]);
  }

  /** What the page was told of one kind, in its order. */
  told(name) {
    return this.said.filter(([what]) => what === name).map(([, ...given]) => given);
  }
}

/** @param {object} document @param {number} status */
export function json(document, status = 200) {
  return new Response(JSON.stringify(document), { status, headers: { "Content-Type": "application/json" } });
}

/** Numbers by chance that are the same each time (a linear congruential generator). */
export function chance(seed) {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

/** Let everything that waits only for promises go on. */
export async function settle() {
  for (let turn = 0; turn < 50; turn += 1) await new Promise((wake) => setImmediate(wake));
}
