/** How ADL's cmi5 suite starts its browser: the system's own, without a window. */
"use strict";

module.exports = {
  launch: { executablePath: process.env.KENSHU_CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] },
};
