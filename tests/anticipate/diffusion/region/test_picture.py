"""Tables become cases and ties: who is at risk, since when, and who may be next."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion.hazard.design import make_design
from tocsin.anticipate.diffusion.region.picture import (
    COVARIATE,
    _doubt,
    _drawn_days,
    _first_uses,
    _one_place,
    _organisations,
    make_picture,
)
from tocsin.anticipate.diffusion.region.statements import FADES
from tocsin.errors import StageNotReady
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

Tables = dict[str, pl.DataFrame]


def test_entries_that_single_nobody_out_are_left_out_and_said(region: Tables) -> None:
    doubt = pl.col("actor_id").is_in(["0", "1", "2"])
    draws = region["adoption_draws"].with_columns((~doubt).alias("singled"))
    plain = make_picture(region, imputations=3)
    found = make_picture(region | {"adoption_draws": draws}, imputations=3)
    assert plain.detected == 1.0
    assert found.detected == pytest.approx(0.75, abs=0.02)
    left = [found.cases.actors[found.cases.actor[n]] in "012" for n in range(len(found.chance))]
    assert np.isinf(found.onsets[:, left]).all()
    kept = ~np.array(left)
    assert (found.onsets[:, kept] == plain.onsets[:, kept]).all()
    # What is held of them stays, so that they are not told of as those who may be next.
    assert (found.chance == plain.chance).all()
    assert (found.open == plain.open).all()
    # Days on which they fight stand for their use, each as often as the others.
    assert np.isinf(plain.doubtful).all()
    assert np.isinf(found.doubtful[:, kept]).all()
    [case] = np.flatnonzero(np.array(left) & (found.chance > 0) & (found.cases.actor == 1))
    own = region["incidents"].filter(actor_a_id="1")["date_start"].dt.epoch("d").to_list()
    days, often = np.unique(found.doubtful[:, case], return_counts=True)
    assert days.tolist() == [*own, np.inf]
    assert often.tolist() == [3, 2, 3, 3, 1]
    assert "left out of the fit" in found.notes[0]
    assert not any("left out of the fit" in one for one in plain.notes)


def test_every_organisation_is_a_case_of_every_class(region: Tables) -> None:
    picture = make_picture(region, imputations=3)
    cases = picture.cases
    assert len(cases.actor) == 20 * len(TECHNOLOGIES)
    assert picture.onsets.shape == (3, len(cases.actor))
    used = np.isfinite(picture.onsets)
    aircraft = cases.technologies.index("uncrewed-aircraft")
    assert (cases.technology[used.any(0)] == aircraft).all()
    # The first draw has one user only, the last has all twelve.
    assert used.sum(1).tolist()[0] == 1
    assert used.sum(1).tolist()[-1] == 12
    assert picture.chance.max() == 1.0


def test_who_left_or_uses_it_is_not_next(region: Tables) -> None:
    picture = make_picture(region, imputations=2)
    names = [picture.cases.actors[one] for one in picture.cases.actor[picture.open]]
    assert "19" not in names
    aircraft = picture.cases.technologies.index("uncrewed-aircraft")
    mine = picture.open & (picture.cases.technology == aircraft)
    assert {picture.cases.actors[one] for one in picture.cases.actor[mine]} == {
        str(n) for n in range(12, 19)
    }


def test_support_fades_after_its_source_has_ended(region: Tables) -> None:
    ties = region["ties"].with_columns(
        channel=pl.lit("sponsor"), source_ends=pl.lit(True), dates=pl.lit("said"),
        from_date=date(2012, 1, 1), to_date=date(2012, 12, 31),
    )  # fmt: skip
    both = conform(TABLES["ties"], pl.concat([region["ties"], ties]))
    picture = make_picture(region | {"ties": both}, imputations=2)
    plain = make_picture(region, imputations=2)
    assert not plain.expired.any()
    late = picture.links.weight[picture.expired]
    assert late.max() == pytest.approx(0.5**0.5)
    assert late.min() >= 0.5 ** (FADES / 2)
    assert (picture.links.channel[picture.expired] == 0).all()


def test_nothing_to_learn_from_is_said(region: Tables) -> None:
    for table, words in (("actor_spells", "No incident"), ("ties", "No tie")):
        with pytest.raises(StageNotReady, match=words):
            make_picture(region | {table: empty(TABLES[table])}, imputations=2)
    early = region["actor_spells"].with_columns(
        last_day=date(2010, 6, 1), known_until=date(2010, 9, 1), still_active=False
    )
    with pytest.raises(StageNotReady, match="first 12 months"):
        make_picture(region | {"actor_spells": early}, imputations=2)
    none = region["adoption_draws"].clear()
    with pytest.raises(StageNotReady, match="no first use"):
        make_picture(region | {"adoption_draws": none}, imputations=2)


def test_what_is_told_of_in_the_first_year_of_a_territory_is_no_event(region: Tables) -> None:
    """It may be older than what is known of the territory; so may what its first user exposes."""
    early = pl.when(pl.col("actor_id") == "0").then(date(2010, 11, 1)).otherwise("onset")
    draws = region["adoption_draws"].with_columns(onset=early)
    picture = make_picture(region | {"adoption_draws": draws}, imputations=2)
    cases = picture.cases
    assert (cases.entry >= (date(2011, 1, 1) - date(1970, 1, 1)).days).all()
    first = (cases.technology == cases.technologies.index("uncrewed-aircraft")) & (
        cases.actor == cases.actors.index("0")
    )
    assert (picture.onsets[:, first] < cases.entry[first]).all()
    design = make_design(cases, picture.links, picture.onsets[-1], channels=1)
    assert not np.isin(np.flatnonzero(first), design.case).any()
    assert design.exposed.sum() > 0


def test_a_first_use_on_the_last_day_counts_and_a_later_one_does_not(region: Tables) -> None:
    onset = pl.when(pl.col("actor_id") == "3").then(date(2020, 1, 1))
    onset = onset.when(pl.col("actor_id") == "4").then(date(2020, 1, 2)).otherwise("onset")
    draws = region["adoption_draws"].with_columns(onset=onset)
    picture = make_picture(region | {"adoption_draws": draws}, imputations=2)
    cases = picture.cases
    mine = cases.technology == cases.technologies.index("uncrewed-aircraft")
    last, later = (mine & (cases.actor == cases.actors.index(who)) for who in "34")
    assert (picture.onsets[-1, last] == cases.end).all()
    assert np.isinf(picture.onsets[:, later]).all()


def test_an_organisation_is_of_the_territory_with_most_of_its_incidents(region: Tables) -> None:
    spells = region["actor_spells"]
    more = spells.filter(actor_id="2").with_columns(
        territory=pl.lit("Syria"), gwno=pl.lit(652, spells.schema["gwno"]),
        n_incidents=pl.lit(9, spells.schema["n_incidents"]),
    )  # fmt: skip
    picture = make_picture(region | {"actor_spells": pl.concat([spells, more])}, imputations=2)
    rows = picture.organisations.filter(actor_id="2")
    assert rows["territory"].to_list() == ["Syria"]


def test_adopters_that_are_left_out_are_counted() -> None:
    assert _doubt(np.array([0.5, 1.5]), 1.0) == []
    [said] = _doubt(np.array([0.5, 1.5]), 0.75)
    assert said.startswith("Of 2.0 adopters that the ledger expects, 0.5 are of entries")


def test_organisations_are_at_risk_from_what_is_covered_until_a_year_after_their_last_incident(
    region: Tables,
) -> None:
    picture = make_picture(region, imputations=2)
    cases = picture.cases
    zero = date(1970, 1, 1)
    mine = {name: cases.actor == cases.actors.index(name) for name in ("0", "19")}
    assert set(cases.entry) == {(date(2011, 1, 1) - zero).days}
    assert set(cases.exit[mine["19"]]) == {(date(2015, 1, 1) - zero).days}
    assert set(cases.exit[mine["0"]]) == {cases.end} == {(date(2020, 1, 1) - zero).days}
    # Ahead of the end who is still active does not leave, and who has left does not come back.
    assert set(picture.ahead.exit[mine["0"]]) == {cases.end}
    assert set(picture.ahead.stays[mine["19"]]) == {(date(2015, 1, 1) - zero).days}
    # All have one incident in their first half year, so that it tells nothing of their size.
    assert cases.covariate_names == ()
    more = pl.concat([region["incidents"], region["incidents"].filter(actor_a_id="3")])
    sized = make_picture(region | {"incidents": more}, imputations=2).cases
    large = sized.covariates[sized.actor == sized.actors.index("3"), 0]
    assert (large > 0).all()
    assert np.allclose(sized.covariates[sized.actor == 0, 0], sized.covariates[0, 0])


def test_support_fades_year_by_year(region: Tables) -> None:
    ties = region["ties"].filter(actor_id="1").with_columns(
        channel=pl.lit("sponsor"), source_ends=pl.lit(True), dates=pl.lit("said"),
        from_date=date(2010, 6, 1), to_date=date(2012, 12, 31),
    )  # fmt: skip
    picture = make_picture(region | {"ties": ties}, imputations=2)
    ends = (date(2012, 12, 31) - date(1970, 1, 1)).days
    found = sorted(zip(picture.ties.start, picture.ties.end, picture.ties.weight, strict=True))
    # Seven years after it the window ends, on the first day of 2020.
    assert found[0] == ((date(2010, 6, 1) - date(1970, 1, 1)).days, ends, 1.0)
    assert [one[:2] for one in found[1:]] == [
        (ends + 365 * year, ends + 365 * (year + 1)) for year in range(len(found) - 1)
    ]
    assert [one[2] for one in found[1:]] == pytest.approx(
        [0.5 ** (year / 2) for year in range(1, len(found))]
    )
    assert len(found) == 1 + 8
    assert picture.reasons == {("1", "0", "sponsor"): "made: alliance"}


@pytest.mark.parametrize("begins", [date(2012, 12, 31), date(2013, 1, 1), date(2015, 3, 1)])
def test_support_that_begins_when_other_support_ends_has_not_ended(
    region: Tables, begins: date
) -> None:
    ties = region["ties"].with_columns(channel=pl.lit("sponsor"), dates=pl.lit("said"))
    old = ties.filter(actor_id="1").with_columns(
        source_ends=pl.lit(True), from_date=date(2010, 6, 1), to_date=date(2012, 12, 31)
    )
    new = ties.filter(actor_id="2").with_columns(from_date=begins)
    both = conform(TABLES["ties"], pl.concat([old, new], how="diagonal_relaxed"))
    picture = make_picture(region | {"ties": both}, imputations=2)
    names = np.array(picture.cases.actors)[picture.cases.actor[picture.links.target]]
    assert picture.expired[names == "1"].any()
    assert not picture.expired[names == "2"].any()


def test_chances_and_medians_are_of_all_draws(region: Tables) -> None:
    """Of twelve draws of 'Group 05' the first has none; the others are a day apart."""
    picture = make_picture(region, imputations=4)
    cases = picture.cases
    mine = (cases.actor == cases.actors.index("5")) & (
        cases.technology == cases.technologies.index("uncrewed-aircraft")
    )
    assert picture.chance[mine].tolist() == [11 / 12]
    [first] = region["adoption"].filter(actor_id="5")["first_seen"]
    day = (first - date(1970, 1, 1)).days
    # The sixth of eleven; of the draws the first, two between and the last are taken.
    assert cases.high[mine].tolist() == [day + 6]
    assert picture.onsets[:, mine].ravel().tolist() == [np.inf, day + 4, day + 7, day + 11]


def test_what_is_detected_is_the_part_of_the_chances_of_who_is_singled_out() -> None:
    days = [("a", draw, date(2015, 1, draw + 1), True) for draw in range(4)]
    days += [("b", draw, date(2016, 1, 1) if draw < 2 else None, False) for draw in range(4)]
    draws = pl.DataFrame(days, schema=["actor_id", "draw", "onset", "singled"], orient="row")
    draws = draws.with_columns(technology=pl.lit(sorted(TECHNOLOGIES)[0]))
    organisations = pl.DataFrame({"actor_id": ["a", "b", "c"]})
    uses, chance, median, detected = _first_uses(*_drawn_days(organisations, draws), 2)
    each = len(TECHNOLOGIES)
    assert chance[::each].tolist() == [1.0, 0.5, 0.0]
    assert chance.sum() == 1.5
    assert detected == pytest.approx(1.0 / 1.5)
    # Of two imputations the first draw is one and the last the other; one of four is the median.
    first = (date(2015, 1, 1) - date(1970, 1, 1)).days
    assert uses[:, 0].tolist() == [first, first + 3]
    assert np.isinf(uses[:, 1:]).all()
    assert median[0] == first + 1
    nobody = _first_uses(*_drawn_days(organisations, draws.clear()), 2)
    assert (nobody[3], nobody[1].sum()) == (1.0, 0.0)


def test_a_channel_of_places_joins_all_where_there_is_one_territory() -> None:
    one, two = (pl.DataFrame({"gwno": [645, other]}) for other in (645, 652))
    ties: Any = SimpleNamespace(channels=("sponsor", "ties = territory"))
    [said] = _one_place(one, ties)
    assert "the channel 'ties = territory' joins each" in said
    assert _one_place(two, ties) == []
    assert _one_place(one, SimpleNamespace(channels=("ties", "territory of old"))) == []  # type: ignore[arg-type]


def test_a_tie_to_an_organisation_of_no_incident_is_left_aside(region: Tables) -> None:
    more = region["ties"].filter(actor_id="1")
    ties = pl.concat(
        [region["ties"], more.with_columns(related_id=pl.lit("unknown")),
         more.with_columns(actor_id=pl.lit("unknown"))]
    )  # fmt: skip
    found, plain = (make_picture(region | {"ties": one}, imputations=2)
                    for one in (ties, region["ties"]))  # fmt: skip
    assert found.reasons == plain.reasons
    assert found.notes == plain.notes
    assert (found.links.source == plain.links.source).all()


def test_support_carries_something_for_ten_years_after_its_source(region: Tables) -> None:
    ties = region["ties"].filter(actor_id="1").with_columns(
        channel=pl.lit("sponsor"), source_ends=pl.lit(True), dates=pl.lit("said"),
        from_date=date(2009, 1, 1), to_date=date(2009, 6, 30),
    )  # fmt: skip
    more = pl.concat([region["ties"].filter(actor_id="2"), ties])
    plain = make_picture(region | {"ties": more}, imputations=2)
    cases = plain.cases
    weight = sorted(plain.ties.weight[plain.ties.channel == plain.ties.channels.index("sponsor")])
    # The window starts in 2011, in the second year after it, and ends in 2020, after the tenth.
    assert weight == pytest.approx([0.5 ** (year / 2) for year in range(FADES, 1, -1)])
    last = plain.ties.end[plain.ties.weight == weight[0]]
    assert last == [(date(2009, 6, 30) - date(1970, 1, 1)).days + 3650]
    assert last < cases.end


def test_of_two_territories_with_as_many_incidents_the_first_number_counts(region: Tables) -> None:
    spells = region["actor_spells"]
    more = spells.filter(actor_id="2").with_columns(
        territory=pl.lit("Lebanon"), gwno=pl.lit(660, spells.schema["gwno"])
    )
    less = spells.filter(actor_id="1").with_columns(
        territory=pl.lit("Jordan"), gwno=pl.lit(663, spells.schema["gwno"])
    )
    both = pl.concat([more, less, spells])
    picture = make_picture(region | {"actor_spells": both}, imputations=2)
    told = dict(picture.organisations.select("actor_id", "territory").iter_rows())
    assert (told["1"], told["2"]) == ("Syria", "Iraq")


def test_early_incidents_that_are_only_suspected_count_by_their_probability(
    region: Tables,
) -> None:
    asked = pl.DataFrame(
        {"incident_id": ["0-0"], "actor_id": ["0"], "side": ["a"], "probability": [0.25]}
    )
    plain = dict(_organisations(region, None).select("actor_id", COVARIATE).iter_rows())
    doubted = _organisations(region | {"suspects": asked}, None)
    early = dict(doubted.select("actor_id", COVARIATE).iter_rows())
    assert np.expm1(plain["0"]) - np.expm1(early["0"]) == pytest.approx(0.75)
    assert early["1"] == plain["1"]
