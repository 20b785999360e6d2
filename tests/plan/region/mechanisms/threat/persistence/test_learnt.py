"""What was learnt is read as it was written, and what ships is of years of war and of quiet."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tocsin.plan.region.mechanisms.threat.persistence.learnt import LEARNT, WAR, read_learnt


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "learnt.json"
    path.write_text(LEARNT.text(), encoding="utf-8")
    for one, again in zip(LEARNT, read_learnt(path), strict=True):
        np.testing.assert_allclose(again, one, rtol=1e-4)


def test_what_ships_is_of_war_and_of_quiet() -> None:
    assert (np.diff(LEARNT.deaths) >= 0).all()
    assert len(LEARNT.deaths) == len(LEARNT.moves)
    # Rounded to five digits, the least war may lie a hair under its bound.
    assert min(LEARNT.deaths.min(), (LEARNT.deaths + LEARNT.moves).min()) >= WAR - 1e-3
    assert LEARNT.first.min() >= WAR - 1e-4
    assert max(LEARNT.after.max(), LEARNT.quiet.max()) < WAR
    assert LEARNT.quiet.min() > 0
    # War lasts the likelier the more die, and breaks out the likelier the more died of late.
    assert (LEARNT.ends[1:] < 0).all()
    assert (LEARNT.begins[1:] > 0).all()
