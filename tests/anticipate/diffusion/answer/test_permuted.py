"""First uses change places within bounds, and do so where organisations come and go."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.permuted import permute_first_uses
from tocsin.anticipate.diffusion.tables.cases import Cases, read_cases


def _cases(times: list[float | None], **more: object) -> Cases:
    names = [f"o{n:02d}" for n in range(len(times))]
    table = pl.DataFrame({"actor": names, "technology": "x", "time": times, **more})
    return read_cases(table, end=10.0)


def _onset(cases: Cases) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.where(cases.adopts, cases.high, np.inf)


def test_first_uses_are_permuted_within_territory_class_and_half() -> None:
    random = np.random.default_rng(4)
    times = [0.0, *random.uniform(0.5, 10, 27).round(2).tolist(), *[None] * 12]
    cases = _cases(times, territory=[f"t{n % 2}" for n in range(40)])
    onset = _onset(cases)
    for seed in range(5):
        found = permute_first_uses(cases, onset, np.random.default_rng(seed))
        for territory in (0, 1):
            mine = cases.territory == territory
            # As many in each half of the window, and at the same times.
            assert sorted(found[mine]) == sorted(onset[mine])
        # Who used it at the start stays there, and most of the others do not.
        assert found[0] == 0.0
        assert (found != onset).mean() > 0.5


def test_the_halves_of_a_window_meet_in_its_middle() -> None:
    times = [1.0, 2.0, 4.9, 5.1, 8.0, 9.0]
    cases = _cases(list(times))
    made = [permute_first_uses(cases, _onset(cases), np.random.default_rng(s)) for s in range(12)]
    for half in (slice(0, 3), slice(3, 6)):
        assert all(sorted(one[half]) == times[half] for one in made)
        assert any(one[half].tolist() != times[half] for one in made)


def test_one_that_was_there_for_a_moment_holds_nobody_else_up() -> None:
    """With it all others kept their own, so that no study with exits could beat this control."""
    random = np.random.default_rng(5)
    cases = _cases([*random.uniform(0.5, 10, 28).tolist(), *[None] * 12])
    onset = _onset(cases)
    entry, gone = cases.entry.copy(), cases.exit.copy()
    entry[20], gone[20], gone[30:] = onset[20] - 0.01, onset[20] + 0.01, 3.0
    brief = replace(cases, entry=entry, exit=gone)
    for seed in range(5):
        found = permute_first_uses(brief, onset, np.random.default_rng(seed))
        used = np.isfinite(found)
        assert ((brief.entry < found) & (found <= brief.exit))[used].all()
        assert sorted(found) == sorted(onset)
        assert (found != onset).mean() > 0.5


def test_no_order_that_fits_is_likelier_than_another() -> None:
    """Of the six orders of three first uses two do not fit, since the first one leaves at 2."""
    cases = replace(_cases([1.0, 2.0, 3.0]), exit=np.array([2.5, 10.0, 10.0]))
    found = Counter(
        tuple(permute_first_uses(cases, _onset(cases), np.random.default_rng(seed)))
        for seed in range(400)
    )
    assert len(found) == 4
    assert min(found.values()) > 70


def test_no_first_use_goes_to_another_territory_or_class() -> None:
    """Three territories and two classes, and in each of the six as many first uses as before."""
    names = [f"o{n:02d}" for n in range(24)]
    random = np.random.default_rng(2)
    table = pl.DataFrame(
        {"actor": names * 2, "technology": ["x"] * 24 + ["y"] * 24,
         "territory": [f"t{n % 3}" for n in range(24)] * 2,
         "time": random.uniform(0.5, 10, 48).round(3).tolist()}
    )  # fmt: skip
    cases = read_cases(table, start=0.0, end=10.0)
    onset = _onset(cases)
    found = permute_first_uses(cases, onset, random)
    assert (found != onset).mean() > 0.5
    for territory in range(3):
        for technology in range(2):
            mine = (cases.territory == territory) & (cases.technology == technology)
            assert sorted(found[mine]) == sorted(onset[mine])
