"""The answer of HTTP to a request for one file of an archive, without a web framework.

A deflated file goes out as gzip without being compressed again: RFC 1952 is a header, the raw
deflate stream, CRC-32 and size, and the ZIP holds the last three. A stored file goes out as it
stands, in ranges if asked (RFC 9110, 14). Whoever cannot take gzip gets the file inflated.
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from content_packages import media, ranges
from content_packages.archive import Archive
from content_packages.media_types import content_type, is_media
from content_packages.reading import CHUNK, DEFLATED, STORED, Entry

_GZIP_HEADER: Final = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
_FRAME_BYTES: Final = len(_GZIP_HEADER) + 8


class Asked(NamedTuple):
    """The request's header fields as they came, None where absent."""

    accept_encoding: str | None = None
    byte_range: str | None = None
    if_none_match: str | None = None
    if_range: str | None = None


class Answer(NamedTuple):
    """Status, header fields and body; for HEAD the body is simply not read."""

    status: int
    headers: dict[str, str]
    body: Iterable[bytes]


def answer(archive: Archive, entry: Entry, asked: Asked = Asked()) -> Answer:  # noqa: B008 - immutable
    """Answer a GET or HEAD for `entry`: 200, 206, 304 or 416.

    Caching and security headers are the caller's. More than one range, or one that cannot be read,
    is answered with the whole file, as RFC 9110, 14.2 allows.
    """
    seekable = _is_seekable(archive, entry)
    as_gzip = not seekable and entry.method == DEFLATED and accepts_gzip(asked.accept_encoding)
    headers = {"Content-Type": content_type(entry.name), "ETag": etag(entry, as_gzip=as_gzip)}
    if entry.method == DEFLATED and not seekable:
        headers["Vary"] = "Accept-Encoding"
    # Either encoding stands for the same file.
    tags = {etag(entry, as_gzip=as_gzip) for as_gzip in (False, True)}
    if ranges.matches(asked.if_none_match, tags):
        return Answer(304, headers, ())
    headers["Accept-Ranges"] = "bytes" if seekable else "none"
    if as_gzip:
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(entry.compressed_size + _FRAME_BYTES)
        return Answer(200, headers, gzip_frame(archive, entry))
    is_whole = not seekable or asked.if_range not in {None, headers["ETag"]}
    part = ranges.part(None if is_whole else asked.byte_range, entry.size, most=ranges.PIECE)
    body = () if part.status == 416 else _slice(archive, entry, part.start, part.stop)
    return Answer(part.status, headers | part.headers, body)


def etag(entry: Entry, *, as_gzip: bool) -> str:
    """Return the strong entity tag: CRC-32 and size, and the encoding, for the bytes differ."""
    return f'"{entry.crc:08x}-{entry.size:x}{"-gzip" if as_gzip else ""}"'


def accepts_gzip(field: str | None) -> bool:
    """Say whether Accept-Encoding allows gzip (RFC 9110, 12.5.3); absent means no here."""
    weights = {}
    for member in (field or "").lower().split(","):
        coding, _, parameter = member.partition(";")
        _, _, weight = parameter.partition("=")
        weights[coding.strip()] = weight.strip()
    weight = weights.get("gzip", weights.get("*", "0"))
    return weight.strip("0.") != "" or weight == ""


def gzip_frame(archive: Archive, entry: Entry) -> Iterable[bytes]:
    """Return the deflated entry as one gzip member; in one piece where it is small."""
    end = entry.crc.to_bytes(4, "little") + (entry.size & 0xFFFFFFFF).to_bytes(4, "little")
    if entry.compressed_size <= CHUNK:
        return (b"".join((_GZIP_HEADER, *archive.raw(entry), end)),)
    return _in_three(archive.raw(entry), end)


def _in_three(deflated: Iterator[bytes], end: bytes) -> Iterator[bytes]:
    yield _GZIP_HEADER
    yield from deflated
    yield end


def _is_seekable(archive: Archive, entry: Entry) -> bool:
    if entry.method == STORED:
        return True
    if media.needs_extraction(entry):
        return media.extracted(archive, entry) is not None
    return is_media(entry.name)  # small enough for the memory


def _slice(archive: Archive, entry: Entry, start: int, stop: int) -> Iterable[bytes]:
    if entry.method == STORED:
        return archive.raw(entry, start, stop)
    place = media.extracted(archive, entry)
    if place is not None:
        return ranges.of_file(place, start, stop)
    if (start, stop) == (0, entry.size):
        return archive.stream(entry)
    return (b"".join(archive.stream(entry))[start:stop],)
