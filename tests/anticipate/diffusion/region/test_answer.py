"""The answer of a region: verdict first, controls beside it, and who may be next."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.answer.controls import Controls
from tocsin.anticipate.diffusion.region import OTHERWISE, STEP, _complete
from tocsin.anticipate.diffusion.region import answer as room
from tocsin.anticipate.diffusion.region.ahead import SPEAKS_FROM
from tocsin.anticipate.diffusion.region.answer import METHODS, _verdict, answer_region, origins_of
from tocsin.schema import TABLES, empty
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
    model = "with ties" if row["shown"] else "without ties"
    assert set(answer["next_adopters"]["model"]) == {model}
    assert row["share_low"] <= row["share"] <= row["share_high"]
    assert row["first_uses"] + row["seeds"] == pytest.approx((1 + 12 + 12) / 3)


@pytest.mark.slow
def test_shares_of_a_class_add_up(answer: dict[str, pl.DataFrame]) -> None:
    sums = answer["diffusion_shares"].group_by("technology").agg(pl.col("mean").sum())["mean"]
    assert sums.to_list() == pytest.approx([1.0] * len(sums))


@pytest.mark.slow
def test_unseen_ties_raise_what_came_over_the_network(answer: dict[str, pl.DataFrame]) -> None:
    told = answer["diffusion_shares"].filter(technology="all").select("channel", "mean")
    unseen = answer["diffusion_alternatives"].filter(alternative="unseen ties")
    both = told.join(unseen, on="channel", suffix="_unseen")
    rise = dict(both.select("channel", pl.col("mean_unseen") - pl.col("mean")).iter_rows())
    assert rise["ties"] > 0 > rise["not by network"]
    assert rise["ties"] + rise["not by network"] == pytest.approx(0.0)


@pytest.mark.slow
def test_doubtful_weights_give_shares_of_the_same_channels(answer: dict[str, pl.DataFrame]) -> None:
    told = answer["diffusion_shares"].filter(technology="all")
    other = answer["diffusion_alternatives"].filter(alternative="tie weights")
    assert other["channel"].to_list() == told["channel"].to_list()
    assert other["mean"].sum() == pytest.approx(1.0)
    # With eight first uses the two may differ: with weights in doubt less is told of any order.
    assert other["mean"].to_list() == pytest.approx(told["mean"].to_list(), abs=0.3)


@pytest.mark.slow
def test_suspected_users_stand_beside_with_those_whom_they_may_have_exposed(
    answer: dict[str, pl.DataFrame], region: dict[str, pl.DataFrame]
) -> None:
    """Half of a chain of alliances is only suspected: who comes after them was exposed by them."""
    assert "unseen users" not in answer["diffusion_alternatives"]["alternative"].to_list()
    doubt = pl.col("actor_id").cast(pl.Int64) % 2 == 1
    draws = region["adoption_draws"].with_columns((~doubt).alias("singled"))
    found = answer_region(region | {"adoption_draws": draws}, QUICK, seed=1, tell=say_nothing)
    told = dict(found["diffusion_shares"].filter(technology="all").select("channel", "mean").rows())
    rows = found["diffusion_alternatives"].filter(alternative="unseen users")
    raised = dict(rows.select("channel", "mean").rows())
    assert sum(raised.values()) == pytest.approx(1.0)
    # Their days are not known, so that they carry less than if they were.
    assert raised["ties"] > told["ties"]


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
    assert re.fullmatch(r"Group 11 \(made: alliance\), \d+% of the rate.*", told)
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
    parts = told.str.extract_all(r"(\d+)% of the rate").list.eval(
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
    # A digit that is lost in adding up makes no share of less than none or more than all.
    bent = shares.with_columns(pl.col("mean", "low", "high") / 0.7 * (1 + 1e-15) ** 4)
    beyond = replace(controls[0], share=1 + 1e-12, rewired=(-1e-12, 0.03))
    [odd] = _verdict(picture, found, bent, [beyond], []).to_dicts()
    assert (odd["share"], odd["data_share"], odd["rewired_share"]) == (0.0, 1.0, 0.0)
    assert odd["share_low"] == 0.0
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


SHARES = ["technology", "channel", "mean"]


def test_shares_have_their_bounds_their_ties_and_what_worlds_without_the_network_have(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [("all", "a", 0.1), ("all", "b", 0.2), ("all", "not by network", 0.7), ("one", "a", 0.3)]
    shares = pl.DataFrame(rows, schema=SHARES, orient="row")
    monkeypatch.setattr(room, "table_of_shares", lambda *_: shares)
    bounds = shares.reverse().select("technology", "channel", upper=pl.col("mean") * 2)
    monkeypatch.setattr(room, "table_of_bounds", lambda *_, **__: bounds)
    picture: Any = SimpleNamespace(
        ties=SimpleNamespace(channels=("a", "b"), channel=np.array([0, 1, 1])),
        cases=SimpleNamespace(technologies=("one",)),
    )
    nulls = [((0.1, 0.3), (0.2, 0.6)), ((0.3, 0.5), (0.4, 0.8))]
    controls: list[Any] = [SimpleNamespace(null_share=one) for one in nulls]
    found = room._shares(picture, [], controls, [0.01, 0.02], 1)
    assert found.select(SHARES).equals(shares)
    assert found["upper"].to_list() == pytest.approx([0.2, 0.4, 1.4, 0.6])
    assert found["null_mean"].to_list() == [pytest.approx(0.2), pytest.approx(0.3), None, None]
    assert found["null_high"].to_list() == [pytest.approx(0.4), pytest.approx(0.7), None, None]
    assert found["p"].to_list() == [0.01, 0.02, None, None]
    assert found["ties"].to_list() == [1, 2, 0, 1]
    assert room._shares(picture, [], controls, None, 1)["p"].to_list() == [None] * 4


def test_a_step_of_the_hazards_has_its_own_first_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pl.DataFrame(
        {"technology": ["one", "one", "two", "two"], "from": ["2010-01-01", "2015-01-01"] * 2,
         "to": ["2015-01-01", "2020-01-01"] * 2, "adopted": [2.0, 5.0, 1.0, 1.0],
         "by_network": [0.5, 1.0 + 1e-12, None, -1e-12]}
    )  # fmt: skip
    monkeypatch.setattr(room, "table_of_hazards", lambda *_: rows)
    picture: Any = SimpleNamespace(cases=None)
    found = room._hazards(picture, [])
    assert found["adopted"].to_list() == [2.0, 3.0, 1.0, 0.0]
    assert found["by_network"].to_list() == [0.5, 1.0, None, 0.0]
    assert [str(day) for day in found.select("from_date", "to_date").row(1)] == [
        "2015-01-01", "2020-01-01",
    ]  # fmt: skip


@dataclass(frozen=True)
class Exposed:
    """The part of a design that ties make."""

    exposure: np.ndarray
    exposed: np.ndarray


def test_the_model_without_ties_is_fitted_to_every_second_imputation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def sample(designs: list[Exposed], *, seed: int, **_: int) -> list[str]:
        assert seed == 8
        assert not any(one.exposure.any() or one.exposed.any() for one in designs)
        return [f"fit {number}" for number in range(len(designs))]

    found: list[Any] = [
        SimpleNamespace(onset=number, design=Exposed(np.ones(2), np.ones(3))) for number in range(5)
    ]
    for name in ("gibbs", "nuts"):
        monkeypatch.setattr(room, "sample_gibbs" if name == "gibbs" else "sample", sample)
        alone = room._without_ties(found, METHODS[name], 7)
        assert [(one.onset, one.posterior) for one in alone] == [
            (0, "fit 0"), (2, "fit 1"), (4, "fit 2"),
        ]  # fmt: skip


@pytest.mark.parametrize("shown", [True, False])
def test_single_channels_are_asked_after_only_where_the_network_is_shown(
    shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, ...]] = []

    def compare(given: Any, *, seed: int, worlds: int, each_channel: bool) -> str:
        asked.append((given.onset, seed, worlds, each_channel))
        return "controls"

    monkeypatch.setattr(room, "compare_controls", compare)
    monkeypatch.setattr(room, "unbeaten", lambda *_: [] if shown else ["past"])
    monkeypatch.setattr(room, "p_of_channels", lambda *_, **__: [0.01, 0.2])
    picture: Any = SimpleNamespace(cases=None, ties=None, links=None, onsets=list("abcde"))
    method = replace(METHODS["gibbs"], controlled=3)
    fitted: Any = [SimpleNamespace(posterior=SimpleNamespace(beta=np.zeros((2, 0))))] * 5
    found, each = room._controls(picture, fitted, method, pl.DataFrame(), 10)
    assert found == ["controls"] * 3
    assert asked == [("a", 10, 59, False), ("c", 11, 59, False), ("e", 12, 59, False)]
    # Joined over three imputations, twice the mean.
    assert each == ([pytest.approx(0.02), pytest.approx(0.4)] if shown else None)


def test_hindcasts_are_told_of_organisations_and_classes(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = pl.DataFrame({"origin": [14610.0, 14610.0], "case": [1, 2], "probability": [0.1, 0.2]})
    monkeypatch.setattr(room, "table_of_hindcasts", lambda told, network: rows)
    cases = SimpleNamespace(
        actor=np.array([0, 1, 0]), technology=np.array([0, 0, 1]), technologies=("one", "two")
    )
    who = pl.DataFrame({"actor_id": ["x", "y"], "territory": ["Iraq", "Syria"], "gwno": [645, 652]})
    picture: Any = SimpleNamespace(cases=cases, organisations=who)
    told: Any = [["told"]]
    found = room._hindcasts(picture, told, network=True)
    columns = ["origin", "actor_id", "technology", "territory", "gwno"]
    day = date(2010, 1, 1)
    assert found.select(columns).rows() == [
        (day, "y", "one", "Syria", 652), (day, "x", "two", "Iraq", 645),
    ]  # fmt: skip
    assert room._hindcasts(picture, [[], []], network=True).is_empty()


def test_notes_say_what_was_left_out_and_by_which_way_the_answer_is() -> None:
    picture: Any = SimpleNamespace(expired=np.array([False, True]), notes=("of the picture",))
    controls: list[Any] = [None] * 3
    told = room._notes(picture, controls, METHODS["gibbs"], pl.DataFrame())
    assert told[0].startswith("First uses are 10 joint draws")
    assert "made of 3 of them, 59 worlds each" in told[0]
    assert told[-1] == "of the picture"
    words = ["by Gibbs sampling", "its last ties fade", "too little before any origin"]
    plain: Any = SimpleNamespace(expired=np.array([False]), notes=())
    other = room._notes(plain, controls, METHODS["nuts"], pl.DataFrame({"skill": [0.1]}))
    for word in words:
        assert any(word in note for note in told)
        assert not any(word in note for note in other)


def test_worlds_without_the_network_know_what_the_model_knows_of_organisations(
    region: dict[str, pl.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A network that is compared with worlds that know no size is ahead by size alone."""
    picture = room.make_picture(region, imputations=3)
    size = np.linspace(-1.0, 1.0, len(picture.cases.actor))[:, None]
    picture = replace(picture, cases=replace(picture.cases, covariates=size))
    fitted: Any = [SimpleNamespace(posterior=SimpleNamespace(beta=np.array([[b]]))) for b in (1, 2)]
    seen: list[Any] = []
    monkeypatch.setattr(room, "compare_controls", lambda given, **_: seen.append(given))
    monkeypatch.setattr(room, "unbeaten", lambda *_: ["worlds"])
    room._controls(picture, fitted, QUICK, pl.DataFrame(), 1)
    assert len(seen) == QUICK.controlled
    for given in seen:
        assert given.lift == pytest.approx(np.exp(1.5 * size[:, 0]))


def test_a_table_that_was_not_made_is_there_without_rows() -> None:
    name = "diffusion_notes"
    for nothing in (None, pl.DataFrame(), pl.DataFrame({"note": []}, schema={"note": pl.String})):
        assert _complete(name, nothing, "gibbs").equals(empty(TABLES[name]))
    found = _complete(name, pl.DataFrame({"more": [1], "note": ["said"]}), "nuts")
    assert found.rows(named=True) == [{"note": "said", "source": "additive hazard, nuts"}]


def test_a_table_in_which_the_hazard_has_no_part_does_not_name_it() -> None:
    row = {"actor_id": "0", "actor": "Group", "technology": "cyber", "territory": "Mali",
           "gwno": 432, "year": 2020, "probability": 0.5, "disused": 0.1}  # fmt: skip
    found = _complete("technology_portfolios", pl.DataFrame([row]), "gibbs")
    assert found["source"].to_list() == ["draws of the adoption ledger"]
    # Whatever the step writes beside diffusion's own tables has words of its own.
    others = {name for name in STEP.writes if not name.startswith(("diffusion", "next"))}
    assert others == set(OTHERWISE)


@pytest.mark.parametrize("doubted", [True, False])
def test_doubtful_users_expose_over_ties_that_a_source_states(
    doubted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not over where they are or whom they fight, by which all are joined with all."""
    asked: list[Any] = []

    def raised(_cases: Any, _links: Any, some: Any, doubtful: Any, *, over: Any, seed: int) -> str:
        asked.append((some, over, seed))
        return "doubted"

    def weigh(_cases: Any, _links: Any, some: Any, *, seed: int) -> str:
        asked.append((some, seed))
        return "weighed"

    monkeypatch.setattr(room, "shares_with_doubtful", raised)
    monkeypatch.setattr(room, "shares_by_weights", weigh)
    monkeypatch.setattr(room, "table_of_alternatives", lambda *asked, **more: (asked, more))
    picture: Any = SimpleNamespace(
        cases=None, links=None, doubtful=np.array([[1.0 if doubted else np.inf, np.inf]]),
        ties=SimpleNamespace(channels=("adversary", "sponsor", "territory = ties", "ties")),
    )  # fmt: skip
    found: Any = room._alternatives(picture, list("abcde"), 7)  # type: ignore[arg-type]
    assert asked == [(["a", "c", "e"], [1, 3], 9)] * doubted + [(["a", "c", "e"], 7)]
    more = {"with_doubtful": "doubted" if doubted else None, "weighed": "weighed", "seed": 7}
    assert found == ((list("abcde"), picture.ties.channels), more)
