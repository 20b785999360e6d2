"""The cache: bounded, cleared by hand, harmless where it is damaged or cannot be written."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tocsin.base import cache

Arrays = dict[str, np.ndarray]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path / "kept"))
    return tmp_path / "kept"


class Computing:
    """Gives an array, and counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Arrays:
        self.times += 1
        return {"draws": np.arange(6.0).reshape(2, 3)}


def entries(place: Path) -> list[Path]:
    return sorted((place / "hindcasts").glob("*.npz"))


def test_the_same_key_is_computed_once_and_another_again(place: Path) -> None:
    compute = Computing()
    for key in ({"a": 1}, {"a": 1}, {"a": 2}):
        found = cache.remember("hindcasts", key, compute)
        assert (found["draws"] == Computing()()["draws"]).all()
    assert compute.times == 2
    assert len(entries(place)) == 2


def test_it_says_what_it_holds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    assert not cache.holds("hindcasts", {"seed": 1})
    cache.remember("hindcasts", {"seed": 1}, Computing())
    assert cache.holds("hindcasts", {"seed": 1})
    assert not cache.holds("hindcasts", {"seed": 2})
    assert not cache.holds("fits", {"seed": 1})
    monkeypatch.setenv(cache.VARIABLE, "off")
    assert not cache.holds("hindcasts", {"seed": 1})


@pytest.mark.parametrize("damage", [lambda b: b"", lambda b: b[:40], lambda b: b"\0" * len(b)])
def test_a_damaged_entry_is_computed_again_and_replaced(
    place: Path, damage: Callable[[bytes], bytes]
) -> None:
    compute = Computing()
    cache.remember("hindcasts", {"a": 1}, compute)
    (entry,) = entries(place)
    entry.write_bytes(damage(entry.read_bytes()))
    for _ in range(2):
        found = cache.remember("hindcasts", {"a": 1}, compute)
        assert found["draws"].shape == (2, 3)
    assert compute.times == 2


def test_what_was_longest_not_used_goes_first(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compute = Computing()
    for number in range(4):
        cache.remember("hindcasts", {"a": number}, compute)
        for age, entry in enumerate(sorted(entries(place), key=os.path.getmtime, reverse=True)):
            os.utime(entry, (1e9 - age, 1e9 - age))
    size = entries(place)[0].stat().st_size
    monkeypatch.setitem(cache.LIMITS, "hindcasts", 2 * size)
    cache.remember("hindcasts", {"a": 0}, compute)  # the oldest, used again just now
    cache.sweep("hindcasts")
    assert len(entries(place)) == 2
    before = compute.times
    cache.remember("hindcasts", {"a": 0}, compute)
    assert compute.times == before


def test_clearing_leaves_what_is_not_the_caches(place: Path) -> None:
    cache.remember("hindcasts", {"a": 1}, Computing())
    (place / "mine.txt").write_text("mine")
    held = cache.sizes()["hindcasts"]
    assert held["entries"] == 1
    assert cache.clear() == held["bytes"]
    assert cache.sizes()["hindcasts"]["entries"] == 0
    assert (place / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("where", ["off", "/proc/nowhere/kept", "/dev/null/kept"])
def test_without_a_folder_nothing_is_kept_and_nothing_breaks(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(cache.VARIABLE, where)
    compute = Computing()
    for _ in range(2):
        cache.remember("hindcasts", {"a": 1}, compute)
    assert compute.times == 2
    assert cache.clear() == 0


def test_where_the_folder_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(cache.VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache.root() == tmp_path / "tocsin"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert cache.root() == tmp_path / "home" / ".cache" / "tocsin"


def test_tables_come_back_as_they_were(place: Path) -> None:
    times = []
    whole = pl.DataFrame(
        {
            "day": [date(2020, 1, 2), None],
            "name": ["a'é", None],
            "value": [0.1 + 0.2, float("nan")],
            "kind": pl.Series(["x", "y"], dtype=pl.Enum(["x", "y"])),
            "draws": pl.Series([[1.5], []], dtype=pl.List(pl.Float32)),
        }
    )

    def compute() -> dict[str, pl.DataFrame]:
        times.append(1)
        return {"whole": whole, "no rows": whole.clear(), "no columns": pl.DataFrame()}

    for _ in range(2):
        found = cache.remember_tables("steps", {"a": 1}, compute)
        assert list(found) == ["whole", "no rows", "no columns"]
        for name, frame in compute().items():
            assert found[name].schema == frame.schema
            assert found[name].equals(frame)
    assert len(times) == 1 + 2


def test_tables_that_are_too_large_are_given_and_not_kept(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cache.LIMITS, "steps", 1000)
    times = []

    def compute() -> dict[str, pl.DataFrame]:
        times.append(1)
        return {"few": pl.DataFrame({"n": [1]}), "many": pl.DataFrame({"n": range(1000)})}

    for _ in range(2):
        assert cache.remember_tables("steps", {"a": 1}, compute)["many"].height == 1000
    assert len(times) == 2
    assert cache.sizes()["steps"]["entries"] == 0


def test_what_other_libraries_computed_is_computed_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compute = Computing()
    cache.remember("hindcasts", {"a": 1}, compute)
    monkeypatch.setattr(cache, "versions", lambda: {"jax": "another"})
    cache.remember("hindcasts", {"a": 1}, compute)
    assert compute.times == 2
