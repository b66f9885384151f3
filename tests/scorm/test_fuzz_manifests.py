"""Manifests nobody could think of: each is read or refused by a code, told of, and kept."""

import json
import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scorm import findings, urls
from scorm.findings import SEVERITIES
from scorm.manifest import ManifestError, from_document, leaves, parse, to_document
from tests.scorm.made import ITEM, RESOURCE, text

LETTERS = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"
)
CODES = {"not_a_manifest", "xml_encoding", "xml_doctype", "xml_malformed", "xml_too_complex"}
FILES = [
    "imsmanifest.xml",
    "index.html",
    "a b.html",
    "sub/表.html",
    "Index.htm",
    "a?b#c",
    "が.html",
]
SECONDS = 3

#: By prefix: the names of the first edition first.
SPACES = {
    "": ["http://www.imsproject.org/xsd/imscp_rootv1p1p2", "http://www.imsglobal.org/xsd/imscp_v1p1"],
    "adlcp": ["http://www.adlnet.org/xsd/adlcp_rootv1p2", "http://www.adlnet.org/xsd/adlcp_v1p3"],
    "adlseq": ["urn:seq", "http://www.adlnet.org/xsd/adlseq_v1p3"],
    "adlnav": ["urn:nav", "http://www.adlnet.org/xsd/adlnav_v1p3"],
    "imsss": ["urn:ss", "http://www.imsglobal.org/xsd/imsss"],
}  # fmt: skip
#: What usually stands in what; anything else may stand there, too.
BELOW = {
    "manifest": [
        "metadata", "organizations", "resources", "manifest", "imsss:sequencingCollection"
    ],
    "metadata": ["schema", "schemaversion", "adlcp:location"],
    "organizations": ["organization"],
    "organization": ["title", "item", "item", "item", "imsss:sequencing", "metadata"],
    "item": [
        "title", "item", "item", "imsss:sequencing", "adlnav:presentation", "adlcp:prerequisites",
        "adlcp:maxtimeallowed", "adlcp:timelimitaction", "adlcp:timeLimitAction", "adlcp:data",
        "adlcp:datafromlms", "adlcp:dataFromLMS", "adlcp:masteryscore", "adlcp:completionThreshold",
    ],
    "resources": ["resource", "resource"],
    "resource": ["file", "dependency", "metadata"],
    "adlcp:data": ["adlcp:map"],
    "adlnav:presentation": ["adlnav:navigationInterface"],
    "adlnav:navigationInterface": ["adlnav:hideLMSUI"],
    "imsss:sequencingCollection": ["imsss:sequencing"],
    "imsss:sequencing": [
        "imsss:controlMode", "imsss:sequencingRules", "imsss:limitConditions", "imsss:rollupRules",
        "imsss:objectives", "imsss:randomizationControls", "imsss:deliveryControls",
        "adlseq:constrainedChoiceConsiderations", "adlseq:rollupConsiderations",
        "adlseq:objectives", "imsss:auxiliaryResources",
    ],
    "imsss:sequencingRules": [
        "imsss:preConditionRule", "imsss:postConditionRule", "imsss:exitConditionRule"
    ],
    "imsss:preConditionRule": ["imsss:ruleConditions", "imsss:ruleAction"],
    "imsss:postConditionRule": ["imsss:ruleConditions", "imsss:ruleAction"],
    "imsss:exitConditionRule": ["imsss:ruleConditions", "imsss:ruleAction"],
    "imsss:ruleConditions": ["imsss:ruleCondition"],
    "imsss:rollupRules": ["imsss:rollupRule"],
    "imsss:rollupRule": ["imsss:rollupConditions", "imsss:rollupAction"],
    "imsss:rollupConditions": ["imsss:rollupCondition"],
    "imsss:objectives": ["imsss:primaryObjective", "imsss:objective"],
    "imsss:primaryObjective": ["imsss:minNormalizedMeasure", "imsss:mapInfo"],
    "imsss:objective": ["imsss:minNormalizedMeasure", "imsss:mapInfo"],
    "adlseq:objectives": ["adlseq:objective"],
    "adlseq:objective": ["adlseq:mapInfo"],
}  # fmt: skip
NAMES = sorted({name for held in BELOW.values() for name in held} | {"x", "lom"})
#: What usually says something about what.
USUAL = {
    "organizations": ["default"],
    "organization": ["identifier"],
    "item": ["identifier", "identifierref", "isvisible", "parameters"],
    "resources": ["xml:base"],
    "resource": ["identifier", "href", "adlcp:scormType"],
    "file": ["href"],
    "dependency": ["identifierref"],
    "adlcp:map": ["targetID", "readSharedData"],
    "adlcp:completionThreshold": ["completedByMeasure", "minProgressMeasure", "progressWeight"],
    "imsss:sequencing": ["IDRef"],
    "imsss:ruleCondition": ["condition", "operator", "measureThreshold", "referencedObjective"],
    "imsss:rollupRule": ["childActivitySet", "minimumCount", "minimumPercent"],
    "imsss:rollupCondition": ["condition", "operator"],
    "imsss:ruleAction": ["action"],
    "imsss:rollupAction": ["action"],
    "imsss:primaryObjective": ["objectiveID", "satisfiedByMeasure"],
    "imsss:objective": ["objectiveID", "satisfiedByMeasure"],
    "imsss:mapInfo": ["targetObjectiveID", "readSatisfiedStatus", "writeNormalizedMeasure"],
    "imsss:limitConditions": ["attemptLimit", "attemptAbsoluteDurationLimit"],
    "imsss:randomizationControls": ["randomizationTiming", "selectCount", "selectionTiming"],
    "imsss:controlMode": ["choice", "flow", "forwardOnly"],
}
ATTRIBUTES = [
    *sorted({name for held in USUAL.values() for name in held}),
    "version", "ID", "adlseq:objectivesGlobalToSystem", "adlcp:sharedDataGlobalToSystem",
    "reorderChildren", "rollupObjectiveSatisfied", "objectiveMeasureWeight", "tracked",
    "preventActivation", "constrainChoice", "requiredForSatisfied", "adlcp:scormtype", "é",
]  # fmt: skip
IDENTIFIERS = ["A", "A", "B", "A#2", "#1", "jp.example.1", "R", "S", "T", "", " x "]
REFERENCES = ["R", "R", "R", "S", "S", "T", "A", "absent", ""]
ADDRESSES = [
    "index.html", "index.html", "INDEX.HTML?a=1", "a%20b.html", "a b.html", "sub\\表.html", "../x",
    "%95%5C.html", "%", "%ZZ", "?", "#", "a?b#c", "//h/x", "http://[::1", "javascript:x", "C:\\x",
    "か\u3099.html", "x" * 3000, "", "sub/", "/index.html",
]  # fmt: skip
VALUES = [
    "true", "false", "0", "1", "0.5", "-1", "2", "-0.0", "nan", "1e400", "9" * 400, "P5Y6M", "PT1H",
    "00:30:00", "0000:00:00.00", "sco", "asset", "satisfied", "not", "any", "atLeastCount", "skip",
    "onEachNewAttempt", "exit,message", "previous", "1.2", "2004 3rd Edition", "CAM 1.3", "1.3",
    "2004 4th Edition", "&|~=<>,{}", "A&B|~(C", "３", "²", "é", "表示", "", " \n ", "𠮷", "\ufffd",
]  # fmt: skip
POOLS = {
    "identifier": IDENTIFIERS, "default": IDENTIFIERS, "ID": REFERENCES, "IDRef": REFERENCES,
    "identifierref": REFERENCES, "objectiveID": REFERENCES, "referencedObjective": REFERENCES,
    "href": ADDRESSES, "xml:base": ADDRESSES, "parameters": ADDRESSES,
}  # fmt: skip
ENCODINGS = ["utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp932", "euc_jp", "iso2022_jp"]
DECLARED = [*ENCODINGS, "Shift_JIS", "UTF-7", "punycode", "hex", "no-such", *[""] * 12]


def escaped(value: str) -> str:
    pairs = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"))
    for letter, entity in pairs:
        value = value.replace(letter, entity)
    return value


def value(chance: Random, name: str = "") -> str:
    """One time in ten what belongs to another attribute."""
    pool = VALUES if chance.random() < 0.1 else POOLS.get(name, VALUES)
    return escaped(chance.choice(pool))


def element(chance: Random, name: str, depth: int) -> str:
    """An element: mostly what a book allows at its place, now and then what no book has."""
    said = {key for key in USUAL.get(name, []) if chance.random() < 0.8}
    said |= set(chance.sample(ATTRIBUTES, 2)) if chance.random() < 0.2 else set()
    start = name + "".join(f' {key}="{value(chance, key)}"' for key in sorted(said))
    usual = BELOW.get(name, [])
    if depth == 0 or not usual:
        return f"<{start}>{value(chance)}</{name}>"
    below = chance.choices(usual, k=chance.randint(0, 4))
    if name in {"organizations", "organization", "resources"}:
        below += usual[:3]
    if chance.random() < 0.1:
        below.append(chance.choice(NAMES))
    inner = "".join(element(chance, each, depth - 1) for each in below)
    return f"<{start}>{inner}</{name}>"


def document(chance: Random) -> bytes:
    """A document with the parts of a course, some of them twice or missing."""
    of_2004 = chance.random() < 0.7
    spaces = "".join(
        f' xmlns{":" if prefix else ""}{prefix}="{chance.choice(uris) if of_2004 else uris[0]}"'
        for prefix, uris in SPACES.items()
    )
    parts = [part for part in ("metadata", "organizations", "resources") if chance.random() < 0.95]
    parts += chance.choices(BELOW["manifest"], k=chance.choice([0, 0, 0, 1, 2]))
    inner = "".join(element(chance, part, chance.randint(3, 7)) for part in parts)
    root = "manifest" if chance.random() < 0.97 else chance.choice(["Manifest", "x"])
    declared = chance.choice(DECLARED)
    ahead = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    written = f"{ahead}<{root}{spaces}>{inner}</{root}>"
    return written.encode(chance.choice(ENCODINGS), "xmlcharrefreplace")


def damaged(chance: Random) -> bytes:
    """A document with some bytes changed, taken out or doubled."""
    data = bytearray(document(chance))
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(data))
        end = at + chance.randint(0, 20)
        data[at:end] = chance.choice([b"", data[at:end] * 2, b"<", b"\0", b"\xff"])
    return bytes(data)


CHANCES = st.randoms(use_true_random=True)


def is_told_and_kept(data: bytes) -> None:
    """Expect what holds of every manifest whatsoever."""
    started = time.process_time()
    try:
        read = parse(data)
    except ManifestError as error:
        code = error.code
        json.dumps(error.data)
        read = None
    assert read is not None or code in CODES
    if read is not None:
        for one in findings.check(read, FILES):
            assert (one.severity, bool(one.place)) == (SEVERITIES[one.code], True)
        document = json.dumps(to_document(read), ensure_ascii=False).encode()
        assert from_document(json.loads(document)) == read
        for course in read.organizations:
            assert all(urls.launch_address(item.href or "") for item in leaves(course))
    assert time.process_time() - started < SECONDS


@pytest.mark.requirement("CON-02")
@settings(max_examples=400)
@given(chance=CHANCES)
def test_any_tree_of_a_manifest_is_read_or_refused(chance):
    is_told_and_kept(document(chance))


@pytest.mark.requirement("CON-02")
@settings(max_examples=300)
@given(chance=CHANCES)
def test_any_damage_to_a_manifest_is_read_or_refused(chance):
    is_told_and_kept(damaged(chance))


@pytest.mark.requirement("CON-02")
@given(data=st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(data):
    is_told_and_kept(data)
    is_told_and_kept(b"<manifest>" + data + b"</manifest>")


@settings(max_examples=200)
@given(
    names=st.lists(st.text(LETTERS, min_size=1, max_size=8), max_size=5),
    href=st.sampled_from(ADDRESSES) | st.text(LETTERS, max_size=12),
)
def test_any_names_of_files_and_any_address_are_compared(names, href):
    resource = RESOURCE.replace("index.html", escaped(href))
    found = findings.check(parse(text(ITEM, resource).encode()), names)
    assert all(one.code in SEVERITIES for one in found)
    resolved = urls.resolve(href, names)
    assert resolved is None or resolved in names
