"""The same bits on one thread and on many."""

from __future__ import annotations

import os

import numpy as np
import pytest

from tocsin.assess import assess, ledger
from tocsin.base.threads import can_compute_ahead, on_one_thread

threadpoolctl = pytest.importorskip("threadpoolctl")


def blas_threads() -> set[int]:
    np.ones((2, 2)) @ np.ones(2)
    found = threadpoolctl.threadpool_info()
    return {one["num_threads"] for one in found if one["user_api"] == "blas"}


def test_linear_algebra_has_one_thread_within_and_as_many_as_before_after() -> None:
    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        before = blas_threads()
        assert on_one_thread(blas_threads)() <= {1}
        assert blas_threads() == before


def test_an_error_gives_the_threads_back() -> None:
    before = blas_threads()
    with pytest.raises(ZeroDivisionError):
        on_one_thread(lambda: 1 / 0)()
    assert blas_threads() == before


@pytest.mark.parametrize("function", [assess, ledger])
def test_what_is_computed_of_reports_runs_so(function: object) -> None:
    assert hasattr(function, "__wrapped__")


def test_without_a_second_processor_or_a_cache_nothing_is_done_ahead(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0, 1}, raising=False)
    assert can_compute_ahead()
    monkeypatch.setenv("TOCSIN_CACHE", "off")
    assert not can_compute_ahead()
    monkeypatch.delenv("TOCSIN_CACHE")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: {0}, raising=False)
    assert not can_compute_ahead()
