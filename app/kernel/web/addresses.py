"""Where a browser may be led to: pages of ours, and addresses of the web."""

from __future__ import annotations

from urllib.parse import urlsplit


def is_local(path: str) -> bool:
    """Whether a path leads to a page of ours, and not to another host."""
    return path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()


def web_host(address: str) -> str:
    """Return the host of an address of the web; empty for any other text.

    A browser would run some of those, and take others for a path.
    """
    try:
        parts = urlsplit(address)
    except ValueError:  # brackets that hold no address
        return ""
    return parts.hostname or "" if parts.scheme in ("https", "http") else ""
