"""Small text files that a user writes: settings, mappings, rules, lists of territories.

They are read whole and often twice, so a pipe or a device is none: reading it would wait for ever,
or never end.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from tocsin.errors import UsageError

MAX_BYTES = 16 * 2**20
"""Bytes of such a file; nobody writes a mapping of more than some kilobytes."""


SLIPS = {
    r"^(?://|;|--|/\*)": "Begin comments with #.",
    r"=\s*[+-]?[\d.]+\s*%": "Write a share from 0 to 1, such as 0.4 for 40%.",
    r"=\s*[+-]?\.\d": "Write a nought before the point, such as 0.4.",
    r"=\s*[+-]?\d+,\d": "Write decimals with a point, such as 1.5.",
    r"[\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb]": 'Write straight quotes, as in "text".',
    r"=\s*(?![\"'\[{+-]|true\b|false\b|inf\b|nan\b)[^\W\d]": 'Put texts into quotes, as in "text".',
}
"""Slips of those who do not write TOML every day, and what to do."""


def read_text(path: Path) -> str:
    """Read a small text file in UTF-8, with or without a byte order mark.

    Args:
        path: the file.

    Returns:
        Its text.

    Raises:
        UsageError: there is no such file, it is no regular file (a pipe, a device, a folder), it
            cannot be read, it is longer than `MAX_BYTES`, or it is not UTF-8.
    """
    check_regular(path)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"The file cannot be read: {error.strerror}.", where=str(path)) from error
    if len(content) > MAX_BYTES:
        raise UsageError(f"The file is longer than {MAX_BYTES // 2**20} MiB.", where=str(path))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"Byte {error.start + 1} of the file is not UTF-8.",
            where=str(path),
            remedy="Save it as UTF-8.",
        ) from error


def check_regular(path: Path) -> None:
    """Refuse a path at which no regular file stands.

    Args:
        path: the path of a file that is to be read.

    Raises:
        UsageError: there is nothing, or a folder, a pipe or a device.
    """
    try:
        regular, there = path.is_file(), path.exists()
    except (OSError, ValueError) as error:
        raise UsageError(f"There is no such file: {error}.", where=str(path)[:200]) from error
    if not there:
        raise UsageError("There is no such file.", where=str(path), remedy="Look at the path.")
    if not regular:
        raise UsageError(
            "This is no regular file, so it cannot be read as often as is needed.",
            where=str(path),
            remedy="Write what it gives into a file, and name that.",
        )


def parse_toml(text: str, *, where: str) -> dict[str, Any]:
    """Parse a TOML text (toml.io, version 1.0).

    Args:
        text: the text.
        where: what it is called in errors, such as the path of its file.

    Returns:
        Its tables and values.

    Raises:
        UsageError: it is no TOML, is nested too deep, or holds a number of thousands of digits.
    """
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise UsageError("The TOML is nested too deep.", where=where) from error
    except ValueError as error:
        found = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        number = int(found[1]) if found else 0
        said = str(error).removesuffix(found[0]) if found else str(error)
        if again := re.search(r"^Cannot declare \((.*)\) twice", said):
            names = ".".join(re.findall("'([^']*)'", again[1]))
            said = f"The table [{names}] stands twice"
        elif said == "Cannot overwrite a value":
            said = "What this line sets was set above"
        line = text.splitlines()[number - 1].strip() if number else ""
        raise UsageError(
            f"Not TOML: {said}.",
            where=f"{where}, line {number}" if number else where,
            remedy=next((what for slip, what in SLIPS.items() if re.search(slip, line)),
                        f"Mend the line: {line[:80]}" if line else "Mend the file."),
        ) from error  # fmt: skip


_HEADER = re.compile(r"^\s*\[\[?([^\[\]]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([\w.\-\"' ]+?)\s*=")


def line_of(text: str, *path: str | int) -> int | None:
    """Find the line of a TOML text at which a value stands, for errors that name it.

    The parser of the standard library tells no lines. This looks for headers and for keys at the
    beginning of a line, which is how people write such files; a key within an inline table counts
    as its whole line.

    Args:
        text: a text that is valid TOML.
        path: the keys that lead to the value; a number counts the tables of an array of tables.

    Returns:
        The number of the line, from 1; that of the nearest table around it where the value itself
        is not found; None where nothing is.

    >>> line_of('[limits]\\nbudget = 0', "limits", "budget")
    2
    """
    best, found = 0, None
    here: tuple[str | int, ...] = ()
    seen: dict[tuple[str | int, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            here = _keys(header.group(1))
            if line.lstrip().startswith("[["):
                seen[here] = seen.get(here, -1) + 1
                here = (*here, seen[here])
            whole = here
        elif key := _KEY.match(line):
            whole = (*here, *_keys(key.group(1)))
        else:
            continue
        # What stands here leads to the value, or is one of the values below it.
        common = _common(whole, path)
        if common > best and (common == len(whole) or common == len(path)):
            best, found = common, number
    return found


def _keys(dotted: str) -> tuple[str, ...]:
    """The keys of a dotted key or a header, without quotes."""
    return tuple(one.strip().strip("\"'") for one in dotted.split("."))


def _common(one: tuple[str | int, ...], other: tuple[str | int, ...]) -> int:
    """How many keys two paths share at their beginning."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))
