"""Check STIX 2.1: by OASIS's own validator, and by what it leaves out.

The validator (cti-stix-validator, OASIS, BSD) holds each object to its schema and to the
standard's words. It does not look from one object to another, nor at what a marking means. Here
stand the rules for that: references that lead nowhere, objects that stand twice, markings that
others do not know or that say another thing than they are called, and versions that go back.
"""

from __future__ import annotations

import json
import re
import warnings
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from typing import Any

from tocsin.base.iris import put_off_grammars
from tocsin.errors import require
from tocsin.schema.vocabulary.marking import TLP_1, TLP_2, TLP_EXTENSION
from tocsin.share.finding import Checked, Finding, Severity
from tocsin.share.stix.history import check_history
from tocsin.share.stix.kinds import check_kinds
from tocsin.share.stix.lines import Lines
from tocsin.share.stix.references import check_references
from tocsin.share.stix.schemas import keep_schemas
from tocsin.share.stix.selectors import check_selectors
from tocsin.share.stix.values import UNUSED, check_values

MAX_BYTES = 50 * 1024 * 1024
MAX_DEPTH = 200
MOST_DIGITS = 400  # of a whole number that is read; the greatest that STIX knows has 16
STRICT_ELSEWHERE = "826578e1-40ad-459f-bc73-ede076f81f37"
"""The identifier that OpenCTI gives to AMBER+STRICT; no other system knows it."""
CLEAR = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"
"""TLP 2.0 CLEAR, as OASIS has it."""
FORMS = re.compile(r"\{'.*?\} is (?:(?P<none>not)|)[ \w]*valid under (?:any|each) of(?P<schema>.*)")
"""What the validator says where a type has several forms; it shows the object, then the schema."""
OWN = re.compile(r"Custom property '(\w+)' should")
DIGITS = re.compile(r"\.\d{4,}Z$")
UUID = re.compile(r"--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", re.IGNORECASE)


def check(files: Mapping[str, bytes]) -> list[Checked]:
    """Check files of STIX 2.1: bundles, TAXII envelopes, lists of objects or single objects.

    Args:
        files: file name to bytes.

    Returns:
        What is found about each file, in their order. Nothing is fetched.

    Raises:
        MissingExtra: stix2-validator is not installed.
    """
    return [_check(name, content) for name, content in files.items()]


def _check(name: str, content: bytes) -> Checked:
    lines = Lines(content)
    try:
        document = _read(content)
    except ValueError as error:
        return Checked(name, (_file("readable", str(error)),), "")
    objects = _objects(document)
    if objects is None:
        what = "it holds neither an object of STIX nor a bundle of them"
        return Checked(name, (_file("readable", what),), "")
    found = set(_by_schema(document, objects, lines))
    found |= set(_around(document, content))
    found |= set(check_selectors(objects, lines))
    found |= set(check_references(objects, lines))
    found |= set(_beyond_schema(document, objects, lines))
    found |= set(check_history(objects, lines))
    found |= set(check_kinds(objects, lines))
    found |= set(check_values(objects, lines))
    found |= set(_markings(objects, lines))
    found |= set(_identifiers(objects, lines))
    found |= set(_versions(document, objects, lines))
    return Checked(name, tuple(sorted(found)), _summary(objects))


def _around(document: Any, content: bytes) -> Iterator[Finding]:
    """What stands around the objects: a mark before the text, or a list in place of a bundle."""
    if content.startswith(BOM_UTF8):
        what = "a mark of the order of bytes stands before the text (RFC 8259, 8.1, forbids it)"
        yield Finding(1, "byte-order", "error", "file", what, "Save it as UTF-8 without a mark.")
    if isinstance(document, list):
        what = "it is a list of objects, which is nothing of STIX (STIX 2.1, 8)"
        yield Finding(1, "list", "error", "file", what, "Put the objects into a bundle.")
    if isinstance(document, dict) and isinstance(document.get("objects"), list):
        # An envelope of TAXII holds objects, too, and has neither a type nor an identifier.
        kind = document.get("type")
        if kind != "bundle" and ("type" in document or "id" in document):
            what = f"it holds objects as a bundle does, and its type is {str(kind)[:40]!r}"
            yield Finding(1, "bundle-type", "error", "file", what, "Write 'bundle' (STIX 2.1, 8).")


def _file(rule: str, what: str) -> Finding:
    return Finding(0, rule, "error", "file", what)


def _read(content: bytes) -> Any:
    """The JSON of a file, whose depth and size are bounded."""
    if len(content) > MAX_BYTES:
        raise ValueError(f"the file has {len(content):,} bytes; at most {MAX_BYTES:,} are read")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise ValueError(f"the key '{twice}' stands twice in one object")
        return made

    depth = deepest = 0
    for sign in re.sub(rb'"(?:[^"\\]|\\.)*"', b"", content):
        depth += (sign in b"[{") - (sign in b"]}")
        deepest = max(deepest, depth)
    if deepest > MAX_DEPTH:
        raise ValueError(f"values stand more than {MAX_DEPTH} deep in each other")
    try:
        text = content.decode("utf-8-sig")
        read = json.loads(
            text, object_pairs_hook=once, parse_constant=_no_number, parse_int=_whole_number
        )
        if re.search(r"\\u[dD][89a-fA-F]", text):
            json.dumps(read, ensure_ascii=False).encode()
        return read
    except UnicodeEncodeError as error:
        raise ValueError("a text holds half of a sign (a surrogate without its pair)") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"this is not UTF-8, which STIX asks for (byte {error.start})") from error
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            what = f"a second value begins on line {error.lineno}; STIX puts objects in one bundle"
            raise ValueError(what) from error
        raise ValueError(f"this is no JSON: {error.msg} (line {error.lineno})") from error


def _no_number(word: str) -> float:
    raise ValueError(f"{word} is no number of JSON")


def _whole_number(word: str) -> int:
    if len(word) > MOST_DIGITS:
        raise ValueError(f"a whole number has {len(word):,} digits (STIX 2.1, 2.10)")
    return int(word)


def _objects(document: Any) -> list[dict[str, Any]] | None:
    """The objects of a bundle, an envelope, a list, or one object by itself."""
    if isinstance(document, dict) and isinstance(document.get("objects"), list):
        inner = document["objects"]
    elif isinstance(document, dict) and document.get("type") == "bundle":
        inner = document.get("objects", [])
    elif isinstance(document, dict) and isinstance(document.get("type"), str):
        inner = [document]
    elif isinstance(document, list) and document:
        inner = document
    else:
        return None
    whole = isinstance(inner, list) and all(isinstance(one, dict) for one in inner)
    return inner if whole else None


def _by_schema(document: Any, objects: list[dict[str, Any]], lines: Lines) -> Iterator[Finding]:
    """What OASIS's validator says, by the version that the file is of."""
    put_off_grammars()
    validator: Any = require("stix2validator", extra="stix")
    keep_schemas()
    older = _older(document, objects)
    options = validator.ValidationOptions(version="2.0" if older else "2.1")
    if not older:
        objects = [_with_marked_languages(one) for one in objects]
    is_bundle = isinstance(document, dict) and document.get("type") == "bundle"
    if is_bundle:
        try:
            whole = {**document, "objects": objects} if objects else document
            yield from _validate(validator, whole, options, lines)
            return
        # The validator itself can fail on a shape that nobody foresaw: then each object is looked
        # at by itself, so that what is wrong with the others is not lost.
        except Exception:
            pass
    for one in objects:
        try:
            yield from _validate(validator, one, options, lines)
        except Exception as error:
            what = f"OASIS's validator fails on it ({type(error).__name__}: {str(error)[:120]})"
            yield Finding(lines.of(_id(one)), "schema", "error", _id(one) or "file", what)


def _with_marked_languages(one: dict[str, Any]) -> dict[str, Any]:
    """The object as the validator can read it, which takes a mark of a language for none.

    A granular marking has either a marking or a language (STIX 2.1, 7.2.3); the validator asks for
    a marking in each.
    """
    granular = one.get("granular_markings")
    if not isinstance(granular, list):
        return one
    marked = [
        {**each, "marking_ref": CLEAR} if isinstance(each, dict) and "lang" in each else each
        for each in granular
    ]
    return {**one, "granular_markings": marked}


def _validate(validator: Any, one: Any, options: Any, lines: Lines) -> list[Finding]:
    with warnings.catch_warnings():
        # It names an exception of a library below it that is going away.
        warnings.simplefilter("ignore", DeprecationWarning)
        result = validator.validate_parsed_json(one, options)
    results = result.object_results if hasattr(result, "object_results") else []
    return [found for said in [result, *results] for found in _findings(said, lines)]


def _older(document: Any, objects: list[dict[str, Any]]) -> bool:
    """Is a file of STIX 2.0? There a bundle has the version, and its objects have none."""
    if isinstance(document, dict) and document.get("spec_version") == "2.0":
        return True
    dated = [one for one in objects if "created" in one]
    return bool(dated) and not any("spec_version" in one for one in dated)


def _findings(result: Any, lines: Lines) -> Iterator[Finding]:
    severities: tuple[tuple[Severity, Any], ...] = (
        ("error", getattr(result, "errors", None)),
        ("warning", getattr(result, "warnings", None)),
    )
    for severity, some in severities:
        for one in some or ():
            name, _, what = str(one).partition(": ")
            if "--" not in name:
                name, what = str(getattr(result, "object_id", "") or "file"), str(one)
            if (own := OWN.search(what)) and own[1] in UNUSED.get(name.partition("--")[0], ()):
                continue  # It is told by `check_values`, as what it is.
            yield Finding(lines.of(name), "schema", severity, name, _plain(what))


def _plain(what: str) -> str:
    """The validator's sentence on one line, without number, full stop and whole objects."""
    plain = re.sub(r"^\{\d+\}\s*", "", " ".join(what.split())).rstrip(".")
    if forms := FORMS.match(plain):
        named = sorted(set(re.findall(r"'required': \[([^\]]+)\]", forms["schema"])))
        fit = "none" if forms["none"] else "more than one"
        return f"it fits {fit} of the forms of its type, which ask for: {' | '.join(named)}"[:400]
    return re.sub(r"\{'.*\}", "the object", plain)[:400]


def _id(one: Mapping[str, Any]) -> str:
    return str(one.get("id", ""))


def _markings(objects: list[dict[str, Any]], lines: Lines) -> Iterator[Finding]:
    """Markings that say another thing than they are, and levels that contradict each other."""
    for one in objects:
        if one.get("type") == "marking-definition":
            yield from _definition(one, lines)
        levels = [_level(ref) for ref in _whole(one)]
        told = {level for level in levels if level}
        if len(told - {"WHITE", "CLEAR"}) > 1 or (told & {"WHITE", "CLEAR"} and len(told) > 1):
            what = f"it is marked {' and '.join(sorted(told))} at once; the strictest counts"
            yield Finding(lines.of(_id(one)), "marking-several", "warning", _id(one), what)
        if any(STRICT_ELSEWHERE in ref for ref in _whole(one)):
            what = "it is marked AMBER+STRICT by an identifier that only one platform knows"
            remedy = (
                "Use marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003, which is OASIS's."
            )
            yield Finding(lines.of(_id(one)), "marking-platform", "warning", _id(one), what, remedy)


def _whole(one: Mapping[str, Any]) -> list[str]:
    found = one.get("object_marking_refs")
    return [str(ref) for ref in found] if isinstance(found, list) else []


def _level(reference: str) -> str | None:
    uuid = reference.removeprefix("marking-definition--").lower()
    return TLP_2.get(uuid) or TLP_1.get(uuid)


def _definition(one: dict[str, Any], lines: Lines) -> Iterator[Finding]:
    """A marking definition whose words are not those of its identifier."""
    said, name = _said_level(one), _id(one)
    if said is None:
        return
    spelt = _tlp_2(one)
    if spelt is not None and spelt not in {level.lower() for level in TLP_2.values()}:
        what = f"'tlp_2_0' is {str(spelt)[:40]!r}, and the extension has no such level"
        remedy = f"Write one of: {', '.join(level.lower() for level in TLP_2.values())}."
        yield Finding(lines.of(name), "marking-spelt", "error", name, what, remedy)
    uuid = name.removeprefix("marking-definition--").lower()
    meant = _level(name)
    if meant is not None and said != meant:
        what = f"it says TLP:{said}, and its identifier is that of TLP:{meant}"
        remedy = "Use the identifiers that OASIS published for TLP 2.0."
        yield Finding(lines.of(name), "marking-misnamed", "error", name, what, remedy)
    elif meant is None:
        ids = {level: uuid for uuid, level in {**TLP_1, **TLP_2}.items()}
        own = "is that of one platform" if uuid == STRICT_ELSEWHERE else "is nobody else's"
        what = f"it says TLP:{said}, and its identifier {own}"
        remedy = f"Use marking-definition--{ids[said]}." if said in ids else ""
        yield Finding(lines.of(name), "marking-own", "warning", name, what, remedy)


def _tlp_2(one: Mapping[str, Any]) -> Any:
    """What the extension for TLP 2.0 says in a definition, as it stands; None: nothing."""
    extensions = one.get("extensions")
    inner = extensions.get(TLP_EXTENSION) if isinstance(extensions, dict) else None
    return inner.get("tlp_2_0") if isinstance(inner, dict) else None


def _said_level(one: Mapping[str, Any]) -> str | None:
    """The level of TLP that a definition says, in capitals."""
    said, definition = _tlp_2(one), one.get("definition")
    if said is None and isinstance(definition, dict):
        said = definition.get("tlp")
    name = str(one.get("name", "")).upper().replace(" ", "")
    if said is None and name.startswith("TLP:"):
        said = name.removeprefix("TLP:")
    return str(said).upper() if said is not None else None


def _identifiers(objects: list[dict[str, Any]], lines: Lines) -> Iterator[Finding]:
    for one in objects:
        name = _id(one)
        found = UUID.search(name)
        if found and found[0] != found[0].lower():
            what = "its identifier has capitals, so it is another one to who compares texts"
            yield Finding(lines.of(name), "identifier-capitals", "warning", name, what)
        if one.get("revoked") is True:
            yield Finding(lines.of(name), "revoked", "note", name, "it is revoked")


def _versions(document: Any, objects: list[dict[str, Any]], lines: Lines) -> Iterator[Finding]:
    """Of which version the objects are (STIX 2.1, 3.2)."""
    whole = document.get("spec_version") if isinstance(document, dict) else None
    if document not in objects and whole not in (None, "2.0", "2.1"):
        what = (
            f"the bundle's 'spec_version' is {repr(whole)[:20]}, and only '2.0' is one of a bundle"
        )
        yield Finding(0, "version", "error", "file", what, "Leave 'spec_version' of a bundle out.")
    if _older(document, objects):
        what = "it is of STIX 2.0 and checked by its rules; receivers of today expect 2.1"
        yield Finding(0, "version", "warning", "file", what)
        for one in objects:
            # The validator takes its word for a property of the producer's own, and so no fault.
            if (said := one.get("spec_version", "2.0")) != "2.0":
                what = f"it says that it is of STIX {str(said)[:20]}, in a bundle of 2.0"
                remedy = "Leave 'spec_version' of the bundle out: a bundle of 2.1 has none."
                yield Finding(lines.of(_id(one)), "version", "error", _id(one), what, remedy)
        return
    for one in objects:
        if one.get("spec_version") == "2.0" or ("created" in one and "spec_version" not in one):
            what = "it does not say that it is of STIX 2.1, so it counts as 2.0"
            remedy = "Write 'spec_version': '2.1', where it is."
            yield Finding(lines.of(_id(one)), "version", "error", _id(one), what, remedy)


def _beyond_schema(document: Any, objects: list[dict[str, Any]], lines: Lines) -> Iterator[Finding]:
    """What the standard asks for in words, and the validator's schemas do not."""
    if isinstance(document, dict) and document.get("type") == "bundle" and "id" not in document:
        what = "the bundle has no identifier (STIX 2.1, 8)"
        yield Finding(0, "required", "error", "file", what, "Write 'id': 'bundle--' and a UUID.")
    if isinstance(document, dict) and document.get("type") == "bundle" and not objects:
        if "objects" in document:
            what = "its list of objects is empty, which STIX 2.1 (2.10) forbids"
            yield Finding(0, "empty", "error", "file", what, "Leave 'objects' out.")
        return
    for one in objects:
        at, name = lines.of(_id(one)), _id(one)
        for key in ("created", "modified"):
            if DIGITS.search(str(one.get(key, ""))):
                what = f"'{key}' has more digits of a second than three, which others may cut"
                yield Finding(at, "time-digits", "note", name, what)
        if one.get("type") == "extension-definition" and "created_by_ref" not in one:
            what = "'created_by_ref' is required of a definition of an extension (STIX 2.1, 3.2)"
            yield Finding(at, "required", "error", name, what, "Say which identity made it.")
        granular = one.get("granular_markings")
        for each in granular if isinstance(granular, list) else ():
            if isinstance(each, dict) and "lang" in each and "marking_ref" in each:
                what = "a granular marking has both a language and a marking (STIX 2.1, 7.2.3)"
                yield Finding(at, "granular-two", "error", name, what, "Write two of them.")


def _summary(objects: list[dict[str, Any]]) -> str:
    """How many objects of each type there are, and how they are marked."""
    if not objects:
        return "an empty bundle"
    counts: dict[str, int] = {}
    levels: dict[str, int] = {}
    for one in objects:
        counts[str(one.get("type", "?"))] = counts.get(str(one.get("type", "?")), 0) + 1
        for level in {_level(ref) or "another marking" for ref in _whole(one)} or {"unmarked"}:
            levels[level] = levels.get(level, 0) + 1
    types = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
    marks = ", ".join(f"{count} {level}" for level, count in sorted(levels.items()))
    return f"{len(objects)} object{'s' if len(objects) > 1 else ''} ({types}); markings: {marks}"
