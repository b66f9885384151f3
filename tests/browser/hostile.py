"""A SCORM package whose one SCO tries everything a script can try, and keeps what came of it."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="hostile" version="1.0"
    xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
    xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="course">
    <organization identifier="course"><title>{title}</title>
      <item identifier="one" identifierref="sco"><title>{title}</title></item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="sco" type="webcontent" adlcp:scormtype="sco" href="index.html">
      <file href="index.html"/><file href="attack.js"/>
    </resource>
  </resources>
</manifest>
"""

PAGE = """<!doctype html>
<html lang="ja"><head><meta charset="utf-8"><title>x</title></head>
<body><h1>x</h1><script src="attack.js"></script></body></html>
"""

#: `attack(office)` tries each thing once and returns what it got; "blocked" was an exception.
SCRIPT = """
async function tried(act) {
  try { return String(await act()); } catch (error) { return "blocked"; }
}

function opened(office) {
  const popup = window.open(office, "_blank");
  if (!popup) return "blocked";
  return new Promise((resolve) => {
    let left = 100;
    const timer = setInterval(() => {
      let got = "blocked";
      try { got = popup.document.body.innerText; } catch (error) { /* what should happen */ }
      if (got === "" && (left -= 1) > 0) return; // still the empty page that a window begins with
      clearInterval(timer);
      try { popup.close(); } catch (error) { /* it has left our reach altogether */ }
      resolve(got);
    }, 150);
  });
}

function framed(office) {
  const frame = document.createElement("iframe");
  frame.src = office;
  document.body.append(frame);
  return new Promise((resolve) => setTimeout(() => {
    let got = "blocked";
    try { got = frame.contentWindow.document.body.innerText; } catch (error) { /* as it should */ }
    resolve(got);
  }, 1500));
}

function scripted(address) {
  return new Promise((resolve) => {
    const script = document.createElement("script");
    script.onload = () => resolve("loaded");
    script.onerror = () => resolve("blocked");
    script.src = address;
    document.body.append(script);
  });
}

function posted(address) {
  const body = new URLSearchParams({ code: "EVIL", title: "EVIL", language: "en" });
  return fetch(address, { method: "POST", mode: "no-cors", credentials: "include", body })
    .then((answer) => answer.type);
}

async function attack(office) {
  document.cookie = "kenshu=stolen; domain=localhost; path=/";
  localStorage.setItem("planted", "by the hostile package");
  indexedDB.open("planted");
  return {
    cookie: document.cookie,
    topCookie: window.top.document.cookie,
    local: Object.keys(localStorage).join(),
    session: Object.keys(sessionStorage).join(),
    databases: (await indexedDB.databases()).map((one) => one.name).join(),
    caches: (await tried(() => caches.keys())),
    referrer: document.referrer + window.top.document.referrer,
    top: window.top.location.origin === location.origin ? "the player's" : "somebody else's",
    opener: String(window.top.opener),
    popup: await opened(office + "/"),
    frame: await framed(office + "/"),
    fetch: await tried(() => fetch(office + "/", { credentials: "include" }).then((r) => r.text())),
    json: await tried(() => fetch(office + "/history.csv", {
      credentials: "include", headers: { Accept: "application/json" } }).then((r) => r.text())),
    opaque: await tried(() => fetch(office + "/", { mode: "no-cors", credentials: "include" })
      .then((answer) => answer.text())),
    script: await scripted(office + "/history.csv"),
    signOut: await tried(() => posted(office + "/sign-out")),
    training: await tried(() => posted(office + "/trainings/new")),
    language: await tried(() => posted(office + "/language")),
  };
}
"""


def package(folder: Path, title: str) -> Path:
    """Write the package and return its path."""
    target = folder / "hostile.zip"
    with ZipFile(target, "w") as archive:
        archive.writestr("imsmanifest.xml", MANIFEST.format(title=title))
        archive.writestr("index.html", PAGE)
        archive.writestr("attack.js", SCRIPT)
    return target
