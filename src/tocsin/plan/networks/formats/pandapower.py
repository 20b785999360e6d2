"""Power networks as pandapower writes them (`pandapower.to_json`).

pandapower itself asks for older versions of libraries than the rest of tocsin runs on, so the file
is read, not the library used (Thurner and others 2018, IEEE Transactions on Power Systems 33).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tocsin.errors import SourceRefused
from tocsin.plan.networks.formats.parts import Parts, load_json, node, parts

KW_EACH = 1.0
"""The mean load that stands for one person, in kilowatts. A judgement: homes, work and services."""
JOINS = {
    "line": ("from_bus", "to_bus"),
    "impedance": ("from_bus", "to_bus"),
    "dcline": ("from_bus", "to_bus"),
    "trafo": ("hv_bus", "lv_bus"),
    "trafo3w": ("hv_bus", "mv_bus", "lv_bus"),
}
"""Elements that join buses, and the columns of their ends."""
SOURCES = ("ext_grid", "gen")
FOLLOWING = ("sgen", "asymmetric_sgen")
"""Static generators, such as panels on roofs: they follow a grid, so they count only where no other
source is."""
LOADS = ("load", "asymmetric_load")
SWITCHED = {"l": "line", "t": "trafo", "t3": "trafo3w"}
"""What a switch's `et` says that it switches; 'b' joins two buses by itself."""


def read_pandapower(
    path: Path, *, layer: str = "power", district: str = "", kw_each: float = KW_EACH
) -> Parts:
    """Read a power network.

    Args:
        path: a file of `pandapower.to_json`.
        layer: the name of its layer; ids become `layer:bus`.
        district: the district of buses without a zone; empty: the file's name.
        kw_each: kilowatts of load that stand for one person.

    Returns:
        Buses in service as components, lines and transformers between them; buses with a
        generator or a grid connection are the sources; where there is neither, those with a static
        generator. What is out of service or switched off is left out.

    Raises:
        SourceRefused: it is no such file, an end of a line or the place of a load is no bus, a load
            is no number, or there is no source.
    """
    tables = _tables(path)
    known = {row["_index"] for row in tables["bus"]}
    buses = {row["_index"]: row for row in tables["bus"] if row.get("in_service", True)}
    if not buses:
        raise SourceRefused("There is no bus in service.", where=path.name)
    following = {row["bus"] for name in FOLLOWING for row in _live(tables, name)} & set(buses)
    fed = {row["bus"] for name in SOURCES for row in _live(tables, name)} & set(buses)
    said = []
    if fed and following - fed:
        said.append(
            f"Static generators follow the grid and are no sources: {len(following - fed)}."
        )
    fed = fed or following
    if not fed:
        raise SourceRefused("There is no generator and no grid connection.", where=path.name)
    load = _load(tables, known, path.name)
    nodes = [
        node(
            f"{layer}:{number}", layer, _zone(row) or district or path.stem,
            people=load.get(number, 0.0) / kw_each, supply=number in fed,
        )
        for number, row in buses.items()
    ]  # fmt: skip
    lines = []
    for where, one, two in _joins(tables):
        for end in (one, two):
            if end not in known:
                raise SourceRefused(f"There is no bus {end}.", where=f"{path.name}, {where}")
        if one in buses and two in buses and one != two:
            lines.append((f"{layer}:{one}", f"{layer}:{two}"))
    return parts(
        nodes,
        lines,
        (
            f"People are worked out from load, {kw_each:g} kW each.",
            "Power flows along any whole line; flows and limits of lines are not computed.",
            *said,
        ),
    )


def _load(tables: dict[str, list[dict[str, Any]]], known: set[int], where: str) -> dict[int, float]:
    """Kilowatts by bus."""
    load: dict[int, float] = {}
    for kind, row in ((name, row) for name in LOADS for row in _live(tables, name)):
        place = f"{where}, {kind} {row['_index']}"
        if row["bus"] not in known:
            raise SourceRefused(f"There is no bus {row['bus']}.", where=place)
        megawatts = sum(float(row.get(f"p{phase}_mw") or 0.0) for phase in ("", "_a", "_b", "_c"))
        kilowatts = megawatts * float(row.get("scaling", 1.0) or 0.0) * 1000.0
        if not math.isfinite(kilowatts):
            raise SourceRefused("The load is no finite number.", where=place)
        load[row["bus"]] = load.get(row["bus"], 0.0) + max(kilowatts, 0.0)
    return load


def _tables(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The file's tables as rows, each with its number under `_index`."""
    held = load_json(path, "pandapower network")
    inner = held.get("_object") if isinstance(held, dict) else None
    if not isinstance(inner, dict) or "bus" not in inner:
        raise SourceRefused(
            "This is no pandapower network: there is no table of buses.", where=path.name,
            remedy="Write one by pandapower.to_json(network, FILE).",
        )  # fmt: skip
    found: dict[str, list[dict[str, Any]]] = {}
    for name in ("bus", "switch", *LOADS, *JOINS, *SOURCES, *FOLLOWING):
        try:
            found[name] = list(_rows(inner.get(name)))
        except (KeyError, TypeError, ValueError) as error:
            raise SourceRefused(
                f"The table '{name}' cannot be read.", where=path.name,
                remedy="Write the file anew by pandapower.to_json(network, FILE).",
            ) from error  # fmt: skip
    return found


def _rows(table: Any) -> Iterator[dict[str, Any]]:
    if table is None:
        return
    held = table["_object"]
    split = json.loads(held) if isinstance(held, str) else held
    for number, values in zip(split["index"], split["data"], strict=True):
        yield {"_index": number, **dict(zip(split["columns"], values, strict=True))}


def _live(tables: dict[str, list[dict[str, Any]]], name: str) -> list[dict[str, Any]]:
    return [row for row in tables[name] if row.get("in_service", True)]


def _joins(tables: dict[str, list[dict[str, Any]]]) -> Iterator[tuple[str, int, int]]:
    """Which buses are joined, by what: elements in service that no open switch takes off."""
    opened = [row for row in tables["switch"] if not row.get("closed", True)]
    off = {
        (SWITCHED.get(row.get("et", "")), row["element"]) for row in opened if row.get("et") != "t3"
    }
    # Of a transformer with three ends a switch takes off one; the other two stay joined.
    apart = {(row["element"], row["bus"]) for row in opened if row.get("et") == "t3"}
    for name, columns in JOINS.items():
        for row in _live(tables, name):
            if (name, row["_index"]) in off:
                continue
            ends = [row[column] for column in columns]
            if name == "trafo3w":
                ends = [end for end in ends if (row["_index"], end) not in apart]
            for other in ends[1:]:
                yield f"{name} {row['_index']}", ends[0], other
    for row in tables["switch"]:
        if row.get("et") == "b" and row.get("closed", True):
            yield f"switch {row['_index']}", row["bus"], row["element"]


def _zone(row: dict[str, Any]) -> str:
    zone = row.get("zone")
    return "" if zone is None else f"zone {zone:g}" if isinstance(zone, float) else str(zone)
