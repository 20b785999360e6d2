"""Chunks on Dask: of workers that compute as we do, and put together as from one process."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import distributed
import numpy as np
import pytest

from smallest import BEGUN, MODEL, PLANS
from tocsin.errors import TocsinError, UsageError
from tocsin.plan.region.outcomes import YEAR
from tocsin.plan.region.runs import play_futures
from tocsin.plan.region.runs.cluster import check_workers, connecting, play_on, say_what_computes


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    """Two threads of this process stand for workers."""
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None,
            memory_limit=0, silence_logs="CRITICAL",
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as found,
    ):  # fmt: skip
        yield found


def _fail(_one: int) -> int:
    raise ValueError("no such thing")


@pytest.mark.slow
def test_workers_of_dask_give_the_bits_of_one_process(client: Any) -> None:
    numbers, asked = np.arange(600), {"seed": 9, "weeks": YEAR, "model": MODEL}
    alone = play_futures(numbers, PLANS, BEGUN, **asked)  # type: ignore[arg-type]
    found = play_futures(numbers, PLANS, BEGUN, workers=client, **asked)  # type: ignore[arg-type]
    for one, other in zip(found, alone, strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(TocsinError, match="no such thing") as caught:
        list(play_on(client, _fail, [1, 2]))
    assert "run again" in caught.value.remedy


@pytest.mark.parametrize("what", list(say_what_computes()))
def test_a_worker_that_computes_with_something_else_is_refused(what: str) -> None:
    same = say_what_computes()
    there: dict[str, dict[str, str]] = {"tcp://a:1": same, "tcp://b:2": same | {what: "another"}}
    with pytest.raises(UsageError, match=f"tcp://b:2 has another {what}"):
        check_workers(SimpleNamespace(run=lambda _ask: there))
    del there["tcp://b:2"]
    assert check_workers(SimpleNamespace(run=lambda _ask: there)) == ["tcp://a:1"]


def test_a_cluster_without_workers_or_without_tocsin_is_refused() -> None:
    with pytest.raises(UsageError, match="no worker"):
        check_workers(SimpleNamespace(run=lambda _ask: {}))

    def run(_ask: object) -> None:
        raise ModuleNotFoundError("No module named 'tocsin'")

    with pytest.raises(UsageError, match="No module named") as caught:
        check_workers(SimpleNamespace(run=run))
    assert "same tocsin" in caught.value.remedy


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="No scheduler of Dask answers"), connecting("nowhere"):
        pytest.fail("connected")
