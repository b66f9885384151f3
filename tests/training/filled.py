"""Reads the form of a page as a browser would send it."""

from __future__ import annotations

from lxml import html


def form_of(text: str) -> dict[str, str]:
    """Return the fields of the page's own form (the largest), with what is written into them."""
    form = max(html.fromstring(text).xpath("//main//form"), key=lambda form: len(form.fields))
    return {name: value or "" for name, value in form.form_values() if name != "do"}
