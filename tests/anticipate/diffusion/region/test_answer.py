"""The answer of a region: verdict first, controls beside it, and who may be next."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.controls import Controls
from tocsin.anticipate.diffusion.region.ahead import SPEAKS_FROM
from tocsin.anticipate.diffusion.region.answer import METHODS, _verdict, answer_region, origins_of
from tocsin.schema.step import say_nothing

QUICK = replace(METHODS["gibbs"], imputations=3, controlled=2, worlds=19)


@pytest.fixture(scope="module")
def answer(region: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    return answer_region(region, QUICK, seed=1, tell=say_nothing)


@pytest.mark.slow
def test_the_verdict_says_whether_it_is_shown(answer: dict[str, pl.DataFrame]) -> None:
    [row] = answer["diffusion_verdict"].to_dicts()
    assert row["verdict"].startswith("The data show it" if row["shown"] else "The data do not")
    assert row["organisations"] == 20
    assert row["share_low"] <= row["share"] <= row["share_high"]
    assert row["first_uses"] + row["seeds"] == pytest.approx((1 + 12 + 12) / 3)


@pytest.mark.slow
def test_shares_of_a_class_add_up(answer: dict[str, pl.DataFrame]) -> None:
    sums = answer["diffusion_shares"].group_by("technology").agg(pl.col("mean").sum())["mean"]
    assert sums.to_list() == pytest.approx([1.0] * len(sums))


@pytest.mark.slow
def test_unseen_ties_raise_what_came_over_the_network(answer: dict[str, pl.DataFrame]) -> None:
    told = answer["diffusion_shares"].filter(technology="all").select("channel", "mean")
    both = told.join(answer["diffusion_alternatives"], on="channel", suffix="_unseen")
    rise = dict(both.select("channel", pl.col("mean_unseen") - pl.col("mean")).iter_rows())
    assert rise["ties"] > 0 > rise["not by network"]
    assert rise["ties"] + rise["not by network"] == pytest.approx(0.0)


@pytest.mark.slow
def test_first_uses_of_all_steps_are_those_that_there_were(answer: dict[str, pl.DataFrame]) -> None:
    """A step holds its own first uses, not those until its end."""
    [row] = answer["diffusion_verdict"].to_dicts()
    assert answer["diffusion_hazards"]["adopted"].sum() == pytest.approx(row["first_uses"])


@pytest.mark.slow
def test_who_is_next_is_who_stands_behind_the_last_user(
    answer: dict[str, pl.DataFrame],
) -> None:
    first = answer["next_adopters"].filter(pl.col("months") == 12).row(0, named=True)
    assert (first["actor"], first["technology"]) == ("Group 12", "uncrewed-aircraft")
    told = first["ties_model_strongest"]
    assert re.fullmatch(r"Group 11 \(made: alliance\), \d+ % of the rate.*", told)
    assert first["without_ended"] == first["probability"]
    rising = answer["next_adopters"].filter(
        (pl.col("actor") == "Group 12") & (pl.col("technology") == "uncrewed-aircraft")
    )
    assert rising.sort("months")["probability"].is_sorted()
    assert (rising["low"] <= rising["high"]).all()


@pytest.mark.slow
def test_what_is_left_without_ties_is_never_more_than_there_was(
    answer: dict[str, pl.DataFrame],
) -> None:
    rows = answer["next_adopters"]
    assert (rows["without_network"] <= rows["probability"]).all()
    assert (rows["without_ended"] <= rows["probability"]).all()
    [shown] = answer["diffusion_verdict"]["shown"]
    assert set(rows["model"]) == {"with ties" if shown else "without ties"}
    assert (rows["probability"] == rows["ties_model_probability"]).all() == shown
    assert (rows["probability"] == rows["without_network"]).all() != shown


@pytest.mark.slow
def test_ties_that_stand_beside_a_chance_add_a_part_of_the_rate(
    answer: dict[str, pl.DataFrame],
) -> None:
    told = answer["next_adopters"].filter(pl.col("ties_model_strongest") != "")
    told = told["ties_model_strongest"]
    assert len(told) > 0
    parts = told.str.extract_all(r"(\d+) % of the rate").list.eval(
        pl.element().str.extract(r"(\d+)").cast(pl.Int64)
    )
    assert (parts.list.sum() <= 101).all()  # of whole per cents
    assert (parts.list.min() >= 100 * SPEAKS_FROM).all()


@pytest.mark.slow
def test_first_uses_that_are_expected_are_those_of_all_rows(
    answer: dict[str, pl.DataFrame],
) -> None:
    rows = answer["diffusion_expected"]
    # Those who use the class already in a part of the worlds count less than their row says.
    of_rows = answer["next_adopters"].group_by("months").agg(pl.col("probability").sum())
    whole = rows.filter(technology="all").join(of_rows, on="months")
    assert (whole["ascribed"] <= whole["probability"] + 1e-9).all()
    assert (rows["whole"] == rows["ascribed"]).all()  # all users are singled out
    assert (rows["ascribed_low"] <= rows["ascribed_high"]).all()


@pytest.mark.slow
def test_a_cut_buys_no_more_than_there_is(answer: dict[str, pl.DataFrame]) -> None:
    [row] = answer["diffusion_cuts"].to_dicts()
    assert 0 < row["fewer"] < row["expected"]


@pytest.mark.slow
def test_the_record_sums_up_its_origins(answer: dict[str, pl.DataFrame]) -> None:
    record = answer["diffusion_record"].filter(pl.col("months") == 6)
    parts, whole = record.filter(pl.col("window") != "all"), record.filter(window="all")
    assert whole["n"][0] == parts["n"].sum()
    weighted = (parts["network"] * parts["n"]).sum() / parts["n"].sum()
    assert whole["network"][0] == pytest.approx(weighted)
    assert whole["skill_low"][0] <= whole["skill"][0] <= whole["skill_high"][0]
    for name in ("events", "expected_network", "expected_territory"):
        assert whole[name][0] == pytest.approx(parts[name].sum())
    assert whole["expected_territory"][0] > 0


@pytest.mark.slow
def test_hindcasts_are_of_cases_at_risk(answer: dict[str, pl.DataFrame]) -> None:
    rows = answer["diffusion_hindcasts"]
    assert rows.select("origin", "months", "actor_id", "technology").is_unique().all()
    assert rows["came"].any()
    assert rows["probability"].is_between(0, 1).all()


@pytest.mark.slow
def test_the_same_seed_gives_the_same_tables(region: dict[str, pl.DataFrame]) -> None:
    small = replace(QUICK, imputations=2, controlled=1, worlds=3)
    one, two = (answer_region(region, small, seed=7, tell=say_nothing) for _ in range(2))
    assert all(one[name].equals(two[name]) for name in one)


def test_the_verdict_has_the_share_of_all_classes_over_all_channels() -> None:
    """It is what is left of 1 beside 'not by network', whose bounds change places."""
    shares = pl.DataFrame(
        [
            ("one", "not by network", 0.9, 0.8, 0.95),
            ("all", "alliance", 0.1, 0.05, 0.2),
            ("all", "sponsor", 0.2, 0.1, 0.3),
            ("all", "not by network", 0.7, 0.5, 0.85),
        ],
        schema=["technology", "channel", "mean", "low", "high"],
        orient="row",
    )
    cases = SimpleNamespace(start=14610.0, end=18262.0, actors=[*"abc"], actor=[0, 1, 2, 0])
    picture: Any = SimpleNamespace(cases=cases, ties=SimpleNamespace(channel=[0, 1, 1]))
    found: list[Any] = [
        SimpleNamespace(
            design=SimpleNamespace(case=range(events)),
            onset=np.array([1.0, 2.0, 3.0, np.inf]),
            posterior=SimpleNamespace(r_hat=r_hat),
        )
        for events, r_hat in ((1, 1.1), (2, 1.0))
    ]
    nulls = ((0.04, 0.2), (0.06, 0.3))
    controls = [
        Controls(0.4, 0.02, (), nulls, (0.1, 0.02), (0.2, 0.03), 0.3, {}),
        Controls(0.6, 0.02, (), nulls, (0.3, 0.04), (0.4, 0.05), None, {}),
    ]
    [row] = _verdict(picture, found, shares, controls, ["past"]).to_dicts()
    got = [row[name] for name in ("share", "share_low", "share_high")]
    assert got == pytest.approx([0.3, 0.15, 0.5])
    assert (row["shown"], row["missed"]) == (False, "past")
    of_controls = ("data_share", "null_share", "permuted_share", "rewired_share", "reversed_share")
    assert [row[name] for name in of_controls] == pytest.approx([0.5, 0.1, 0.2, 0.3, 0.3])
    assert _verdict(picture, found, shares, controls[1:], [])["reversed_share"].to_list() == [None]
    joined = [row[name] for name in ("p_null", "p_permuted", "p_rewired")]
    assert joined == pytest.approx([0.04, 0.06, 0.08])
    counted = ("organisations", "at_risk", "first_uses", "seeds", "ties", "imputations", "r_hat")
    assert [row[name] for name in counted] == [3, 4, 1.5, 1.5, 3, 2, 1.1]
    assert [str(row[name]) for name in ("first_day", "last_day")] == ["2010-01-01", "2020-01-01"]


def test_the_past_is_told_again_from_each_half_year_of_the_later_window() -> None:
    def origins(start: str, end: str) -> list[str]:
        days = np.array([start, end], "datetime64[D]").astype(float)
        picture: Any = SimpleNamespace(cases=SimpleNamespace(start=days[0], end=days[1]))
        return [str(np.datetime64(int(day), "D")) for day in origins_of(picture)]

    # The first 1,461 of 3,652.5 days are the first 0.4 of the window.
    assert origins("2010-01-01", "2020-01-01")[0] == "2014-01-01"
    assert origins("2010-01-01", "2012-01-01") == ["2011-01-01", "2011-07-01"]
    assert origins("2010-01-01", "2012-01-02") == ["2011-01-01", "2011-07-01", "2012-01-01"]
