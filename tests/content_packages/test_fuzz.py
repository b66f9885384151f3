"""Archives nobody could think of: each is taken or refused by a code, in little time and memory."""

import struct
import time
import tracemalloc
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content_packages import kinds
from content_packages.archive import Archive
from content_packages.errors import CODES, PackageRefused
from content_packages.intake import Limits, check
from content_packages.store import Store
from tests.content_packages.made import UTF_8, File, deflated, open_files, zip64_of, zip_of

LIMITS = Limits(content_bytes=1_000_000, files=40, ratio=50, ratio_free_bytes=500_000)
#: What an archive of these sizes may take at most: seconds of processor, bytes of Python's memory.
SECONDS, BYTES = 3, 12_000_000

NAMES = st.one_of(
    st.sampled_from(
        [
            b"imsmanifest.xml", b"a/imsmanifest.xml", b"a", b"a/", b"a/b", b"a\\b", b"A", b"", b"/",
            b"../a", b"a/../../b", b"C:\\a", b"\\\\server\\share", b"nul", b"a/com1.txt", b"a\0b",
            b"__MACOSX/._a", b"x" * 300, b"a/" * 80, "表.html".encode("cp932"), "か\u3099".encode(),
        ]
    ),
    st.binary(max_size=12),
    st.text(max_size=12).map(lambda text: text.encode("utf-8", "replace")),
)  # fmt: skip
CONTENTS = st.one_of(
    st.binary(max_size=40),
    st.sampled_from([b"", b"<manifest/>", bytes(600_000), bytes(range(256)) * 40]),
)
#: Numbers at whose edges readers of archives fail.
ODD = st.one_of(
    st.sampled_from([0, 1, 21, 22, 30, 46, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF]),
    st.integers(0, 0xFFFFFFFF),
)
WIDE = st.one_of(ODD, st.sampled_from([2**62, 2**63 - 1, 2**63, 2**64 - 1]))
SHORT = st.one_of(st.sampled_from([0, 1, 8, 0xFFFF]), st.integers(0, 0xFFFF))
TYPES = st.sampled_from([0, 0o010000, 0o020000, 0o040000, 0o060000, 0o100000, 0o120000, 0o140000])


def maybe(odd):
    """Mostly the truth, which the builder states for None."""
    return st.one_of(st.none(), st.none(), st.none(), odd)


def field(kind, content):
    return struct.pack("<2H", kind, len(content)) + content


EXTRAS = st.one_of(
    st.just(b""),
    st.binary(max_size=20),
    st.lists(WIDE, max_size=4).map(lambda held: field(1, struct.pack(f"<{len(held)}Q", *held))),
    NAMES.map(lambda name: field(0x7075, b"\1" + struct.pack("<I", zlib.crc32(b"a")) + name)),
)
FILES = st.builds(
    File,
    name=NAMES,
    content=CONTENTS,
    method=st.one_of(st.sampled_from([0, 8, 8]), SHORT),
    flags=st.one_of(st.sampled_from([0, 0, UTF_8, 8]), SHORT),
    attributes=st.one_of(st.just(0), TYPES.map(lambda kind: kind << 16), ODD),
    extra=EXTRAS,
    packed=maybe(st.one_of(st.binary(max_size=30), CONTENTS.map(deflated))),
    size=maybe(ODD),
    compressed_size=maybe(ODD),
    crc=maybe(ODD),
    offset=maybe(ODD),
    local_flags=maybe(SHORT),
    local_method=maybe(SHORT),
    signature=st.sampled_from([b"PK\3\4"] * 9 + [b"PK\1\2"]),
)
ARCHIVES = st.builds(
    lambda files, before, padding, comment: zip_of(
        *files, before=before, padding=padding, comment=comment
    ),
    st.lists(FILES, max_size=6),
    st.binary(max_size=30),
    st.binary(max_size=30),
    st.one_of(st.just(b""), st.binary(max_size=30), st.just(b"PK\5\6" + bytes(18))),
)
SOUND = zip_of(
    File(b"imsmanifest.xml", b"<manifest/>"),
    File(b"a/b.html", b"<p>b</p>" * 20),
    File(b"c.bin", bytes(range(256)), 0),
    comment=b"made",
)
SOUND_64 = zip64_of(File(b"imsmanifest.xml", b"<manifest/>"), File(b"c.bin", b"12", 0))


@st.composite
def mutated(draw):
    """A sound archive, some numbers of which are others, with pieces taken out, doubled or moved.

    Most changes hit the structures, at whose signatures they are aimed.
    """
    data = bytearray(draw(st.sampled_from([SOUND, SOUND_64])))
    marks = [at for at in range(len(data)) if data.startswith(b"PK", at)]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.sampled_from(marks)) + draw(st.integers(0, 60))
        at = min(at, len(data) - 1)
        kind = draw(st.sampled_from(["<B", "<H", "<I", "<Q", "cut", "double", "end"]))
        if kind == "cut":
            del data[at : at + draw(st.integers(1, 60))]
        elif kind == "double":
            data[at:at] = data[at : at + draw(st.integers(1, 60))]
        elif kind == "end":
            del data[at + 1 :]
        else:
            size = struct.calcsize(kind)
            value = struct.pack(kind, draw(WIDE) & (256**size - 1))
            data[at : at + size] = value
        if not data:
            break
    return bytes(data)


SIGNATURES = [b"PK\1\2", b"PK\3\4", b"PK\5\6", b"PK\6\6", b"PK\6\7", SOUND[-26:], SOUND_64[-98:]]
NOISE = st.lists(
    st.one_of(st.binary(max_size=60), st.sampled_from(SIGNATURES), st.just(bytes(20))), max_size=12
).map(b"".join)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder: Path = tmp_path_factory.mktemp("fuzz") / "uploads"
    folder.mkdir()
    return folder


def passes_the_gate(folder: Path, data: bytes) -> None:
    """Expect what holds of every file whatsoever."""
    path = folder / "upload.zip"
    path.write_bytes(data)
    store = Store(folder / "store")
    started = time.process_time()
    refusal = None
    try:
        found = check(path, LIMITS)
        names = holds_what_it_says(path, found.files, found.content_bytes)
        store.remove(store.add(path, found.sha256))
        kinds.find(names)
    except PackageRefused as error:
        refusal = error
    assert refusal is None or set(refusal.data) == set(CODES[refusal.code])
    assert time.process_time() - started < SECONDS
    assert open_files(folder) == 0
    written = {each for each in folder.parent.rglob("*") if each.is_file()}
    assert written == {path}


def holds_what_it_says(path: Path, files: int, content: int) -> list[str]:
    """Expect of a sound archive safe names, which are returned, and the bytes that were counted."""
    with Archive(path) as archive:
        for name in archive.entries:
            parts = name.split("/")
            assert not {"", ".", ".."} & set(parts)
            assert not any(character in name for character in "\\\0\n")
        read = [sum(map(len, archive.stream(entry))) for entry in archive.entries.values()]
        assert (len(read), sum(read)) == (files, content)
        assert sum(read) <= LIMITS.content_bytes
        return list(archive.entries)


@pytest.mark.requirement("CON-02")
@settings(max_examples=250)
@given(data=ARCHIVES)
def test_any_statement_of_any_entry_is_taken_or_refused(folder, data):
    passes_the_gate(folder, data)


@pytest.mark.requirement("CON-02")
@settings(max_examples=400)
@given(data=mutated())
def test_any_change_to_the_structure_is_taken_or_refused(folder, data):
    passes_the_gate(folder, data)


@pytest.mark.requirement("CON-02")
@settings(max_examples=200)
@given(data=st.one_of(st.binary(max_size=200), NOISE))
def test_any_bytes_are_taken_or_refused(folder, data):
    passes_the_gate(folder, data)


@settings(max_examples=40)
@given(data=ARCHIVES)
def test_no_statement_makes_the_gate_take_more_memory(folder, data):
    tracemalloc.start()
    try:
        passes_the_gate(folder, data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < BYTES
