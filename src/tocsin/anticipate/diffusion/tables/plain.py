"""Texts without a header, as programs for networks write them: lists of edges, and cascades."""

from __future__ import annotations

import re

import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.errors import SourceRefused

REMARK = ("#", "%")
"""How lines of remarks begin (SNAP, KONECT, Matrix Market)."""
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")


def begins_plainly(text: str) -> bool:
    """Tell whether a text has no header: the first line that is no remark begins with a number.

    Args:
        text: the text, or its beginning.

    >>> begins_plainly("# edges\\n1 2\\n"), begins_plainly("source,target\\n1,2\\n")
    (True, False)
    """
    lines = (line.strip() for line in text.removeprefix("\ufeff").splitlines())
    first = next((line for line in lines if line and not line.startswith(REMARK)), "")
    return _NUMBER.fullmatch(re.split(r"[\s,;]+", first)[0]) is not None


def read_plain_cascades(text: str, *, where: str) -> tuple[pl.DataFrame, list[int]] | None:
    """Read the text in which NetInf, NetRate and InfoPath keep cascades.

    Lines `id,name` of the nodes, an empty line, then a line for each cascade: `node,time` again and
    again, separated by commas or semicolons, perhaps after a number of the cascade and a semicolon.

    Args:
        text: the whole text.
        where: what the file is called in errors.

    Returns:
        The columns `cascade, node, time`, all texts, with the nodes' names, and the line of each
        row (from 1); None where the text has no such form.

    Raises:
        SourceRefused: a cascade cannot be read, or names a node that is not in the list.

    Source: Gomez-Rodriguez, Leskovec and Krause (2010), Inferring networks of diffusion and
    influence, KDD, and the files of its program in SNAP.

    >>> read_plain_cascades("0,a\\n1,b\\n\\n0,0.0;1,2.5\\n", where="cascades")[0].rows()
    [('1', 'a', '0.0'), ('1', 'b', '2.5')]
    """
    lines = [line.strip() for line in text.removeprefix("\ufeff").splitlines()]
    if "" not in lines or not (end := lines.index("")):
        return None
    listed = [line.split(",", 1) for line in lines[:end]]
    told = [(number, line) for number, line in enumerate(lines[end:], end + 1) if line]
    if not told or any(len(one) != 2 or not _NUMBER.fullmatch(one[0].strip()) for one in listed):
        return None
    names = {number.strip(): name.strip() for number, name in listed}
    rows, places = [], []
    for count, (number, line) in enumerate(told, 1):
        parts = [part.strip() for part in re.split("[,;]", line.rstrip(",;"))]
        which = str(count)
        if len(parts) % 2:
            which, parts = parts[0], parts[1:]
        for node, time in zip(parts[::2], parts[1::2], strict=True):
            if node not in names or not _NUMBER.fullmatch(time):
                raise SourceRefused(
                    f"'{node},{time}' is no node of the list and a time.",
                    where=f"{where}, line {number}", remedy="Write each as node,time.",
                )  # fmt: skip
            rows.append((which, names[node], time))
            places.append(number)
    schema = dict.fromkeys(("cascade", "node", "time"), pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row"), places


def read_plain_edges(text: str, *, where: str) -> tuple[pl.DataFrame, list[int]] | None:
    """Read a list of edges without a header, such as SNAP's: two names a line, perhaps a weight.

    Args:
        text: the whole text. Lines that begin with one of `REMARK` are remarks.
        where: what the file is called in errors.

    Returns:
        The columns `source, target`, and `weight` where lines have a third cell, all texts, and the
        line of each row (from 1); None where the first line holds other texts than numbers.

    Raises:
        SourceRefused: a line has more or fewer cells than the first.

    >>> read_plain_edges("# nodes: 3\\n1\\t2\\n2\\t3\\n", where="ties")[0].rows()
    [('1', '2'), ('2', '3')]
    """
    lines = enumerate(text.removeprefix("\ufeff").splitlines(), 1)
    told = [(number, re.split(r"[\s,;]+", line.strip())) for number, line in lines
            if line.strip() and not line.lstrip().startswith(REMARK)]  # fmt: skip
    width = len(told[0][1]) if told else 0
    if width not in (2, 3) or not all(_NUMBER.fullmatch(cell) for cell in told[0][1]):
        return None
    for number, cells in told:
        if len(cells) != width:
            raise SourceRefused(
                f"This line has {quantity(len(cells), 'cell')}, and the first has {width}.",
                where=f"{where}, line {number}", remedy="Write two ends, and perhaps a weight.",
            )  # fmt: skip
    names = ("source", "target", "weight")[:width]
    rows = [cells for _, cells in told]
    found = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    return found, [number for number, _ in told]
