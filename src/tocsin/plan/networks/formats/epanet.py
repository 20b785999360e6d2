"""EPANET's .inp files, read by WNTR: drinking water with its pumps, tanks and reservoirs.

Klise, Bynum, Moriarty and Murray (2017), Environmental Modelling & Software 95: WNTR.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from tocsin.base.nearest import advice
from tocsin.errors import SourceRefused, require
from tocsin.plan.networks.formats.parts import MOST_BYTES, Parts, node, parts

LITRES_A_DAY = 757.0
"""What one person is taken to use a day: the figure of WNTR's population metric (200 US gallons,
US EPA 2015, Water Network Tool for Resilience)."""
JOINTS = ("[JUNCTIONS]", "[RESERVOIRS]", "[TANKS]")
LINKS = ("[PIPES]", "[PUMPS]", "[VALVES]")
"""Sections in which ids have to differ, of what is joined and of what joins it."""
SECTIONS = (
    "TITLE", "JUNCTIONS", "RESERVOIRS", "TANKS", "PIPES", "PUMPS", "VALVES", "CONTROLS", "RULES",
    "DEMANDS", "SOURCES", "EMITTERS", "PATTERNS", "CURVES", "QUALITY", "STATUS", "ROUGHNESS",
    "ENERGY", "REACTIONS", "MIXING", "REPORT", "TIMES", "OPTIONS", "COORDINATES", "VERTICES",
    "LABELS", "BACKDROP", "TAGS", "END",
)  # fmt: skip
"""The sections of EPANET 2.2 (Rossman and others 2020, EPANET 2.2 User Manual, appendix C)."""
SECTION = re.compile(r"^[ \t]*\[([A-Za-z]{3,})\]?", re.MULTILINE)
MOST_HOURS = 72.0
"""Storage is counted for three days at most; water that stands longer is not counted on."""


def read_epanet(path: Path, *, layer: str = "water", district: str = "") -> Parts:
    """Read a water network.

    Junctions, tanks and reservoirs become components; so does each pump, which stands between its
    two ends and is what needs power. People are worked out from a junction's mean demand.

    Args:
        path: the `.inp` file.
        layer: the name of its layer; ids become `layer:id`.
        district: the district of all components; empty: the file's name.

    Returns:
        The network. Its sources are reservoirs and junctions with a negative demand, through which
        EPANET lets water in, such as wells; where there is neither, tanks. The time that full tanks
        last stands as backup of pumps, at most three days.

    Raises:
        SourceRefused: EPANET's rules are broken, an id stands twice, a demand follows a pattern
            that is not there, or nothing brings water.
        MissingExtra: WNTR is not installed.
    """
    # WNTR imports six and does not ask for it.
    require("six", extra="water")
    # WNTR changes how NumPy prints all numbers of the program; that is not for us to change.
    with np.printoptions():
        wntr = require("wntr", extra="water")
    if path.stat().st_size > MOST_BYTES:
        raise SourceRefused(f"This file has more than {MOST_BYTES:,} bytes.", where=path.name)
    _check_ids(path)
    try:
        with TemporaryDirectory() as folder:
            model = wntr.network.WaterNetworkModel(str(_as_wntr_reads(path, Path(folder))))
        people = wntr.metrics.population(model, R=LITRES_A_DAY / 1000 / 86400)
        expected = wntr.metrics.average_expected_demand(model)
        demand = float(expected.clip(lower=0).sum())
    except Exception as error:
        # WNTR raises its own errors, and those of Python, for a file that breaks EPANET's rules.
        raise SourceRefused(
            f"EPANET's rules are broken: {_reason(error)}",
            where=path.name,
            remedy="Open the file in EPANET and save it again.",
        ) from error
    _check_patterns(model, path.name)
    sources, said = _sources(model, expected, path.name)
    hours = _stored_hours(model, demand)
    where = district or path.stem
    nodes = [
        node(
            f"{layer}:{name}", layer, where,
            people=float(max(people.get(name, 0.0), 0.0)),
            supply=name in sources,
        )
        for name, _ in model.nodes()
    ]  # fmt: skip
    lines: list[tuple[str, str]] = []
    closed = _find_closed(model)
    for name, link in model.links():
        if name in closed:
            continue
        ends = (f"{layer}:{link.start_node_name}", f"{layer}:{link.end_node_name}")
        if link.link_type != "Pump":
            lines.append(ends)
            continue
        pump = f"{layer}:pump {name}"
        nodes.append(node(pump, layer, where, backup_hours=hours))
        lines += [(ends[0], pump), (pump, ends[1])]
    said.append(f"People are worked out from demand, {LITRES_A_DAY:g} litres a day each.")
    if model.num_pumps:
        said.append(f"Full tanks last {hours:.1f} hours of mean demand: that is the pumps' backup.")
    else:
        said.append("There are no pumps, so that no water needs power.")
    if closed:
        said.append(
            f"Pipes and valves that are closed, and that no control opens, join nothing: "
            f"{len(closed)}."
        )
    said.append("Water flows along any whole pipe; pressure is not computed.")
    return parts(nodes, lines, said)


def _as_wntr_reads(path: Path, folder: Path) -> Path:
    """A copy in UTF-8 with whole names of sections, which EPANET knows by their first four letters.

    It names its unit of flow: EPANET takes gallons a minute where none is named.
    """
    text = SECTION.sub(_whole_name, _text(path))
    if not re.search(r"^\s*UNITS\s+\S", text, re.IGNORECASE | re.MULTILINE):
        text = re.sub(r"^\s*\[END\]", "", text, flags=re.IGNORECASE | re.MULTILINE)
        text += "\n[OPTIONS]\nUnits GPM\n"
    copy = folder / "network.inp"
    copy.write_text(text, encoding="utf-8")
    return copy


def _whole_name(found: re.Match[str]) -> str:
    """A section's whole name; one that nobody knows stays as it is."""
    begun = found[1].upper()[:4]
    name = next((one for one in SECTIONS if one.startswith(begun)), found[1])
    return f"[{name}]"


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _check_ids(path: Path) -> None:
    """Refuse an id that stands twice, as EPANET does: WNTR takes the last, and says nothing."""
    seen: dict[tuple[bool, str], int] = {}
    section = ""
    for number, line in enumerate(SECTION.sub(_whole_name, _text(path)).splitlines(), 1):
        words = line.partition(";")[0].split()
        if not words:
            continue
        if words[0].startswith("["):
            section = words[0].upper()
            continue
        if section in (*JOINTS, *LINKS):
            first = seen.setdefault((section in JOINTS, words[0]), number)
            if first != number:
                raise SourceRefused(
                    f"The id '{words[0]}' stands twice, first in line {first}.",
                    where=f"{path.name}, line {number}",
                )


def _check_patterns(model: Any, where: str) -> None:
    """Refuse a demand whose pattern is not there, as EPANET does; WNTR takes none in silence."""
    known = set(model.pattern_name_list)
    for name, junction in model.junctions():
        for demand in junction.demand_timeseries_list:
            pattern = demand.pattern_name
            if pattern and pattern not in known:
                raise SourceRefused(
                    f"There is no pattern '{pattern}', which the demand of '{name}' follows.",
                    where=where, remedy=advice(pattern, sorted(known)),
                )  # fmt: skip


def _reason(error: BaseException) -> str:
    """What is wrong, in the words of the error that says most: the outer one names a file alone."""
    inner = error
    while type(inner.__context__).__name__.startswith(("EN", "Epanet")):
        inner = inner.__context__  # type: ignore[assignment]
    said = " ".join(str(inner).split()).strip('"') or type(inner).__name__
    # Some of WNTR's sentences keep the place for a word that they were not given.
    said = said.replace(" (%s)", "")
    named = type(inner).__name__.startswith(("EN", "Epanet"))
    return said if named else f"a line of it cannot be read ({said})"


def _sources(model: Any, expected: Any, where: str) -> tuple[set[str], list[str]]:
    """Where water comes in, and a sentence where that is not by reservoirs alone."""
    inflows = {str(name) for name, one in expected.items() if one < 0}
    said = f"Junctions with negative demand bring water, as reservoirs do: {len(inflows)}."
    if model.reservoir_name_list or inflows:
        return {*model.reservoir_name_list, *inflows}, [said] if inflows else []
    if model.tank_name_list:
        return set(model.tank_name_list), [
            "There is no reservoir: tanks count as sources of water."
        ]
    raise SourceRefused(
        "There is no reservoir, no tank and no inflow, so no source of water.", where=where
    )


def _find_closed(model: Any) -> set[str]:
    """Pipes and valves that are closed from the beginning and that nothing opens later."""
    moved = {action.target()[0].name for _, one in model.controls() for action in one.actions()}
    return {
        str(name)
        for name, link in model.links()
        if link.link_type != "Pump" and link.initial_status == 0 and name not in moved
    }


def _stored_hours(model: Any, demand: float) -> float:
    """How long full tanks last at the mean demand (cubic metres a second), at most three days."""
    stored = sum(
        float(tank.get_volume(tank.max_level) - tank.get_volume(tank.min_level))
        for _, tank in model.tanks()
    )
    return min(stored / demand / 3600.0, MOST_HOURS) if demand > 0 else 0.0
