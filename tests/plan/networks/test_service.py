"""Hours without service: by hand, and what protection can never do."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.bench.plan.cascades import couple_layers
from tocsin.errors import UsageError
from tocsin.plan.networks import (
    PROTECTIONS,
    Hazard,
    Protection,
    compare_protections,
    lost_hours,
    read_services,
    unserved,
)
from tocsin.plan.networks.service import _mending_hours, _people_served


def two(backup: float = 4) -> pl.DataFrame:
    """A power station and a pump that needs it."""
    return pl.DataFrame({
        "id": ["s", "pump"], "layer": ["power", "water"], "district": ["North", "South"],
        "people": [100, 50], "backup_hours": [0, backup], "supply": [True, True],
    })  # fmt: skip


EDGES = pl.DataFrame(
    {"source": [], "target": []}, schema={"source": pl.String, "target": pl.String}
)
NEEDS = pl.DataFrame({"needs": ["pump"], "needed": ["s"]})
NO_NEEDS = NEEDS.clear()


def six_stations() -> pl.DataFrame:
    """Six stations that need nothing of each other."""
    return pl.DataFrame({
        "id": [f"s{n}" for n in range(6)], "layer": "power", "district": "North", "people": 10,
        "backup_hours": 0, "supply": True,
    })  # fmt: skip


def test_all_broken_and_no_crew_is_every_hour_of_everybody() -> None:
    services = read_services(two(), EDGES, NEEDS)
    hazard = Hazard(share=1.0, crews=0, hours=10)
    assert lost_hours(services, hazard, Protection(), (0,)).tolist() == [1000, 500]
    whole = Hazard(share=0.0, hours=10)
    assert lost_hours(services, whole, Protection(), (0,)).tolist() == [0, 0]


@pytest.mark.parametrize(("backup", "lost"), [(0, 10), (4, 6), (40, 0)])
def test_backup_bridges_so_many_hours(backup: float, lost: float) -> None:
    services = read_services(two(backup), EDGES, NEEDS)
    # Some play breaks the station and leaves the pump whole.
    for key in range(50):
        found = lost_hours(services, Hazard(share=0.5, crews=0, hours=10), Protection(), (key,))
        if found[0] == 1000 and (lost == 10 or found[1] < 500):
            assert found[1] in (lost * 50, 500)
    assert any(
        lost_hours(services, Hazard(share=0.5, crews=0, hours=10), Protection(), (key,))[1]
        == lost * 50
        for key in range(50)
    )


@pytest.mark.slow
@settings(max_examples=12)
@given(st.integers(0, 10**6), st.sampled_from(list(PROTECTIONS)))
def test_protection_never_hurts(seed: int, name: str) -> None:
    rng = np.random.default_rng(seed)
    services = couple_layers(2, 3.0, 40, rng)
    services.supply[rng.random(services.nodes) < 0.2] = True
    hazard = Hazard(share=0.3, repair_hours=5, crews=4, hours=40)
    base = lost_hours(services, hazard, Protection(), (seed,))
    safer = lost_hours(services, hazard, PROTECTIONS[name], (seed,))
    assert safer.sum() <= base.sum() + 1e-9


def test_results_are_by_layer_and_district_and_never_by_component() -> None:
    services = read_services(two(), EDGES, NEEDS)
    found = compare_protections(services, Hazard(share=0.5, hours=20), draws=5)
    again = compare_protections(services, Hazard(share=0.5, hours=20), draws=5)
    assert found.losses.equals(again.losses)
    assert found.saved.equals(again.saved)
    for table in (found.losses, found.saved):
        text = table.write_csv()
        assert "pump" not in text
        assert not {"id", "node", "component"} & set(table.columns)
    assert found.losses.select("layer", "district").rows() == [
        ("power", "North"), ("water", "South"),
    ]  # fmt: skip


def test_a_line_carries_so_many_people() -> None:
    nodes = pl.DataFrame({
        "id": ["s", "a"], "layer": ["power", "power"], "district": ["N", "N"],
        "people": [0, 100], "backup_hours": [0, 0], "supply": [True, False],
    })  # fmt: skip
    edges = pl.DataFrame({"source": ["s"], "target": ["a"], "capacity": [60]})
    services = read_services(nodes, edges)
    # The line is short of 40 people in each hour, although nothing ever breaks.
    for hours in (1, 3):
        whole = Hazard(share=0.0, hours=hours)
        assert lost_hours(services, whole, Protection(), (0,)).tolist() == [0, 40 * hours]


@pytest.mark.parametrize(
    "hazard",
    [Hazard(share=1.5), Hazard(crews=-1), Hazard(hours=0), Hazard(repair_hours=float("inf"))],
)
def test_a_hazard_that_cannot_be(hazard: Hazard) -> None:
    with pytest.raises(UsageError):
        compare_protections(read_services(two(), EDGES, NEEDS), hazard, draws=2)


@pytest.mark.slow
def test_what_breaks_together_has_the_same_mean_and_a_wider_spread() -> None:
    size = 400
    nodes = pl.DataFrame({
        "id": [str(number) for number in range(size)], "layer": ["health"] * size,
        "district": ["here"] * size, "people": [1] * size, "supply": ["true"] * size,
    })  # fmt: skip
    services = read_services(nodes, EDGES)
    lost = [
        np.array([
            lost_hours(
                services, Hazard(share=0.2, crews=0, hours=1, together=together), Protection(), (n,)
            ).sum()
            for n in range(300)
        ])
        for together in (0.0, 0.25)
    ]  # fmt: skip
    # The variance of a beta-binomial is n p (1 - p) (1 + (n - 1) rho).
    alone, joint = size * 0.2 * 0.8, size * 0.2 * 0.8 * (1 + (size - 1) * 0.25)
    assert lost[1].mean() == pytest.approx(80, abs=4 * np.sqrt(joint / 300))
    assert lost[0].var() == pytest.approx(alone, rel=0.35)
    assert lost[1].var() == pytest.approx(joint, rel=0.35)


def test_a_component_without_lines_serves_its_people_beside_one_with_few() -> None:
    """Only what hangs on lines is held by them, and a source is not."""
    nodes = pl.DataFrame({
        "id": ["s", "a", "alone"], "layer": ["power"] * 3, "district": ["N"] * 3,
        "people": [200, 0, 50], "backup_hours": [0, 0, 0], "supply": [True, False, True],
    })  # fmt: skip
    edges = pl.DataFrame({"source": ["s"], "target": ["a"], "capacity": [60]})
    whole = Hazard(share=0.0, hours=1)
    services = read_services(nodes, edges)
    assert lost_hours(services, whole, Protection(), (0,)).tolist() == [0, 0, 0]


def test_what_is_saved_is_the_difference_by_the_same_hazards() -> None:
    services = read_services(two(), EDGES, NEEDS)
    hazard = Hazard(share=1.0, crews=0, hours=10)
    crews = {"as it is": Protection(), "the same": Protection(), "none breaks": Protection()}
    found = compare_protections(services, hazard, protections=crews, draws=1)
    assert found.losses.select("layer", "people", "mean", "hours_each").rows() == [
        ("power", 100, 1000, 10), ("water", 50, 500, 10),
    ]  # fmt: skip
    assert found.saved["protection"].unique(maintain_order=True).to_list() == [
        "the same", "none breaks",
    ]  # fmt: skip
    assert found.saved.select("mean", "share").sum().row(0) == (0, 0)
    assert found.draws == 1


def test_a_line_whose_other_end_is_down_reaches_nobody() -> None:
    nodes = pl.DataFrame({
        "id": ["s", "t", "a"], "layer": ["power"] * 3, "district": ["N"] * 3,
        "people": [0, 0, 100], "supply": [True, True, False],
    })  # fmt: skip
    edges = pl.DataFrame({"source": ["s", "t"], "target": ["a", "a"], "capacity": [60, 30]})
    services = read_services(nodes, edges)
    for works, served in (([True, True, True], 90), ([True, False, True], 60),
                          ([True, True, False], 0)):  # fmt: skip
        assert _people_served(services, np.array(works)).tolist() == [0, 0, served]


def test_what_certainly_breaks_breaks_together_too() -> None:
    services = read_services(two(), EDGES, NEEDS)
    for share, lost in ((1.0, [1000, 500]), (0.0, [0, 0])):
        hazard = Hazard(share=share, crews=0, hours=10, together=0.3)
        assert lost_hours(services, hazard, Protection(), (0,)).tolist() == lost


def test_losses_are_of_the_first_protection_and_savings_against_it() -> None:
    services = read_services(two(backup=0), EDGES, NEEDS)
    hazard = Hazard(share=0.5, repair_hours=4, crews=1, hours=20)
    kinds = {"as it is": Protection(), "backup": Protection(backup_hours=3)}
    found = compare_protections(services, hazard, protections=kinds, draws=8, seed=3)
    plain, helped = (
        np.array([lost_hours(services, hazard, kind, (3, draw)) for draw in range(8)])
        for kind in kinds.values()
    )
    assert (plain != helped).any()
    assert found.losses["mean"].to_list() == pytest.approx(plain.mean(axis=0))
    assert found.losses["hours_each"].to_list() == pytest.approx(plain.mean(axis=0) / [100, 50])
    less = plain - helped
    saved = np.column_stack([less, less.sum(axis=1)])
    assert found.saved["layer"].to_list() == ["power", "water", "all"]
    assert found.saved["mean"].to_list() == pytest.approx(saved.mean(axis=0))
    assert found.saved["high"].to_list() == pytest.approx(np.quantile(saved, 0.95, axis=0))
    whole = np.array([*plain.sum(axis=0), plain.sum()])
    assert found.saved["share"].to_list() == pytest.approx(saved.sum(axis=0) / whole)


def test_a_crew_mends_one_after_the_other_in_the_order_given() -> None:
    """Four of five are broken, the last to be mended first; two crews share them."""
    broken = np.array([True, True, False, True, True])
    hours, order = np.array([1.0, 2, 9, 4, 3]), np.array([4, 3, 2, 1, 0])
    # The first crew takes 4 (until 3), then 1 (until 5); the second 3 (until 4), then 0 (until 5).
    assert _mending_hours(broken, hours, order, 2).tolist() == [5, 5, 0, 4, 3]
    assert _mending_hours(broken, hours, order, 1).tolist() == [10, 9, 0, 7, 3]
    assert _mending_hours(broken, hours, order, 0).tolist() == [np.inf, np.inf, 0, np.inf, np.inf]


def test_a_hazard_that_breaks_nothing_takes_nothing_and_there_is_nothing_to_save() -> None:
    services = read_services(two(), EDGES, NEEDS)
    for share, taken in ((0.0, 0.0), (1.0, 5 * 150.0)):
        hazard = Hazard(share=share, crews=0, hours=5)
        found = compare_protections(services, hazard, draws=1)
        assert found.losses["mean"].sum() == pytest.approx(taken)
        assert found.saved["share"].to_list() == [0.0] * found.saved.height
    with pytest.raises(UsageError, match="no share"):
        compare_protections(services, Hazard(share=-0.1), draws=1)


def test_crews_of_a_protection_come_beside_those_that_there_are() -> None:
    """Fewer than none stands for as many again."""
    services = read_services(six_stations(), EDGES, NO_NEEDS)
    hazard = Hazard(share=1.0, repair_hours=5, crews=1, hours=200)
    lost = {
        crews: lost_hours(services, hazard, Protection(crews=crews), (1,)).sum()
        for crews in (0, 1, -1, 3)
    }
    assert lost[0] > lost[1] == lost[-1] > lost[3]


def test_what_is_whole_fails_later_where_its_backup_runs_out() -> None:
    """The pump needs a station that no line reaches: it runs for the hours of its backup."""
    far = two(backup=3).with_columns(supply=pl.Series([False, True]))
    source = far.head(1).with_columns(id=pl.lit("t"), people=pl.lit(0), supply=pl.lit(True))
    services = read_services(pl.concat([far, source.cast(dict(far.schema))]), EDGES, NEEDS)
    whole = Hazard(share=0.0, hours=10)
    assert lost_hours(services, whole, Protection(), (0,)).tolist() == [1000, 7 * 50, 0]


@pytest.mark.slow
def test_a_mean_is_known_the_better_the_more_hazards_are_played() -> None:
    services = read_services(six_stations(), EDGES, NO_NEEDS)
    hazard = Hazard(share=0.5, hours=20)
    few, many = (compare_protections(services, hazard, draws=draws) for draws in (10, 160))
    for found in (few, many):
        assert (found.losses["error"] > 0).all()
    # Sixteen times as many hazards, a quarter of the error.
    ratio = few.losses["error"][0] / many.losses["error"][0]
    assert ratio == pytest.approx(4.0, rel=0.5)
    one = compare_protections(services, hazard, draws=1)
    assert one.losses["error"].to_list() == [None]
    assert set(one.saved["error"]) == {None}


def test_who_is_without_service_before_anything_breaks_is_said() -> None:
    """A map with a gap in it told of 224 hours each in a hazard in which nothing breaks."""
    nodes = pl.DataFrame(
        {
            "id": ["s", "a", "b", "t", "c"], "layer": ["power"] * 3 + ["water"] * 2,
            "district": ["D"] * 5, "people": [0, 100, 200, 0, 50], "backup_hours": [0] * 5,
            "supply": ["true", "", "", "true", ""],
        }
    )  # fmt: skip
    lines = pl.DataFrame(
        {"source": ["s", "t"], "target": ["a", "c"], "capacity": [float("inf"), float("inf")]}
    ).with_columns(capacity=None)
    [said] = unserved(read_services(nodes, lines))
    assert said.startswith("In power 200 of 300 people are without service while nothing is broken")
    short = lines.with_columns(capacity=pl.Series([None, 20.0]))
    assert [one[:24] for one in unserved(read_services(nodes, short))] == [
        "In power 200 of 300 peop", "In water 30 of 50 people",
    ]  # fmt: skip
    whole = pl.concat([lines, lines.head(1).with_columns(target=pl.lit("b"))])
    assert unserved(read_services(nodes, whole)) == []
    # What needs something that does not work is not served either, whatever its backup.
    needs = pl.DataFrame({"needs": ["c"], "needed": ["b"]})
    assert len(unserved(read_services(nodes, lines, needs))) == 2
