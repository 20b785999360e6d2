"""`tocsin.plugins`: everything that is looked up by name, and which package brings it."""

from __future__ import annotations

import importlib
from typing import Any

import polars as pl

from tocsin.base.registry import Door

DOORS = {
    "reader": "tocsin.observe.registry:READERS",
    "comparison": "tocsin.assess.linkage.pairs.registry:COMPARISONS",
    "forecaster": "tocsin.anticipate.models.registry:FORECASTERS",
    "forecaster of cells": "tocsin.anticipate.grid.models:CELL_FORECASTERS",
    "lever": "tocsin.plan.portfolios.levers:LEVERS",
    "mechanism": "tocsin.plan.region.guests:MECHANISMS",
    "export": "tocsin.share.exports:EXPORTS",
}
"""Kind of thing to its door, in the order of the road."""


def doors() -> list[Door[Any]]:
    """List the doors through which other packages can add to tocsin, in the order of the road.

    Returns:
        A door for each kind of thing that can be added; `group` names its entry points.

    >>> [door.group for door in doors()][0]
    'tocsin.readers'
    """
    found = []
    for target in DOORS.values():
        module, _, name = target.partition(":")
        found.append(getattr(importlib.import_module(module), name))
    return found


def plugins(*, check: bool = False) -> pl.DataFrame:
    """List everything that is looked up by name: tocsin's own, and what other packages add.

    Args:
        check: True loads what other packages offer, so that what cannot be loaded is told.
            Otherwise nothing of theirs is imported.

    Returns:
        A row for each: `kind, name, package` (with its version), `target` (where it is:
        `module:attribute`) and `fault` (why it cannot be used; null where nothing is known against
        it).

    >>> import tocsin
    >>> tocsin.plugins().filter(kind="export", package="tocsin")["name"].to_list()
    ['html', 'json', 'pdf', 'csv', 'geojson', 'hxl', 'atom', 'rss', 'stix', 'cap']
    """
    rows = [
        (entry.kind, entry.name, entry.package, entry.target, entry.fault or None)
        for door in doors()
        for entry in (door.check() if check else door.entries())
    ]
    names = ("kind", "name", "package", "target", "fault")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
