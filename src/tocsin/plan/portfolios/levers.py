"""Levers by name: what a region can do, tocsin's own and those of other packages.

A lever of another package says how soon it works, and what it works through: shares of the
effects of tocsin's own levers, or a mechanism (`tocsin.plan.region.guests`) that reads its effort.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isfinite
from types import MappingProxyType
from typing import Any

from tocsin.base.registry import Door, Entry
from tocsin.plan.portfolios.shipped import DELAY
from tocsin.schema.vocabulary.lever import LABELS


@dataclass(frozen=True)
class Lever:
    """This is one thing that a region can do, at an effort from 0 to 1.

    >>> Lever("Clearance of mined roads", delay=9.0, source="assumption",
    ...       acts_as={"health": 0.5}).acts_as["health"]
    0.5
    """

    label: str
    """What people read."""
    delay: float
    """Months until it has about two thirds of its effect."""
    source: str
    """Where the delay and the shares come from: a publication, or 'assumption'."""
    acts_as: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """At full effort it adds so much of the effect of tocsin's own levers (-1 to 1 each); the
    sum stays between 0 and 1."""


def admit(entry: Entry, loaded: Any) -> Lever:
    """Take what a package offers as a lever.

    Args:
        entry: the entry point, by which errors name the package.
        loaded: what the entry point gave.

    Returns:
        The lever, as it was given.

    Raises:
        PluginFailed: it is no `Lever`, its delay is no positive number, or it acts as a lever
            that there is not.
    """
    if not isinstance(loaded, Lever):
        raise entry.failure("is no tocsin.plan.portfolios.levers.Lever")
    if not (isfinite(loaded.delay) and loaded.delay > 0):
        raise entry.failure(f"has a delay of {loaded.delay} months, where more than 0 is needed")
    for name, share in loaded.acts_as.items():
        if name not in LABELS:
            raise entry.failure(f"acts as '{name}', which is no lever of tocsin's own")
        if not -1 <= share <= 1:
            raise entry.failure(f"acts as {share} of '{name}', where -1 to 1 is meant")
    return loaded


LEVERS: Door[Lever] = Door(
    kind="lever",
    group="tocsin.levers",
    own={
        name: Lever(label, DELAY[name], "assumption: docs/model.md")
        for name, label in LABELS.items()
    },
    admit=admit,
    meaning="is something that a region can do, with an effort from 0 to 1 in a portfolio",
)
"""Where a lever is found by its name."""
