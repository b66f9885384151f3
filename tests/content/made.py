"""Small packages made for a test."""

from __future__ import annotations

import zipfile
from pathlib import Path

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="M" version="1" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"
  xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
  <metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>
  <organizations default="O"><organization identifier="O"><title>{title}</title>
    <item identifier="I" identifierref="R"><title>はじめに</title></item>
  </organization></organizations>
  <resources><resource identifier="R" type="webcontent" adlcp:scormtype="sco" href="{href}">
    <file href="{href}"/></resource></resources>
</manifest>"""


#: A page of a SCO: it names the API.
PAGE = "<!doctype html><title>x</title><script>parent.API.LMSInitialize('')</script>"


def package(path: Path, title: str = "個人情報の守り方", href: str = "index.html") -> Path:
    """Write a SCORM 1.2 package of one SCO, whose file is index.html, and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("imsmanifest.xml", MANIFEST.format(title=title, href=href))
        archive.writestr("index.html", PAGE)
    return path
