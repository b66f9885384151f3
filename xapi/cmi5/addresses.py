"""Where a unit begins: a file of the package, or an address of the web (8.1; 13.1.4; 14)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from urllib.parse import parse_qsl

from scorm import urls
from xapi.cmi5.report import Report
from xapi.errors import Invalid
from xapi.values import iri

#: What a launch puts into the address (8.1).
LAUNCH_NAMES: Final = ("endpoint", "fetch", "actor", "registration", "activityId")
#: What a launch of the time before cmi5 does.
TIN_CAN_NAMES: Final = ("endpoint", "auth", "actor", "activity_id", "registration")


def see(
    report: Report,
    place: str,
    title: str,
    address: str | None,
    taken: Collection[str] = LAUNCH_NAMES,
) -> str:
    """Return the address of a unit, "" where there is none, and note what is wrong with it.

    `taken` are the names that a launch puts into it.
    """
    if address is None:
        report.find("address_missing", place)
        return ""
    query = address.partition("#")[0].partition("?")[2]
    given = {name for name, _ in parse_qsl(query, keep_blank_values=True)}
    for name in taken:
        if name in given:
            report.find("address_takes_name", place, name=name)
    if urls.scheme(address) is None:
        _relative(report, place, title, address)
    else:
        _absolute(report, place, title, address)
    return address


def _absolute(report: Report, place: str, title: str, address: str) -> None:
    scheme = urls.scheme(address)
    try:
        iri(address)
    except Invalid:
        report.find("address_invalid", place, address=address)
        return
    if scheme in ("http", "https"):
        report.find("unit_external", place, title=title, address=address)
    else:
        report.find("unit_scheme_refused", place, title=title, scheme=scheme or "")


def _relative(report: Report, place: str, title: str, address: str) -> None:
    if report.names is None:  # 14.2
        report.find("address_alone", place, address=address)
        return
    found = report.names.find(address)
    if found is None:  # 14.1
        report.find("unit_file_missing", place, title=title, address=address)
    elif found.spelling != "exact":
        report.find(f"href_{found.spelling}", place, name=found.name)
