"""Chunks, processes and resumed runs: the same bits, whatever the way."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from smallest import BEGUN, MODEL, PLANS
from tocsin.plan.region import runs
from tocsin.plan.region.model import Begun
from tocsin.plan.region.outcomes import YEAR
from tocsin.plan.region.runs import chunk_size, play_futures
from tocsin.plan.region.runs.kept import Kept


def sha(workers: int = 1, keep: Path | None = None, futures: int = 600) -> str:
    played = play_futures(
        np.arange(futures), PLANS, BEGUN, seed=9, weeks=YEAR, model=MODEL, workers=workers,
        keep=None if keep is None else Kept(keep),
    )  # fmt: skip
    assert played.paths is not None
    assert played.totals.shape == (9, 2, 2, futures)
    assert played.paths.shape == (12, 9, 2, futures)
    assert played.quarters is not None
    # Deaths of the region's months, and of the first futures' quarters, add up to the year's.
    deaths = played.totals[0]
    np.testing.assert_allclose(played.paths[:, 0].sum(0), deaths.sum(0), rtol=1e-4)
    np.testing.assert_allclose(played.quarters[:, 0].sum(0), deaths[..., : runs.SHOWN], rtol=1e-4)
    return hashlib.sha256(played.totals.tobytes() + played.paths.tobytes()).hexdigest()


@pytest.mark.release
def test_one_process_and_several_give_the_same_bits(tmp_path: Path) -> None:
    alone = sha()
    # Two of three chunks go to one of the two; to start a process takes seconds.
    assert sha(2, tmp_path) == alone
    assert len(list(tmp_path.iterdir())) == 3


@pytest.mark.slow
def test_a_run_that_was_killed_goes_on_and_ends_with_the_same_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, play = sha(), runs._play
    seen: list[int] = []

    def killed(chunk: runs.Chunk) -> runs.Played:
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.append(0)
        return play(chunk)

    monkeypatch.setattr(runs, "_play", killed)
    with pytest.raises(KeyboardInterrupt):
        sha(keep=tmp_path)
    assert len(list(tmp_path.glob("*.npz"))) == 2
    seen.clear()
    assert sha(keep=tmp_path) == whole
    assert len(seen) == 1


@pytest.mark.slow
def test_a_future_is_the_same_among_more_futures_and_elsewhere() -> None:
    def totals(numbers: np.ndarray, seed: int = 9) -> np.ndarray:
        return play_futures(numbers, PLANS, BEGUN, seed=seed, weeks=YEAR, model=MODEL).totals

    many = totals(np.arange(300))
    np.testing.assert_array_equal(totals(np.arange(7)), many[..., :7])
    np.testing.assert_array_equal(totals(np.array([280, 3, 41])), many[..., [280, 3, 41]])
    # The greatest seed that settings allow has futures of its own.
    assert (totals(np.arange(7), 2**32 - 1) != many[..., :7]).any()


def test_chunks_fit_a_cache_whatever_the_region() -> None:
    for territories, portfolios in ((1, 1), (15, 3), (50, 20), (5000, 50)):
        size = chunk_size(territories, portfolios)
        assert 8 <= size <= 256
        assert size & (size - 1) == 0
        assert size == 8 or size * territories * portfolios <= 2 * runs.AT_ONCE


def _told(chunk: runs.Chunk) -> runs.Played:
    """Nothing is played: each future has its number, its level and its plan."""
    _, numbers, values, plans, begun = chunk[:5]
    levels = np.broadcast_to(begun.level[:, None], (2, 2, len(numbers)))
    given = np.zeros(len(numbers)) if values is None else values[0]
    totals = np.stack([levels, np.broadcast_to(numbers, (2, 2, len(numbers)))])
    quarters = np.broadcast_to(plans[:, 0, 0] + given, (4, 1, 2, 2, len(numbers)))
    return runs.Played(totals, np.stack([totals[:, 0]] * 3), quarters)


def test_chunks_are_put_together_in_the_order_of_futures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_play", _told)
    monkeypatch.setattr(runs, "chunk_size", lambda territories, portfolios: 8)
    numbers, told = np.arange(20) * 3 + 5, list[tuple[int, int]]()
    begun = BEGUN._replace(level=np.stack([numbers, -numbers]).astype(np.float32))
    asked: dict[str, Any] = {"seed": 1, "weeks": YEAR, "model": MODEL}
    found = play_futures(numbers, PLANS, begun, on_done=lambda *done: told.append(done), **asked)
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert found.totals.shape == (2, 2, 2, 20)
    for place, sign in ((0, 1), (1, -1)):
        np.testing.assert_array_equal(found.totals[0, place], [sign * numbers] * 2)
        np.testing.assert_array_equal(found.totals[1, place], [numbers] * 2)
    assert found.paths is not None
    np.testing.assert_array_equal(found.paths, np.stack([found.totals[:, 0]] * 3))
    # Of chunks beyond those that are shown no quarters are kept, and of portfolios the one only.
    values = np.arange(20.0, dtype=np.float32)[None]
    few = play_futures(numbers, PLANS, begun, values=values, shown=10, only=1, **asked)
    assert few.quarters is not None
    assert few.quarters.shape == (4, 1, 2, 1, 10)
    np.testing.assert_array_equal(few.quarters[0, 0, 0, 0], PLANS[1, 0, 0] + values[0, :10])


def test_the_program_is_made_ready_for_the_arrays_that_are_played(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    played: list[Any] = []
    monkeypatch.setattr(
        runs, "chunk_size", lambda territories, portfolios: territories + portfolios
    )
    monkeypatch.setattr(runs, "play", SimpleNamespace(lower=lambda *given, **_: given))
    monkeypatch.setattr(runs, "_play", lambda chunk: played.append(chunk) or _told(chunk))
    begun = BEGUN._replace(level=np.ones((2, 5), np.float32))
    plans, values = np.concatenate([PLANS, PLANS[:1]]), np.ones((7, 5), np.float32)
    ready = runs.lower(plans[:2], begun, values, seed=1, model=MODEL)
    play_futures(np.arange(5), plans[:2], begun, seed=1, values=values, model=MODEL)
    assert [one.shape for one in ready[1:4]] == [one.shape for one in played[0][1:4]]
    assert ready[1].shape == (4,)
    assert runs.lower(plans, begun, values, seed=1, model=MODEL)[1].shape == (5,)


def _given(monkeypatch: pytest.MonkeyPatch) -> tuple[np.ndarray, Begun, dict[str, Any]]:
    """Twenty futures in three chunks of which nothing is played."""
    monkeypatch.setattr(runs, "_play", _told)
    monkeypatch.setattr(runs, "chunk_size", lambda territories, portfolios: 8)
    numbers = np.arange(20) * 3 + 5
    begun = BEGUN._replace(level=np.stack([numbers, -numbers]).astype(np.float32))
    return numbers, begun, {"seed": 1, "weeks": YEAR, "model": MODEL}


def test_workers_give_their_chunks_back_in_any_order(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads stand for processes, which would take seconds to start."""
    numbers, begun, asked = _given(monkeypatch)
    alone = play_futures(numbers, PLANS, begun, **asked)
    made: list[int] = []

    def pool(workers: int, _context: Any, **_: Any) -> ThreadPoolExecutor:
        made.append(workers)
        return ThreadPoolExecutor(workers)

    monkeypatch.setattr(runs, "ProcessPoolExecutor", pool)
    monkeypatch.setattr(runs, "as_completed", lambda waiting: reversed(list(waiting)))
    for workers in (2, 5):
        found = play_futures(numbers, PLANS, begun, workers=workers, **asked)
        for one, other in zip(found, alone, strict=True):
            np.testing.assert_array_equal(one, other)
    assert made == [2, 3]
    # One chunk alone is worth no process.
    few = play_futures(
        numbers[:8], PLANS, begun._replace(level=begun.level[:, :8]), workers=5, **asked
    )
    assert few.totals.shape[-1] == 8
    assert made == [2, 3]


def test_what_was_kept_is_taken_where_all_inputs_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers, begun, asked = _given(monkeypatch)
    first = play_futures(numbers, PLANS, begun, keep=Kept(tmp_path), **asked)
    assert len(list(tmp_path.glob("*.npz"))) == 3
    played: list[int] = []
    monkeypatch.setattr(runs, "_play", lambda chunk: played.append(0) or _told(chunk))
    again = play_futures(numbers, PLANS, begun, keep=Kept(tmp_path), **asked)
    for one, other in zip(again, first, strict=True):
        np.testing.assert_array_equal(one, other)
    assert played == []
    play_futures(numbers, PLANS, begun, keep=Kept(tmp_path), **asked | {"seed": 2})
    assert len(played) == 3


def test_a_chunk_is_named_after_all_that_its_numbers_hang_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    values = np.ones((2, 6), np.float32)
    asked = runs.Chunk(1, np.arange(6), values, PLANS, BEGUN, YEAR, MODEL)
    chunk = runs._chunk(asked, 0, 6)
    assert chunk.values is not None
    others = [
        chunk._replace(values=chunk.values.reshape(3, 4)),
        chunk._replace(values=chunk.values.view(np.int32)),
        chunk._replace(values=None),
        chunk._replace(begun=chunk.begun._replace(level=chunk.begun.level + 1)),
        chunk._replace(weeks=YEAR + 13),
        chunk._replace(seed=np.uint32(2)),
        chunk._replace(only=1),
        chunk._replace(shown=2),
    ]
    names = [runs._digest(one) for one in (chunk, *others)]
    assert len(set(names)) == len(names)
    assert runs._digest(chunk) == names[0]
    # Another library or processor may give other last bits.
    for name, other in (("versions", {"jax": "0"}), ("machine", "another")):
        with monkeypatch.context() as patched:
            patched.setattr(runs, name, lambda told=other: told)
            assert runs._digest(chunk) != names[0]
