"""How technology spreads in each future: joint draws, or intervals where there are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.errors import UsageError
from tocsin.plan.region.parameters import PARAMETERS
from tocsin.plan.region.start.spread import FACTORS, PLACE, UNMEASURED, Spread, read_spread
from tocsin.schema.vocabulary.technology import TECHNOLOGIES

NAMES = [one.name for one in PARAMETERS]
SHARES = pl.DataFrame(
    [("all", "training", 0.02, 0.1), ("all", "ties = territory", 0.1, 0.2),
     ("all", "sponsor = adversary", 0.0, 0.2), ("all", "not by network", 0.5, 0.9),
     ("cyber", "training", 0.5, 0.9)],
    schema=["technology", "channel", "low", "high"], orient="row",
)  # fmt: skip


def values_at(places: Any) -> np.ndarray:
    """Parameters of futures that differ in nothing but in where they lie."""
    found = np.full((len(PARAMETERS), len(places)), 0.5, np.float32)
    found[NAMES.index(PLACE)] = places
    return found


def table(
    shares: np.ndarray, rates: np.ndarray, channels: tuple[str, ...] = ("sponsor", "ties")
) -> pl.DataFrame:
    """Draws as `diffuse` writes them: shares (S, channels), rates of the first classes (S, C)."""
    rows = []
    for number, (some, each) in enumerate(zip(shares, rates, strict=True)):
        whole = [*some, 1.0 - some.sum()]
        for technology, rate in [("all", each.mean()), *zip(TECHNOLOGIES, each, strict=False)]:
            rows += [
                (number, technology, name, part, part * rate)
                for name, part in zip((*channels, "not by network"), whole, strict=True)
            ]
    names = ["draw", "technology", "channel", "share", "rate"]
    return pl.DataFrame(rows, schema=names, orient="row")


def read(
    shares: pl.DataFrame | None, hazards: pl.DataFrame | None, draws: pl.DataFrame | None
) -> Spread:
    given = zip(("shares", "hazards", "draws"), (shares, hazards, draws), strict=True)
    return read_spread({f"diffusion_{name}": one for name, one in given if one is not None})


def planted(count: int = 400) -> pl.DataFrame:
    """Shares of sponsors and ties that are correlated at -0.8, and a class that ties carry."""
    rng = np.random.default_rng(5)
    both = rng.multivariate_normal([0.0, 0.0], [[1.0, -0.8], [-0.8, 1.0]], count)
    shares = 0.3 + 0.05 * both.clip(-3, 3)
    rates = np.stack([0.01 * (shares[:, 1] / 0.3) ** 2, np.full(count, 0.01)], axis=1)
    return table(shares, rates)


def test_what_hangs_together_in_the_posterior_does_in_the_futures() -> None:
    spread = read(SHARES, None, planted())
    values = values_at(np.random.default_rng(1).random(2000))
    factors, took = spread.name_factors(PARAMETERS, values)
    found = dict(zip((one.name for one in factors), took, strict=True))
    # What never differs is no factor, and the place among draws says nothing by itself.
    assert set(found) - set(NAMES) == {
        "sponsor_share", "ties_share", "uncrewed_aircraft_pace", "improvised_explosives_pace",
    }  # fmt: skip
    assert PLACE not in found
    assert np.corrcoef(found["sponsor_share"], found["ties_share"])[0, 1] == pytest.approx(
        -0.8, abs=0.06
    )
    assert np.corrcoef(found["ties_share"], found["uncrewed_aircraft_pace"])[0, 1] > 0.9
    # The model plays the same draws that people are told of.
    begun = spread.of_futures(values)
    assert begun["channels"].shape == (2, 3, 2000)
    np.testing.assert_array_equal(begun["channels"][0], begun["channels"][1])
    np.testing.assert_array_equal(begun["channels"][0, 2], found["ties_share"])
    np.testing.assert_array_equal(begun["pace"][0], found["uncrewed_aircraft_pace"])
    assert {one.basis for one in factors if one.name in FACTORS} == {"calibrated"}
    assert "400 joint draws" in next(one for one in factors if one.name in FACTORS).source


def test_each_draw_has_equal_room_and_neighbours_are_alike() -> None:
    spread = read(None, None, planted(64))
    each = spread.of_futures(values_at((np.arange(64) + 0.5) / 64))["channels"][0].T
    want = planted(64).filter(pl.col("technology") == "all").pivot("channel", index="draw",
                                                                     values="share")  # fmt: skip
    want = want.select("sponsor", "ties").to_numpy().astype(np.float32)
    assert sorted(map(tuple, each[:, 1:].round(5))) == sorted(map(tuple, want.round(5)))
    steps = np.abs(np.diff(each[:, 1:], axis=0)).mean(axis=0)
    by_chance = np.abs(np.diff(want, axis=0)).mean(axis=0)
    assert (steps < 0.7 * by_chance).all()
    assert spread.of_futures(values_at([1.0]))["channels"].shape == (2, 3, 1)


def test_the_order_of_rows_and_the_numbers_of_draws_do_not_matter() -> None:
    found = read(None, None, planted(50)).draws
    mixed = planted(50).sample(fraction=1.0, shuffle=True, seed=3).with_columns(pl.col("draw") + 7)
    np.testing.assert_allclose(read(None, None, mixed).draws, found, atol=1e-6)


def test_alike_channels_are_split_and_territories_and_adversaries_are_ties() -> None:
    names = ("sponsor = adversary", "territory", "training")
    found = read(None, None, table(np.array([[0.4, 0.1, 0.2]]), np.ones((1, 5)), names))
    assert found.draws[0, :3].tolist() == pytest.approx([0.2, 0.2, 0.3])
    # No two draws differ, so there is nothing to name.
    assert found.ends() == {}
    assert found.draws[0, 3:].tolist() == [1.0] * 5


def test_a_draws_pace_is_its_hazard_beside_the_mean_of_its_classes() -> None:
    rates = np.array([[0.03, 0.02, 0.01], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    found = read(None, None, table(np.zeros((3, 2)), rates)).draws[:, 3:]
    rows = sorted(map(tuple, found.round(4).tolist()))
    # A class of which nothing was measured spreads like the mean, and all do without any hazard.
    assert rows == [(1, 1, 1, 1, 1), (1.5, 1, 0.5, 1, 1), (3, 0.25, 0.25, 1, 1)]


def test_without_draws_shares_lie_in_their_intervals_and_classes_keep_the_pace_of_counts() -> None:
    first, second, third = TECHNOLOGIES[:3]
    hazards = pl.DataFrame(
        [(first, 100.0, 2.0, 0.02), (first, 100.0, 4.0, 0.04), (second, 100.0, 1.0, 0.01),
         (third, 0.0, 0.0, None)],
        schema=["technology", "at_risk", "adopted", "hazard"], orient="row",
    )  # fmt: skip
    found = read(SHARES, hazards, planted(9).clear())
    # Territory and adversary count as ties.
    assert found.channels[0].tolist() == pytest.approx([0.02, 0.0, 0.1])
    assert found.channels[1].tolist() == pytest.approx([0.1, 0.1, 0.3])
    assert found.pace.tolist() == pytest.approx([1.5, 0.5, 1, 1, 1])
    values = values_at([0.2, 0.8])
    begun = found.of_futures(values)
    np.testing.assert_array_equal(begun["channels"], np.stack([found.channels] * 2, axis=-1))
    np.testing.assert_array_equal(begun["pace"], np.stack([found.pace] * 2, axis=-1))
    factors, took = found.name_factors(PARAMETERS, values)
    assert [one.name for one in factors] == NAMES
    np.testing.assert_array_equal(took, values)


def test_a_prior_says_what_it_rests_on() -> None:
    def place(spread: Spread) -> tuple[str, str]:
        one = spread.tell_basis(PARAMETERS)[NAMES.index(PLACE)]
        return one.basis, one.source

    assert place(read(None, None, planted(9)))[0] == "calibrated"
    assert "9 joint draws" in place(read(None, None, planted(9)))[1]
    assert place(read(SHARES, None, None))[0] == "calibrated"
    assert "no draws" in place(read(SHARES, None, None))[1]
    assert read(None, None, None).channels.tolist() == UNMEASURED.tolist()
    assert place(read(None, None, None))[0] == "judgement"
    # Nothing else of the prior changes.
    others = read(None, None, None).tell_basis(PARAMETERS)
    assert [one for one in others if one.name != PLACE] == [
        one for one in PARAMETERS if one.name != PLACE
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda rows: rows.with_columns(share=pl.col("share") * 4), "share .* cannot be"),
        (lambda rows: rows.with_columns(rate=pl.lit(float("nan"))), "rate nan cannot be"),
        (lambda rows: rows[1:], "lacks a class or a channel"),
        (lambda rows: pl.concat([rows[1:], rows[1:2]]), "draw 0"),
    ],
)
def test_draws_that_cannot_be_are_refused(wrong: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        read(None, None, wrong(planted(3)))
    assert "diffusion_draws" in str(caught.value.where)
