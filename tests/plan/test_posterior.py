"""A posterior is read as it was written, refused where it cannot be, and pooled."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tocsin.errors import UsageError
from tocsin.plan.posterior import INFERRED, POSTERIOR_FILE, Posterior, own, pool, read_posterior
from tocsin.plan.posterior import shipped_posterior as shipped_one
from tocsin.plan.region.parameters import PARAMETERS


def some(names: tuple[str, ...] = ("tail", "memory"), draws: int = 6) -> Posterior:
    random = np.random.default_rng(len(names))
    low, high = np.array([INFERRED[name] for name in names]).T
    values = low + (high - low) * random.random((draws, len(names)))
    return Posterior(names, values, {"until": "2018-01-01", "sources": {"a.csv": "00"}})


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    (tmp_path / "it.json").write_text(some().text(), "utf-8")
    found = read_posterior(tmp_path / "it.json")
    assert found.names == some().names
    np.testing.assert_allclose(found.draws, some().draws, rtol=1e-4)
    assert found.provenance == some().provenance
    assert found.text() == some().text()


WRONG: dict[str, tuple[Any, str]] = {
    "no JSON": ("{", "no JSON"),
    "a list": ([], "format 1"),
    "another format": ({"format": 2}, "format 1"),
    "no names": ({"parameters": []}, "lacks"),
    "no provenance": ({"provenance": None}, "lacks"),
    "an unknown name": ({"parameters": ["tall", "memory"]}, "'tall'"),
    "words": ({"draws": [["a", "b"]]}, "no table of numbers"),
    "ragged": ({"draws": [[2.5, 2.0], [2.5]]}, "no table of numbers"),
    "none": ({"draws": []}, "2 numbers"),
    "too wide": ({"draws": [[2.5, 2.0, 1.0]]}, "2 numbers"),
    "too large": ({"draws": [[2.5, 2.0], [2.5, 200.0]]}, "'memory' is 200"),
    "no number": ({"draws": [[float("nan"), 2.0]]}, "'tail' is nan"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_posterior_is_refused(case: str, tmp_path: Path) -> None:
    content, words = WRONG[case]
    if isinstance(content, dict):
        content = json.loads(some().text()) | {"format": 1} | content
    path = tmp_path / "it.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    with pytest.raises(UsageError, match=words) as caught:
        read_posterior(path)
    assert str(path) in caught.value.where


def test_regions_have_equal_weight_and_those_that_cannot_tell_borrow() -> None:
    names = ("memory", "spillover", "tail")
    touching, alone = some(names, 8), some(("memory", "tail"), 8)
    found = pool({"touching": touching, "alone": alone})
    assert set(found.names) == set(names)
    assert found.draws.shape == (16, 3)
    spill = found.draws[:, found.names.index("spillover")]
    assert set(spill) == set(touching.draws[:, 1])
    np.testing.assert_array_equal(found.draws[8:, found.names.index("tail")], alone.draws[:, 1])
    assert set(found.provenance["regions"]) == {"touching", "alone"}


def test_a_workspace_uses_its_own_where_it_has_one(tmp_path: Path) -> None:
    assert own(tmp_path) is shipped_one()
    (tmp_path / POSTERIOR_FILE).write_text(some().text(), "utf-8")
    assert own(tmp_path).names == some().names


def test_what_ships_is_of_nothing_from_2018_on() -> None:
    found = shipped_one()
    assert {"excitation", "memory", "overdispersion", "tail", "deaths_each"} <= set(found.names)
    assert set(INFERRED) <= {one.name for one in PARAMETERS}
    assert len(found.draws) >= 1_000
    for region in found.provenance["regions"].values():
        assert region["until"] <= "2018-01-01"
        assert all(len(digest) == 64 for digest in region["sources"].values())


def test_bounds_of_the_mechanisms_are_the_posterior_s_90_per_cent_interval() -> None:
    """Designs that need a box take it from there, and the middle of it is a middle of the data."""
    found = shipped_one()
    for place, name in enumerate(found.names):
        (stated,) = (one for one in PARAMETERS if one.name == name)
        low, high = np.quantile(found.draws[:, place], [0.05, 0.95])
        assert stated.basis == "calibrated", name
        assert stated.low == pytest.approx(low, rel=0.02, abs=0.005), name
        assert stated.high == pytest.approx(high, rel=0.02, abs=0.005), name
