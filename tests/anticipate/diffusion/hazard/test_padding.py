"""Data that are filled up to a room: what was there stays, and what is added counts for nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tocsin.anticipate.diffusion.hazard.design import Design
from tocsin.anticipate.diffusion.hazard.padding import FEW, STEP, find_room, pad_design


def _design() -> Design:
    """Three first uses of five cases, which lie in three cells of two classes."""
    return Design(
        case=np.array([0, 2, 4]), cell=np.array([0, 1, 0]), technology=np.array([0, 1, 0]),
        bin=np.array([0, 1, 1]), exposure=np.array([[0.0], [1.0], [2.0]]),
        exposed=np.ones((1, 2, 2)), at_risk=np.arange(10.0).reshape(5, 2),
        case_cell=np.array([0, 0, 1, 2, 0]), cell_technology=np.array([0, 1, 1]),
        covariates=np.arange(1.0, 11.0).reshape(5, 2), degree=np.ones(1),
    )  # fmt: skip


def test_what_is_filled_up_is_marked_and_the_rest_stays() -> None:
    design = _design()
    room = find_room([design, design])
    assert (room.channels, room.classes, room.bins, room.covariates) == (1, 2, 2, 2)
    assert min(room.events, room.used, room.cells, room.rows) >= 3
    data = pad_design(design, room)
    assert data["real"].sum() == 3
    assert len(data["real"]) == room.events
    for name, there in (
        ("x_event", design.covariates[design.case]),
        ("x", design.covariates),
        ("exposure", design.exposure),
        ("at_risk", design.at_risk),
    ):
        assert data[name].shape[1] == there.shape[1]
        np.testing.assert_array_equal(data[name][: len(there)], there)
        assert not data[name][len(there) :].any()
    # Cell 0 has the first and the third of them, cell 1 the second; the place behind all is empty.
    real = data["slot_real"] > 0
    assert data["used"][real].tolist() == [0, 1]
    slots = [[one for one in row if one < room.events] for row in data["slot"][real].tolist()]
    assert slots == [[0, 2], [1]]
    assert (data["slot"][~real] == room.events).all()


def test_without_covariates_times_at_risk_are_summed_by_cell() -> None:
    """Of the five cases the first, the second and the last lie in one cell."""
    design = replace(_design(), covariates=np.zeros((5, 0)))
    room = find_room([design])
    data = pad_design(design, room)
    assert data["at_risk"].shape == (room.cells, 2)
    assert data["at_risk"][:3].tolist() == [[0 + 2 + 8, 1 + 3 + 9], [4, 5], [6, 7]]
    assert not data["at_risk"][3:].any()
    assert "x" not in data


def test_sizes_are_those_of_the_largest_design_in_whole_steps() -> None:
    """One cell of one class needs no place for its first uses."""
    many = 3 * STEP
    case, zero = np.arange(many), np.zeros(many, dtype=np.int64)
    one = Design(
        case, zero, zero, zero, np.zeros((many, 1)), np.ones((1, 1, 2)), np.ones((many, 2)), zero,
        zero[:1], np.zeros((many, 0)), np.ones(1),
    )  # fmt: skip
    room = find_room([one])
    assert (room.events, room.rows, room.cells) == (many, many, STEP)
    assert (room.used, room.most) == (0, 0)
    more = replace(one, case=case[:1], cell=zero[:1], cell_technology=np.zeros(STEP + 1, int))
    wide = find_room([replace(one, cell_technology=np.zeros(STEP + 1, int)), more])
    assert (wide.events, wide.cells, wide.used) == (many, 2 * STEP, STEP)
    assert (wide.most >= many, wide.most % FEW) == (True, 0)
    assert pad_design(more, wide)["real"].sum() == 1
