"""A bench that is killed and run again gives what an unbroken one gives, torn lines or not."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.bench.kept import Row, run_seeds


def result(seed: int) -> Row:
    return {"value": (seed + 1) / 3, "list": [0.1 * seed, True], "nothing": None}


@pytest.mark.parametrize("torn", [0, 1, 20])
def test_a_killed_run_goes_on_and_gives_the_same(tmp_path: Path, torn: int) -> None:
    ran: list[int] = []
    kept = tmp_path / "new" / "kept.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run_seeds(_killed_at(4), range(9), kept)
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) - torn])
    again = run_seeds(result, range(9), kept, ran.append)
    assert again == run_seeds(result, range(9))
    assert ran == list(range(3 if torn > 1 else 4, 9))
    assert run_seeds(_killed_at(0), range(9), kept) == again


@pytest.mark.slow
def test_processes_give_the_same_and_go_on(tmp_path: Path) -> None:
    kept, done = tmp_path / "kept.jsonl", list[int]()
    task = partial(dict.fromkeys, ("value",))  # processes cannot import a test
    run_seeds(task, [1], kept)
    found = run_seeds(task, range(4), kept, done.append, workers=2)
    assert found == [{"value": seed} for seed in range(4)]
    assert sorted(done) == [0, 2, 3]
    assert run_seeds(_killed_at(0), range(4), kept) == found


@given(st.sets(st.integers(0, 30), max_size=8), st.integers(0, 6))
def test_results_come_in_the_order_of_the_seeds(seeds: set[int], more: int) -> None:
    wanted = [*seeds, *(100 + n for n in range(more))]
    assert run_seeds(result, wanted) == [result(seed) for seed in wanted]


def _killed_at(last: int) -> Callable[[int], Row]:
    def task(seed: int) -> Row:
        if seed >= last:
            raise KeyboardInterrupt
        return result(seed)

    return task
