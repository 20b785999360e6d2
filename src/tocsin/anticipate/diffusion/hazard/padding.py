"""Designs padded to one shape, so that one compiled program serves many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tocsin.anticipate.diffusion.hazard.design import Design

STEP, FEW = 16, 4
"""Sizes are rounded up to a multiple of these."""


@dataclass(frozen=True)
class Room:
    """These are sizes into which several designs fit, so that one compiled program serves all.

    Args:
        channels, classes, bins, covariates: their numbers, as they are.
        events: how many first uses there is room for.
        used: how many cells with an event there is room for.
        most: how many events of one cell there is room for; 0 where each class has one cell only,
            and no shrinkage is needed.
        cells, rows: how many cells and cases there is room for.
    """

    channels: int
    classes: int
    bins: int
    covariates: int
    events: int
    used: int
    most: int
    cells: int
    rows: int


def find_room(designs: Sequence[Design]) -> Room:
    """Find the sizes into which all of the designs fit.

    Args:
        designs: designs of the same channels, classes and bins.

    Returns:
        The sizes.
    """
    channels, classes, bins = designs[0].exposed.shape
    several = len(designs[0].cell_technology) > classes
    counts = [np.unique(design.cell, return_counts=True)[1] for design in designs]
    return Room(
        channels,
        classes,
        bins,
        designs[0].covariates.shape[1],
        _up(max(len(design.case) for design in designs), STEP),
        _up(max(len(count) for count in counts), STEP) if several else 0,
        _up(max(int(count.max()) for count in counts), FEW) if several else 0,
        _up(len(designs[0].cell_technology), STEP),
        _up(len(designs[0].case_cell), STEP),
    )


def pad_design(design: Design, room: Room) -> dict[str, Any]:
    """Make the arrays that the model reads, filled up to the sizes of a room.

    Args:
        design: the cases with their first uses fixed.
        room: sizes that are at least those of the design.

    Returns:
        Arrays by name, as the model of `make_model` takes them.
    """
    events = len(design.case)
    pad = room.events - events
    data: dict[str, Any] = {
        "real": np.append(np.ones(events), np.zeros(pad)),
        "technology": np.pad(design.technology, (0, pad)),
        "bin": np.pad(design.bin, (0, pad)),
        "x_event": np.pad(design.covariates[design.case], ((0, pad), (0, 0))),
        "exposure": np.pad(design.exposure, ((0, pad), (0, 0))),
        "total": design.total,
        "degree": design.degree,
        "cell_technology": np.pad(
            design.cell_technology, (0, room.cells - len(design.cell_technology))
        ),
        **_slots(design, room),
    }
    if room.covariates:
        spare = room.rows - len(design.case_cell)
        data["at_risk"] = np.pad(design.at_risk, ((0, spare), (0, 0)))
        data["row_cell"] = np.pad(design.case_cell, (0, spare))
        data["x"] = np.pad(design.covariates, ((0, spare), (0, 0)))
    else:
        data["at_risk"] = np.zeros((room.cells, room.bins))
        np.add.at(data["at_risk"], design.case_cell, design.at_risk)
    return data


def _slots(design: Design, room: Room) -> dict[str, Any]:
    """Which events lie in which cell with any: places of events, or one past the last."""
    slot = np.full((room.used, room.most), room.events)
    used = np.unique(design.cell) if room.most else np.zeros(0, dtype=np.int64)
    for at, cell in enumerate(used):
        mine = np.flatnonzero(design.cell == cell)
        slot[at, : len(mine)] = mine
    spare = room.used - len(used)
    return {
        "slot": slot,
        "used": np.pad(used, (0, spare)),
        "slot_real": np.append(np.ones(len(used)), np.zeros(spare)),
    }


def _up(size: int, step: int) -> int:
    return size + -size % step
