"""Layers and needs that no file has: made up by plain rules, and said to be.

Public data draw power and water apart; which pump hangs on which substation, or where the masts of
a telephone network stand, is seldom public. What is made up here follows chance from a seed, so
that its results speak of layers and districts only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.base.nearest import advice
from tocsin.errors import UsageError
from tocsin.plan.networks.formats.parts import Parts, node, parts


@dataclass(frozen=True)
class Layer:
    """This is a layer to be made up."""

    name: str
    people_each: float
    """One component serves so many people."""
    needs: tuple[str, ...]
    """Layers of which each component needs one."""
    joined: bool
    """Are its components joined by lines? Clinics are not: each stands for itself."""
    backup_hours: float


LAYERS = {
    "telecom": Layer("telecom", 2_000.0, ("power",), joined=True, backup_hours=4.0),
    "health": Layer("health", 10_000.0, ("power", "water", "telecom"), False, backup_hours=24.0),
}
"""What can be made up. Judgement: a mast for some 2,000 people with 4 hours of battery, a place of
care for some 10,000 (the Sphere Handbook 2018 asks for one health centre per 10,000) with a day of
fuel. A user's own components replace it."""
_PEOPLE = pl.col("people").cast(pl.Float64, strict=False).fill_null(0.0)
CHORDS = 0.25
"""Lines beside the ring, as a share of the components: enough that one break parts nothing."""


def add_layer(found: Parts, name: str, *, seed: int = 0) -> Parts:
    """Make up a layer over the districts and people of those that are there.

    Args:
        found: networks that were read.
        name: a name of `LAYERS`.
        seed: start of all random numbers.

    Returns:
        `found` with the layer, its lines and its needs (one component, drawn by chance in the same
        district or else anywhere, of each layer that it needs and that is there).

    Raises:
        UsageError: the name is not known, the layer is there already, or nobody lives there.
    """
    if name not in LAYERS:
        raise UsageError(f"There is no layer '{name}' to make up.", remedy=advice(name, LAYERS))
    layers = set(found.nodes["layer"])
    if name in layers:
        raise UsageError(f"There is a layer '{name}' already.", remedy="Leave it out of --add.")
    layer = LAYERS[name]
    # Each layer counts the same people, so the largest count of a district is taken.
    people = (
        found.nodes.with_columns(_PEOPLE).group_by("layer", "district").agg(pl.col("people").sum())
        .group_by("district").agg(pl.col("people").max()).sort("district")
    )  # fmt: skip
    if not people["people"].sum() > 0:
        raise UsageError("Nobody lives in these networks.", remedy="Give a column 'people'.")
    rng = np.random.default_rng([seed, sorted(LAYERS).index(name)])
    nodes, lines, needs = [], [], []
    first = ""
    for district, living in people.iter_rows():
        here = []
        count = math.ceil(living / layer.people_each)
        for number in range(1, count + 1):
            here.append(f"{name}:{district} {number}")
            nodes.append(
                node(
                    here[-1], name, district, people=living / count,
                    backup_hours=layer.backup_hours, supply=not layer.joined,
                )
            )  # fmt: skip
        if layer.joined and here:
            lines += _ring(here, rng)
            # Two lines between districts, so that all of the layer is one network.
            if first:
                lines += [(first, here[0]), (first, here[-1])]
            first = here[0]
        for other in layer.needs:
            if other in layers:
                needs += _draw_suppliers(here, found.nodes, other, district, rng)
    made = parts(
        nodes, lines,
        [
            f"The layer '{name}' is made up: one component for {layer.people_each:,g} people, "
            f"{quantity(layer.backup_hours, 'hour')} of backup, each needing one component of "
            f"{_join_names([one for one in layer.needs if one in layers])} drawn by chance."
        ],
        needs,
    )  # fmt: skip
    return _beside(found, made)


def couple(found: Parts, needing: str, needed: str, *, seed: int = 0) -> Parts:
    """Make up what one layer needs of another.

    Pumps need power; where a layer has no pump, each of its components does. The one that is
    needed is drawn by chance among those of the same district, or else of all. What needs one of
    that layer already gets no second one.

    Args:
        found: networks that were read.
        needing: the layer that needs.
        needed: the layer of which it needs one component each.
        seed: start of all random numbers.

    Returns:
        `found` with these needs.

    Raises:
        UsageError: a layer is not there, both are one, or nothing lacks such a need.
    """
    layers = sorted(set(found.nodes["layer"]))
    for name in (needing, needed):
        if name not in layers:
            raise UsageError(f"There is no layer '{name}'.", remedy=advice(name, layers))
    if needing == needed:
        raise UsageError("A layer cannot be coupled with itself.")
    mine = found.nodes.filter(pl.col("layer") == needing)
    pumps = mine.filter(pl.col("id").str.starts_with(f"{needing}:pump "))
    rng = np.random.default_rng([seed, 100 + layers.index(needing), layers.index(needed)])
    chosen = (
        pumps
        if pumps.height
        else mine.filter(pl.col("supply").fill_null("").str.to_lowercase() != "true")
    )
    suppliers = found.nodes.filter(pl.col("layer") == needed)["id"]
    told = found.needs.filter(pl.col("needed").is_in(suppliers.implode()))["needs"]
    what = "pump" if pumps.height else "component"
    lacking = chosen.filter(~pl.col("id").is_in(told.implode()))
    if chosen.height and lacking.is_empty():
        raise UsageError(
            f"Each {what} of '{needing}' needs one of '{needed}' already.",
            remedy=f"Leave out --couple {needing}:{needed}.",
        )
    each = f"each {what}" if lacking.height == chosen.height else f"each {what} without such a need"
    chosen = lacking
    needs: list[tuple[str, str]] = []
    for district in chosen["district"].unique().sort():
        ids = chosen.filter(pl.col("district") == district)["id"].to_list()
        needs += _draw_suppliers(ids, found.nodes, needed, district, rng)
    said = (
        f"What '{needing}' needs of '{needed}' is made up: {each} needs one component, drawn "
        "by chance."
    )
    return _beside(found, parts([], [], [said], needs))


def _draw_suppliers(
    ids: Sequence[str],
    nodes: pl.DataFrame,
    layer: str,
    district: str,
    rng: np.random.Generator,
) -> list[tuple[str, str]]:
    """For each id one component of a layer that serves people, of its district if there is one."""
    known = nodes.filter(pl.col("layer") == layer)
    serving = known.filter(_PEOPLE > 0)
    known = serving if serving.height else known
    near = known.filter(pl.col("district") == district)
    names = (near if near.height else known)["id"].to_list()
    return [(one, names[int(rng.integers(len(names)))]) for one in ids]


def _ring(ids: Sequence[str], rng: np.random.Generator) -> list[tuple[str, str]]:
    """A ring with some chords."""
    if len(ids) < 2:
        return []
    lines = [(ids[place - 1], one) for place, one in enumerate(ids)][0 if len(ids) > 2 else 1 :]
    for _ in range(int(CHORDS * len(ids))):
        one, two = rng.choice(len(ids), 2, replace=False)
        lines.append((ids[one], ids[two]))
    return lines


def _beside(found: Parts, made: Parts) -> Parts:
    return Parts(
        pl.concat([found.nodes, made.nodes]),
        pl.concat([found.edges, made.edges]),
        pl.concat([found.needs, made.needs]),
        (*found.assumed, *made.assumed),
    )


def _join_names(names: Sequence[str]) -> str:
    return " and ".join(names) if names else "nothing that is there"
