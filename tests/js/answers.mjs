/** The tables and the answers of the server's data model, asked of Python. */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PYTHON = process.env.PYTHON ?? ".venv/bin/python";

/** @returns what `python -m tests.js.answers` prints; `--tables` leaves out the long part, the scripts */
export function answers(...options) {
  const { status, stdout, stderr, error } = spawnSync(PYTHON, ["-m", "tests.js.answers", ...options], {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 256 * 1024 ** 2,
  });
  if (status !== 0) throw new Error(`python -m tests.js.answers: ${error ?? stderr}`);
  return JSON.parse(stdout);
}
