"""What is kept of a comparison: taken where it can be read, bounded, and gone when all is done."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tocsin.base import cache
from tocsin.plan.region.runs.kept import KIND, Kept, keeping

ONE = {"totals": np.arange(12.0, dtype=np.float32).reshape(3, 4)}


def test_what_is_written_is_read_and_what_is_damaged_is_not(tmp_path: Path) -> None:
    Kept(tmp_path).write("a", ONE)
    held = Kept(tmp_path).read("a")
    assert held is not None
    np.testing.assert_array_equal(held["totals"], ONE["totals"])
    assert Kept(tmp_path).read("b") is None
    file = tmp_path / "a.npz"
    file.write_bytes(file.read_bytes()[:100])
    assert Kept(tmp_path).read("a") is None


def test_a_folder_that_is_gone_costs_the_entry_and_not_the_run(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "gone")
    kept.write("a", ONE)
    assert kept.used == set()


def _stop_after(names: str) -> None:
    with keeping() as kept:
        assert kept is not None
        for name in names:
            kept.write(name, ONE)
        raise KeyboardInterrupt


def test_it_is_cleared_at_a_good_end_and_stays_at_a_bad_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    with pytest.raises(KeyboardInterrupt):
        _stop_after("a")
    assert cache.sizes()[KIND]["entries"] == 1
    with keeping() as kept:
        assert kept is not None
        kept.write("b", ONE)
        # What is of other inputs is not this comparison's to delete.
    assert [file.stem for file in (tmp_path / KIND).iterdir()] == ["a"]
    with keeping() as kept:
        assert kept is not None
        assert kept.read("a") is not None
    assert cache.sizes()[KIND]["entries"] == 0


def test_it_keeps_its_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    monkeypatch.setitem(cache.LIMITS, KIND, 2_000)
    with pytest.raises(KeyboardInterrupt):
        _stop_after("abcdefghij")
    told = cache.sizes()[KIND]
    assert 0 < told["bytes"] <= 2_000
    assert told["entries"] < 10


def test_nothing_is_kept_where_the_cache_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.VARIABLE, "off")
    with keeping() as kept:
        assert kept is None
