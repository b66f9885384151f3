/**
 * A learner's browser without a screen: the player's own code, run in Node, over HTTP.
 *
 * Reads commands as lines of JSON and answers each by one line. `launch` opens a player's address (and
 * `chosen` is the title of what the learner chooses to begin with), `call` makes calls of
 * the content to the API that was given to it, `calls` those of a case, `flush` waits until the server
 * has all, `go` is a navigation of the learner's own, `unload` says what content calls when its page goes away,
 * `follow` waits for what content has asked for as it ended, `leave` leaves the player.
 */

import http from "node:http";
import { createInterface } from "node:readline";

import { Journal } from "../../app/static/player/journal.js";
import { Play } from "../../app/static/player/play.js";
import { makeCalls } from "./content.mjs";

/** What a server on the same machine needs for any answer, many times over. */
const PATIENCE_MS = 15_000;
const agent = new http.Agent({ keepAlive: true });
/** What each origin keeps in its storage, as a browser does from one launch to the next. */
const storages = new Map();

/** Ask the server, by any host's name: they all are on this machine. */
function ask(address, method = "GET", body = undefined) {
  const { hostname, port, pathname, host } = new URL(address);
  const options = {
    host: hostname === "localhost" || hostname.endsWith(".localhost") ? "127.0.0.1" : hostname,
    port,
    path: pathname,
    method,
    agent,
    headers: { Host: host, Accept: "application/json", "Content-Type": "application/json" },
  };
  return new Promise((resolve, reject) => {
    const fail = (error) => reject(new TypeError(error.message));
    const request = http.request(options, (response) => {
      const parts = [];
      // A server that is killed amid its answer: the request has ended well by then.
      response.on("error", fail);
      response.on("data", (part) => parts.push(part));
      response.on("end", () => {
        const headers = { "Content-Type": response.headers["content-type"] ?? "" };
        resolve(new Response(Buffer.concat(parts), { status: response.statusCode, headers }));
      });
    });
    request.on("error", fail);
    request.end(body);
  });
}

globalThis.fetch = (address, { method, body }) => ask(new URL(address, page.address).href, method, body);

function storageOf(origin) {
  if (!storages.has(origin)) {
    const methods = {
      getItem: { value: (key) => storage[key] ?? null },
      setItem: { value: (key, value) => void (storage[key] = String(value)) },
      removeItem: { value: (key) => void delete storage[key] },
    };
    const storage = Object.create(null, methods);
    storages.set(origin, storage);
  }
  return storages.get(origin);
}

/** The page that is open: one launch. */
class Page {
  constructor(address, setup) {
    this.address = address;
    this.setup = setup;
    this.delivered = null;
    this.api = null;
    this.stayed = null;
    this.stopped = null;
    this.unloading = [];
    this.waiting = null;
    this.journal = new Journal({
      address: "commit",
      lease: setup.lease,
      storage: storageOf(new URL(address).origin),
      onLine: (line, answer) => this.play?.acknowledge(answer),
    });
    this.play = new Play({
      setup,
      journal: this.journal,
      post: (path, body) => ask(new URL(path, address).href, "POST", JSON.stringify(body)),
      onOffline: () => {},
      stage: {
        clear: async () => this.unload(),
        show: (delivered, api) => this.happened({ delivered, api, stayed: null }),
        change: () => {},
        stay: (stayed, reason) => this.happened({ delivered: null, stayed, reason }),
        move: () => {},
        stop: (stopped) => this.happened({ delivered: null, stopped }),
      },
    });
  }

  unload() {
    for (const [name, ...given] of this.unloading.splice(0)) this.api[name](...given);
  }

  happened(what) {
    Object.assign(this, what);
    this.waiting?.();
  }

  /** Let something begin that ends in a delivery or in its absence, and wait for that. */
  async until(begin) {
    const happened = new Promise((resolve, reject) => {
      this.waiting = resolve;
      setTimeout(() => reject(new Error("nothing was delivered, and nobody said why")), PATIENCE_MS).unref();
    });
    await Promise.race([happened, Promise.resolve(begin()).then(() => happened)]);
    await this.journal.flush();
    return this.state();
  }

  state() {
    const { delivered, stayed, stopped, reason, play } = this;
    return {
      item: delivered?.item ?? null,
      hidden: delivered?.hidden_controls ?? [],
      controls: play.controls,
      stayed,
      stopped,
      reason,
    };
  }

  close() {
    clearInterval(this.journal.timer);
  }
}

/** Find an entry of the outline by its title. */
function titled(entries, title) {
  return flat(entries).find((entry) => entry.title === title)?.id;
}

function flat(entries) {
  return entries.flatMap((entry) => [entry, ...flat(entry.items)]);
}

/** @type {Page} */
let page;

const COMMANDS = {
  async launch({ address, chosen }) {
    page?.close();
    const html = await (await ask(address)).text();
    const document = /<script type="application\/json" id="setup">(.*?)<\/script>/s.exec(html);
    if (!document) throw new Error(`no player at ${address}: ${html.slice(0, 300)}`);
    page = new Page(address, JSON.parse(document[1]));
    const { outline } = page.setup;
    const begin = () => (chosen ? page.play.go(`{target=${titled(outline, chosen)}}choice`) : page.play.open());
    const state = await page.until(begin);
    return { ...state, outline, root: page.setup.root, title: page.setup.title };
  },
  call: ({ calls }) => ({ answers: calls.map(([name, ...given]) => page.api[name](...given)) }),
  async flush() {
    await page.journal.flush();
    return {};
  },
  calls: ({ calls }) => ({ answers: makeCalls(page.api, calls) }),
  unload({ calls }) {
    page.unloading = calls;
    return {};
  },
  go: ({ request }) => page.until(() => page.play.go(request)),
  follow: () => page.until(() => {}),
  end: ({ calls }) =>
    page.until(() => {
      for (const [name, ...given] of calls) page.api[name](...given);
    }),
  async leave() {
    await page.play.leave();
    return {};
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  let answer;
  try {
    answer = await COMMANDS[command.op](command);
  } catch (error) {
    answer = { fault: String(error?.stack ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
