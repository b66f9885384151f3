"""The one error of this package: an archive that is not taken, by a stable code with its data."""

from typing import Final

CODES: Final = {
    # code: the data that comes with it
    "not_a_zip": (),
    "empty": (),
    "truncated": (),  # the end is missing: an upload broken off, or one volume of several
    "damaged": ("name",),  # the structure contradicts itself; the name is "" for the directory
    "encrypted": ("name",),
    "symlink": ("name",),
    "special_file": ("name",),  # a device, a pipe or a socket
    "unsafe_name": ("name", "reason"),  # reason: one of names.REASONS
    "duplicate_name": ("name",),  # twice the same name, or one name both a file and a folder
    "overlapping_entries": ("name",),
    "unsupported_method": ("name", "method"),  # method: the number of APPNOTE 4.4.5
    "too_many_files": ("limit",),
    "too_large": ("what", "size", "limit"),  # what: archive, directory, content or file; bytes
    "ratio_too_high": ("name", "ratio", "limit"),  # the name is "" for the archive as a whole
    "size_lies": ("name", "size"),  # size: the declared one, in bytes
    "crc_mismatch": ("name",),
    "no_manifest": (),
    "several_manifests": ("names",),
}


class PackageRefused(Exception):
    """An archive is not taken: `code` is a key of CODES, `data` holds the keys named there."""

    def __init__(self, code: str, **data: object) -> None:
        super().__init__(code, data)
        self.code = code
        self.data = data
