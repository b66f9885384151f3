/**
 * What ADL's cmi5 suite for LMSs asks of an LMS, done by our programming interface.
 *
 * Environment: KENSHU_ORIGIN, KENSHU_KEY, KENSHU_SECRET, and KENSHU_SUITE, the suite's folder.
 */
"use strict";

const http = require("http");
const { InvalidPackageError } = require(`${process.env.KENSHU_SUITE}/lib/errors`);

const { KENSHU_ORIGIN: origin, KENSHU_KEY: key, KENSHU_SECRET: secret } = process.env;
const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString("base64")}`;
let imported = [];

/** Ask the interface; return the answer's status and what it says. (The suite's runner has no fetch.) */
function ask(method, path, body, type = "application/json") {
  const headers = { Authorization: authorization, ...(body === undefined ? {} : { "Content-Type": type }) };
  return new Promise((resolve, reject) => {
    const asked = http.request(`${origin}/api/v1${path}`, { method, headers }, async (answer) => {
      const said = (await bytesOf(answer)).toString();
      resolve({ status: answer.statusCode, said: said ? JSON.parse(said) : null });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** Ask for what must be done. */
async function need(method, path, document) {
  const { status, said } = await ask(method, path, document === undefined ? undefined : JSON.stringify(document));
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(said)}`);
  return said;
}

async function bytesOf(stream) {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

module.exports = {
  setup: async () => {},
  teardown: async () => {},
  getLrsEndpoint: () => `${origin}/xapi`,
  getLrsAuthHeader: () => authorization,

  importCourse: async (stream, type, name) => {
    const path = `/courses?name=${encodeURIComponent(name)}`;
    const { status, said } = await ask("POST", path, await bytesOf(stream), type);
    if (status === 422 || status === 415) throw new InvalidPackageError(JSON.stringify(said));
    if (status !== 201) throw new Error(`${name}: ${status} ${JSON.stringify(said)}`);
    imported.push(said.id);
    return said.id;
  },

  getLaunchUrl: async (course, unit, actor, { registration, launchMode }) => {
    const asked = { actor, unit, registration, launchMode };
    return (await need("POST", `/courses/${course}/launches`, asked)).url;
  },

  cleanup: async () => {
    for (const course of imported) await need("DELETE", `/courses/${course}`);
    imported = [];
  },

  hasWaive: () => true,
  waiveAU: (registration, unit, reason) =>
    need("POST", `/registrations/${registration}/waivers`, { unit, reason }),

  hasAbandon: () => true,
  abandonSession: (session) => need("POST", `/sessions/${session}/abandonment`),
};
