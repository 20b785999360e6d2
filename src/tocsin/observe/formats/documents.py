"""Documents of nested records, JSON and XML, read with limits on what they may unfold to.

A document is refused whole where it cannot be trusted: entities and document types in XML
(the ways of the 'billion laughs' and of reading other files), nesting that only an attack
needs, names that come twice in one object, numbers that are none.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tocsin.errors import SourceRefused, require
from tocsin.observe.formats.characters import hostile
from tocsin.observe.formats.limits import MAX_DEPTH, MAX_NODES, MAX_VALUES
from tocsin.observe.formats.records import Record, record_of_texts
from tocsin.observe.formats.source import Source

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def read_json(content: bytes, where: str) -> Any:
    """Read the value of a JSON text (RFC 8259).

    Args:
        content: the text's bytes, in UTF-8.
        where: the file's name, for errors.

    Returns:
        The value: dicts, lists, texts, numbers, booleans or None.

    Raises:
        SourceRefused: the text is too long, nested too deep, not UTF-8, or not JSON.
    """
    _check_parts(content.count(b"{") + content.count(b"["), MAX_NODES, where)
    _check_parts(content.count(b","), MAX_VALUES, where)
    try:
        value = json.loads(
            content.decode("utf-8-sig"), object_pairs_hook=_distinct, parse_constant=_no_number
        )
        deep = next((depth for depth in _depths(value) if depth > MAX_DEPTH), None)
    except RecursionError:
        deep = MAX_DEPTH + 1
    except ValueError as error:
        raise SourceRefused(
            f"This is not JSON: {error}.", where=where, remedy="Export it again."
        ) from error
    if deep is not None:
        raise SourceRefused(f"The JSON is nested more than {MAX_DEPTH} deep.", where=where)
    return value


def read_xml(content: bytes, where: str) -> Element:
    """Read the root of an XML document without entities or a document type.

    Args:
        content: the document's bytes.
        where: the file's name, for errors.

    Returns:
        The root element.

    Raises:
        SourceRefused: the document is too long, nested too deep, not XML, or declares a document
            type or an entity.
        MissingExtra: defusedxml is not installed.
    """
    _check_parts(content.count(b"<") // 2, MAX_NODES, where)
    _check_parts(content.count(b"="), MAX_VALUES, where)
    trees = require("defusedxml.ElementTree", extra="observe")
    errors = require("defusedxml.common", extra="observe")
    depth, root = 0, None
    try:
        steps = trees.iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True)
        for event, element in steps:
            root = element if root is None else root
            depth += 1 if event == "start" else -1
            if depth > MAX_DEPTH:
                raise SourceRefused(f"The XML is nested more than {MAX_DEPTH} deep.", where=where)
    except errors.DefusedXmlException as error:
        raise SourceRefused(
            "The XML declares a document type or entities, which tocsin never follows.",
            where=where,
            remedy="Export it again without them.",
        ) from error
    except (trees.ParseError, ValueError, LookupError) as error:
        raise SourceRefused(
            f"This is not XML: {error}.", where=where, remedy="Export it again."
        ) from error
    if root is None:
        raise SourceRefused("The XML is empty.", where=where)
    found: Element = root
    return found


def records(items: Any, *, where: str) -> Iterator[Record]:
    """Give the objects of a list as records, numbered from 1.

    Args:
        items: a value that `read_json` gave.
        where: the file's name, for errors.

    Yields:
        One record for each item; an item that is no object, or holds hostile characters, is at
        fault.

    Raises:
        SourceRefused: the value is no list.
    """
    if not isinstance(items, list):
        raise SourceRefused("The JSON holds no list of records.", where=where)
    for number, item in enumerate(items, 1):
        # Lone surrogates are no characters; they must not stop the writing down of the rest.
        original = json.dumps(item, ensure_ascii=False).encode("utf-8", "backslashreplace")
        if isinstance(item, dict):
            fault = _fault(item)
            yield Record(number, original, {} if fault else item, fault)
        else:
            yield Record(number, original, {}, ("shape", "The record is no JSON object."))


def text_records(items: Any, *, where: str) -> list[Record]:
    """Give the objects of a list as records of texts, as a table of the same content would.

    Args:
        items: a value that `read_json` gave.
        where: the file's name, for errors.

    Returns:
        One record for each item, numbered from 1, with all names that any has; an item that is no
        object of plain values, or holds hostile characters, is at fault.

    Raises:
        SourceRefused: the value is no list.
    """
    every = list(records(items, where=where))
    names = dict.fromkeys(name for one in every for name in one.fields)
    found = []
    for one in every:
        nested = [name for name, value in one.fields.items() if isinstance(value, dict | list)]
        if nested:
            fault = ("shape", f"'{nested[0]}' holds several values.")
            found.append(Record(one.number, one.original, {}, fault))
        elif one.fault:
            found.append(one)
        else:
            cells = {name: _as_text(one.fields.get(name)) for name in names}
            found.append(record_of_texts(one.number, one.original, cells))
    return found


ANSWERED = ("data", "Result")
"""What ACLED's server and UCDP's call the list of records in an answer."""


def is_answer(source: Source, *names: str) -> bool:
    """Tell whether a file is JSON with these names in it, as a producer's server answers."""
    return source.is_json and all(f'"{name}"'.encode() in source.head for name in names)


def answered_records(
    source: Source, name: str
) -> tuple[Collection[str], Callable[[], Iterable[Record]]]:
    """Give the columns of a table, or of a server's answers in JSON, and their records.

    Args:
        source: a table; or JSON, known by `name` in it: an answer with its records in one of
            `ANSWERED`, several such pages in a list or one a line, or a bare list of records.
        name: a column.

    Returns:
        The names of the columns, and a function that gives the records, as often as it is called.

    Raises:
        SourceRefused: it is not JSON, or holds no list of records; or as `Source.records`.
    """
    if not is_answer(source, name):
        return source.header, source.records
    found = text_records(_pages(_document(source.content(), source.name)), where=source.name)
    names = {column for record in found for column in record.fields}
    return names, lambda: found


def _pages(found: Any) -> Any:
    """The records of an answer, or of several that stand below each other."""
    every = found if isinstance(found, list) else [found]
    lists = [
        next((one[name] for name in ANSWERED if isinstance(one.get(name), list)), None)
        for one in every
        if isinstance(one, dict)
    ]
    if not lists or len(lists) < len(every) or any(one is None for one in lists):
        return found
    return [record for page in lists if page for record in page]


def _document(content: bytes, where: str) -> Any:
    """What JSON holds; of JSON lines a list with what each of them holds."""
    lines = [line for line in content.splitlines() if line.strip()]
    by_line = len(lines) > 1 and all(line.strip()[:1] == b"{" for line in lines)
    if by_line and all(line.strip()[-1:] == b"}" for line in lines):
        return [read_json(line, where) for line in lines]
    return read_json(content, where)


def listed_records(content: bytes, where: str) -> list[Record]:
    """Read JSON that holds one list of records, whoever wrote it, as records of texts.

    That is a list of objects, an object with one such list in it (an answer of a server), the
    features of GeoJSON (RFC 7946), or an object a line (JSON lines). Names of nested objects stand
    before their parts, `place/name`. Lists of objects within a record, which may name persons, are
    passed over. A point's degrees are `latitude` and `longitude`, without its height; other shapes
    are passed over, too.

    Args:
        content: the text's bytes, in UTF-8.
        where: the file's name, for errors.

    Returns:
        The records, numbered from 1, with all names that any has.

    Raises:
        SourceRefused: it is not JSON, or holds no list of records or several.
    """
    found = _pages(_document(content, where))
    if isinstance(found, dict) and found.get("type") == "FeatureCollection":
        features = found.get("features")
        items: Any = list(map(_feature, features)) if isinstance(features, list) else None
    elif isinstance(found, dict) and _are_objects(found.get("features")):
        # What a feature service of ArcGIS answers.
        items = [_esri(one) for one in found["features"]]
    elif isinstance(found, dict):
        lists = [value for value in found.values() if _are_objects(value)]
        items = lists[0] if len(lists) == 1 else None
    else:
        items = found
    if not _are_objects(items):
        raise SourceRefused(
            "The JSON holds no list of records, or several.",
            where=where,
            remedy="Save its records as CSV or as a workbook.",
        )
    return text_records([flat(one) for one in items], where=where)


def _are_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _feature(feature: Any) -> Any:
    """A feature's properties, with the degrees of its point."""
    if not isinstance(feature, dict):
        return feature
    shape, told = feature.get("geometry"), feature.get("properties")
    told = told if isinstance(told, dict) else {}
    if isinstance(shape, dict) and shape.get("type") == "Point":
        where = shape.get("coordinates")
        if isinstance(where, list) and len(where) >= 2:
            return {"latitude": where[1], "longitude": where[0]} | told
    return told


def _esri(feature: dict[str, Any]) -> dict[str, Any]:
    """A feature of ArcGIS: its attributes and its point. Metres are out of bounds as degrees."""
    told, where = feature.get("attributes"), feature.get("geometry")
    told = told if isinstance(told, dict) else {}
    if isinstance(where, dict) and {"x", "y"} <= set(where):
        return {"latitude": where["y"], "longitude": where["x"]} | told
    return told


def flat(item: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Give an object without objects in it.

    Args:
        item: an object of JSON.
        before: what stands before each name.

    Returns:
        The values by path, `place/name`. Of a point its `latitude`, `longitude` and `accuracy`; a
        list of plain values is one text, another list is left out.

    >>> flat({"at": {"type": "Point", "coordinates": [-0.04, 16.27, 260]}, "of": {"name": "Gao"}})
    {'at/latitude': 16.27, 'at/longitude': -0.04, 'of/name': 'Gao'}
    """
    found: dict[str, Any] = {}
    for name, value in item.items():
        if isinstance(value, dict) and value.get("type") == "Point":
            told = value.get("properties")
            known = (
                {"accuracy": told["accuracy"]}
                if isinstance(told, dict) and told.get("accuracy")
                else {}
            )
            found |= flat(_feature({"geometry": value, "properties": known}), f"{before}{name}/")
        elif isinstance(value, dict):
            found |= flat(value, f"{before}{name}/")
        elif not isinstance(value, list):
            found[before + name] = value
        elif not any(isinstance(one, dict | list) for one in value):
            found[before + name] = "; ".join(map(_as_text, value))
    return found


def _as_text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _fault(item: Any) -> tuple[str, str] | None:
    """Characters that are refused in every field, in any text of a record."""
    waiting = [item]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str) and (fault := hostile(one)):
            return ("characters", fault)
        if isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
    return None


def local(tag: object) -> str:
    """Return the name of an XML element without its namespace.

    >>> local("{http://openrosa.org/xforms}meta")
    'meta'
    """
    return str(tag).rpartition("}")[2]


def _check_parts(parts: int, most: int, where: str) -> None:
    if parts > most:
        raise SourceRefused(
            f"The document has about {parts:,} parts.",
            where=where,
            remedy=f"Split it: {most:,} can be read.",
        )


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"the name '{name[:40]}' comes twice in one object")
        found[name] = value
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _depths(value: Any) -> Iterator[int]:
    """The depth of every object and list, without recursion."""
    waiting = [(value, 1)]
    while waiting:
        one, depth = waiting.pop()
        if isinstance(one, dict | list):
            yield depth
            inner = one.values() if isinstance(one, dict) else one
            waiting.extend((item, depth + 1) for item in inner if isinstance(item, dict | list))


def submissions(root: Element) -> Iterator[dict[str, str]]:
    """Read the submissions of an XML document: one form's instance, or a wrapper of several.

    Args:
        root: the document's root element.

    Yields:
        The texts of one submission by path, with '/' between the names of groups.
    """
    children = list(root)
    if local(root.tag) in ("submission", "submissions", "data", "instances") and any(
        local(child.tag) in ("data", "submission", "instance") for child in children
    ):
        for child in children:
            if local(child.tag) in ("data", "submission", "instance"):
                yield from submissions(child)
        return
    found: dict[str, str] = {}
    if root.get("instanceID"):
        found["instanceID"] = str(root.get("instanceID"))
    waiting = [(local(child.tag), child) for child in reversed(children)]
    while waiting:
        path, element = waiting.pop()
        if not len(element) and element.text:
            found.setdefault(path, element.text)
        waiting += [(f"{path}/{local(child.tag)}", child) for child in reversed(element)]
    yield found
