"""What is made up: counted, joined, and the same from the same seed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import UsageError
from tocsin.plan.networks import Supply, add_layer, couple, read_services, told_parts


def power(people: list[int]) -> pl.DataFrame:
    """A substation in each district."""
    names = [f"d{number}" for number in range(len(people))]
    return pl.DataFrame({
        "id": [f"s {name}" for name in names], "layer": ["power"] * len(people),
        "district": names, "people": people, "supply": ["true"] * len(people),
    })  # fmt: skip


@given(st.lists(st.integers(0, 30_000), min_size=1, max_size=5), st.integers(0, 9))
@settings(max_examples=30)
def test_a_made_layer_serves_all_and_hangs_together(people: list[int], seed: int) -> None:
    found = told_parts(power(people))
    if not sum(people):
        with pytest.raises(UsageError, match="Nobody lives"):
            add_layer(found, "telecom", seed=seed)
        return
    made = add_layer(found, "telecom", seed=seed)
    assert made.nodes.equals(add_layer(found, "telecom", seed=seed).nodes)
    services = read_services(made.nodes, made.edges, made.needs)
    masts = services.layer == services.layers.index("telecom")
    assert services.people[masts].sum() == pytest.approx(sum(people))
    # Whole, all masts are one network.
    assert Supply(services).of(np.ones(services.nodes, dtype=bool))[masts].all()
    # Each mast needs the one substation of its own district.
    for mast, station in services.needs:
        assert services.district[mast] == services.district[station]


def test_what_cannot_be_made_up_is_refused() -> None:
    found = told_parts(power([10]))
    with pytest.raises(UsageError, match=r"no layer 'tellecom'.*"):
        add_layer(found, "tellecom")
    with pytest.raises(UsageError, match="with itself"):
        couple(found, "power", "power")
    with pytest.raises(UsageError, match="no layer 'water'"):
        couple(found, "water", "power")
    # A mast made up beside power needs a substation already.
    with pytest.raises(UsageError, match="Each component of 'telecom' needs one of 'power' alr"):
        couple(add_layer(found, "telecom"), "telecom", "power")
    twice = add_layer(found, "health")
    with pytest.raises(UsageError, match="already"):
        add_layer(twice, "health")


def test_only_what_lacks_a_need_gets_one() -> None:
    wards = pl.DataFrame({
        "id": ["w1", "w2"], "layer": ["water"] * 2, "district": ["d0"] * 2, "people": [5, 5],
    })  # fmt: skip
    needs = pl.DataFrame({"needs": ["w1"], "needed": ["s d0"]})
    found = told_parts(pl.concat([power([10, 10]), wards], how="diagonal"), None, needs)
    made = couple(found, "water", "power")
    assert made.needs.rows() == [("w1", "s d0"), ("w2", "s d0")]
    assert made.assumed[-1].endswith(
        "each component without such a need needs one component, drawn by chance."
    )
