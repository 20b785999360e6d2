"""Cells of EuRepoC that hold several values, in every way in which its releases write them.

A cell is `a; b`, `a|b`, a list as Python prints it (`['a', 'b']`, nested by receiver), or JSON.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Container, Iterator, Mapping
from functools import lru_cache
from typing import Any

from tocsin.observe.checks.values import Refused

MAX_VALUES = 1_000
"""Values of a cell; an incident of which all states are receivers has some 200."""
MAX_CELL = 100_000
"""A cell that is a longer list is refused: no incident has so many receivers."""


def parts(fields: Mapping[str, Any], column: str) -> list[str]:
    """Read the values of a cell that holds several, as texts.

    Empty values keep their place, so that the lists of one record stay side by side.

    >>> parts({"a": "['Iran', 'Unknown']"}, "a"), parts({"a": "x; ; y"}, "a")
    (['Iran', 'Unknown'], ['x', '', 'y'])
    """
    found = [one for value in parse_nested(fields, column) for one in flat(value)]
    if len(found) > MAX_VALUES:
        raise Refused("range", f"'{column}' holds {len(found):,} values.", column=column)
    return found


def flatten(record: Mapping[str, Any], wanted: Container[str]) -> dict[str, Any]:
    """Turn a record of the JSON export into columns: lists of objects become one list a name.

    Where an object holds objects again (the initiators of an attribution), its own values
    are repeated for each, so that the lists of one record stay side by side.

    Args:
        record: the record as JSON has it.
        wanted: the columns that are read. Nothing is done for others: lists of many objects with
            many names each would unfold to the product of both.

    Returns:
        The wanted columns that are there.
    """
    found: dict[str, Any] = {}
    for column, value in record.items():
        objects = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
        if not objects:
            if column in wanted:
                found.setdefault(column, value)
            continue
        rows = [row for one in objects for row in _repeat(one, wanted)]
        for name in dict.fromkeys(name for row in rows for name in row):
            found[name] = [row.get(name) for row in rows]
    return found


_RENAMED = {"attributed_initiator_name": "attributed_initiator"}


def _repeat(item: Mapping[str, Any], wanted: Container[str]) -> list[dict[str, Any]]:
    own = _pick(item, wanted)
    inner = [one for value in item.values() if _holds_objects(value) for one in value]
    return [own | _pick(one, wanted) for one in inner if isinstance(one, dict)] or [own]


def _pick(item: Mapping[str, Any], wanted: Container[str]) -> dict[str, Any]:
    named = ((_RENAMED.get(name, name), value) for name, value in item.items())
    return {name: value for name, value in named if name in wanted and not _holds_objects(value)}


def _holds_objects(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(one, dict) for one in value)


def parse_nested(fields: Mapping[str, Any], column: str) -> list[Any]:
    """Read the values of a cell, those of one receiver in a list of their own where it is so.

    Args:
        fields: the record by column.
        column: the column's name.

    Returns:
        The values, which are texts or lists of texts; none where the cell is empty.

    Raises:
        Refused: the cell is longer than `MAX_CELL` characters.
    """
    value = fields.get(column)
    if isinstance(value, str):
        if len(value) > MAX_CELL:
            raise Refused("range", f"'{column}' is {len(value)} characters long.", column=column)
        value = _divide(value)
    if isinstance(value, list) and len(value) > MAX_VALUES:
        raise Refused("range", f"'{column}' holds {len(value):,} values.", column=column)
    if value is None or value == [""]:
        return []
    return value if isinstance(value, list) else [value]


@lru_cache(maxsize=64)
def _divide(value: str) -> list[Any]:
    """A cell is asked for again for each of its values, so it is divided once."""
    return _parse_printed(value) if value.startswith("[") else re.split(r"\s*[;|]\s*", value)


def _parse_printed(value: str) -> list[Any]:
    """A list as Python prints it; what is none stays one text."""
    try:
        with warnings.catch_warnings(action="ignore"):
            found = ast.literal_eval(value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return [value]
    return found if isinstance(found, list) else [value]


def flat(value: Any) -> Iterator[str]:
    """Give the texts of a value and of the lists within it, in their order."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed(one)
        else:
            yield "" if one is None else str(one).strip()


def one_text(fields: Mapping[str, Any], column: str) -> str:
    """Read a cell that holds one text; a list gives an empty text."""
    value = fields.get(column)
    return "" if value is None or isinstance(value, list | dict) else str(value).strip()
