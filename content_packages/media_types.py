"""The content type of a file by the end of its name, from a table of our own.

The system's table differs from machine to machine. A charset is said only where the format leaves
no choice: packages hold Shift_JIS pages that say so in a meta element, which a header would beat,
and scripts and styles follow the page that loads them.
"""

from typing import Final

UNKNOWN: Final = "application/octet-stream"

TYPES: Final = {
    "apng": "image/apng",
    "avif": "image/avif",
    "bmp": "image/bmp",
    "css": "text/css",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "dtd": "application/xml-dtd",
    "eot": "application/vnd.ms-fontobject",
    "gif": "image/gif",
    "htm": "text/html",
    "html": "text/html",
    "ico": "image/vnd.microsoft.icon",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "js": "text/javascript",
    "json": "application/json",
    "m3u8": "application/vnd.apple.mpegurl",
    "m4a": "audio/mp4",
    "m4v": "video/mp4",
    "map": "application/json",
    "mjs": "text/javascript; charset=utf-8",  # a module is UTF-8 whatever the page is
    "mov": "video/quicktime",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "mpd": "application/dash+xml",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "ogv": "video/ogg",
    "opus": "audio/ogg",
    "otf": "font/otf",
    "pdf": "application/pdf",
    "png": "image/png",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "svg": "image/svg+xml",
    "swf": "application/x-shockwave-flash",
    "ttf": "font/ttf",
    "txt": "text/plain",
    "vtt": "text/vtt; charset=utf-8",  # the format knows no other encoding
    "wasm": "application/wasm",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "webm": "video/webm",
    "webmanifest": "application/manifest+json",
    "webp": "image/webp",
    "woff": "font/woff",
    "woff2": "font/woff2",
    "xhtml": "application/xhtml+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "xsd": "application/xml",
    "xsl": "application/xslt+xml",
    "xslt": "application/xslt+xml",
}


def content_type(name: str) -> str:
    """Return the value of Content-Type for a file of that name."""
    _, dot, end = name.rpartition(".")
    return TYPES.get(end.lower(), UNKNOWN) if dot else UNKNOWN


def is_media(name: str) -> bool:
    """Say whether a browser will play the file, and so ask for parts of it."""
    return content_type(name).startswith(("audio/", "video/"))
