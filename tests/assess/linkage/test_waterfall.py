"""The steps by which a link is explained: more agreement never speaks less for it."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.assess.linkage.link import Linked, link_records
from tocsin.assess.linkage.pairs.comparisons import comparisons
from tocsin.assess.linkage.waterfall import waterfall
from tocsin.bench.linkage.measure import events_of, retell


@pytest.fixture(scope="module", params=["medium", "real"])
def linked(seen: dict[str, pl.DataFrame], request: pytest.FixtureRequest) -> Linked:
    events = events_of(seen["reports"], before=True).sort("date_start", "id").tail(800)
    return link_records(retell(events, request.param, sources=2, seed=1)[0])


@pytest.mark.slow
def test_the_same_name_and_point_is_never_below_another_name(linked: Linked) -> None:
    steps = waterfall(linked)
    for one in comparisons(linked.categories):
        labels = [level.label for level in one.levels]
        mine = steps.filter(pl.col("comparison") == one.name)
        bits = dict(mine.select("level", "bits").unique().iter_rows())
        assert set(bits) <= {*labels, "not comparable"}
        for stronger, weaker in one.order():
            if labels[stronger] in bits and labels[weaker] in bits:
                assert bits[labels[stronger]] >= bits[labels[weaker]] - 1e-9


@pytest.mark.slow
def test_the_steps_add_up_to_the_probability(linked: Linked) -> None:
    steps = waterfall(linked)
    last = steps.group_by("left", "right", maintain_order=True).last()
    sums = steps.group_by("left", "right", maintain_order=True).agg(pl.col("bits").sum())
    assert (last["total"] - sums["bits"]).abs().max() < 1e-9
    assert linked.taken is not None
    told = last.join(linked.taken.select("left", "right", "probability"), on=["left", "right"])
    odds = 2.0 ** told["total"].to_numpy()
    assert abs(odds / (1 + odds) - told["probability"].to_numpy()).max() < 1e-6
