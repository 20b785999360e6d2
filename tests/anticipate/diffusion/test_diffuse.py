"""From plain tables to the answer: which fit is taken, and that it is told."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.anticipate.diffusion import diffuse
from tocsin.anticipate.diffusion.answer.controls import Controls
from tocsin.anticipate.diffusion.diffuse import (
    LIKELIEST,
    _channels,
    _check_order,
    _likeliest,
    _notes_of_never,
    _notes_of_times,
    _verdict,
)
from tocsin.anticipate.diffusion.hazard.design import Design
from tocsin.anticipate.diffusion.hazard.posterior import Posterior
from tocsin.anticipate.diffusion.tables.cases import read_cases
from tocsin.errors import SourceRefused, StageNotReady, UsageError

USERS = [f"u{i}" for i in range(8)]
TIES = pl.DataFrame({"source": USERS[:-1], "target": USERS[1:], "channel": "tie"})


def _table(*, wide: bool) -> pl.DataFrame:
    at = [float(i + 1) for i in range(6)]
    times = {"time": [*at, None, None]}
    if wide:
        times = {"from": [*at, None, None], "to": [*(one + 0.5 for one in at), None, None]}
    return pl.DataFrame({"actor": USERS, "technology": "x", **times})


@pytest.mark.slow
def test_imputed_first_uses_of_a_small_study_take_the_full_fit() -> None:
    found = diffuse(_table(wide=True), TIES, end=8.0)
    assert found.summary["sampler"]["fit"] == "nuts"
    assert found.summary["sampler"]["imputations"] == 20
    assert found.next_users["actor"].unique().sort().to_list() == USERS[-2:]


@pytest.mark.slow
def test_the_fast_fit_can_be_asked_for() -> None:
    one, two = (diffuse(_table(wide=False), TIES, end=8.0, fit="gibbs", seed=3) for _ in range(2))
    assert one.summary["sampler"]["imputations"] == 1
    assert one.shares.equals(two.shares)


@pytest.mark.slow
def test_several_channels_take_the_fast_fit() -> None:
    other = TIES.reverse().with_columns(channel=pl.lit("other")).head(4)
    found = diffuse(_table(wide=False), pl.concat([TIES, other]), end=8.0)
    assert found.summary["sampler"]["fit"] == "gibbs"
    assert found.summary["sampler"]["imputations"] == 1
    for name in ("unseen_ties", "doubtful_weights"):
        channels = [row["channel"] for row in found.summary[name]]
        assert channels == ["other", "tie", "not by network"]


@pytest.mark.slow
def test_a_delay_ends_the_window_earlier_and_looks_further() -> None:
    late = _table(wide=False).with_columns(pl.col("time") + 3.0)
    known = diffuse(late, TIES, end=11.0, delay=3.0, fit="gibbs", seed=3)
    plain = diffuse(_table(wide=False), TIES, end=8.0, fit="gibbs", seed=3)
    assert known.summary["window"] == ["0", "8"]
    assert known.shares["mean"].to_list() == pytest.approx(plain.shares["mean"].to_list())
    # Within the same months of what is told there is more time for a first use.
    assert known.next_users["probability"][0] > plain.next_users["probability"][0]
    assert any("whether or not it is told" in note for note in known.summary["notes"])


class Taken(Exception):
    """The fit that was taken, which is not waited for."""


@pytest.mark.parametrize(("wide", "draws"), [(False, 1000), (True, 150)])
def test_of_known_times_all_draws_are_of_one_imputation(
    monkeypatch: pytest.MonkeyPatch, wide: bool, draws: int
) -> None:
    def sample_gibbs(designs: Sequence[Design], **asked: int) -> None:
        raise Taken(f"{len(designs)} of {asked['draws']} by seed {asked['seed']}")

    module = importlib.import_module("tocsin.anticipate.diffusion.diffuse")
    monkeypatch.setattr(module, "sample_gibbs", sample_gibbs)
    with pytest.raises(Taken, match=f"{20 if wide else 1} of {draws} by seed 7"):
        diffuse(_table(wide=wide), TIES, end=8.0, fit="gibbs", seed=7)
    if wide:
        # Of two classes that are imputed, and of more first uses than a small study has.
        both = pl.concat(
            [_table(wide=True), _table(wide=True).with_columns(technology=pl.lit("y"))]
        )
        with pytest.raises(Taken, match="20 of 150"):
            diffuse(both, TIES, end=8.0, seed=7)
        monkeypatch.setattr("tocsin.anticipate.diffusion.answer.size.FEW", 5)
        with pytest.raises(Taken, match="20 of 150"):
            diffuse(_table(wide=True), TIES, end=8.0, seed=7)


@pytest.mark.parametrize(("wide", "fit"), [(False, "auto"), (False, "nuts"), (True, "auto")])
def test_one_channel_of_a_small_study_takes_the_fit_in_full(
    monkeypatch: pytest.MonkeyPatch, wide: bool, fit: str
) -> None:
    def sample(designs: object, **asked: int) -> None:
        raise Taken(asked["draws"])

    module = importlib.import_module("tocsin.anticipate.diffusion.diffuse")
    monkeypatch.setattr(module, "sample", sample)
    with pytest.raises(Taken, match="150" if wide else "500"):
        diffuse(_table(wide=wide), TIES, end=8.0, fit=fit)


def test_a_fit_that_there_is_not_is_refused() -> None:
    with pytest.raises(UsageError, match="no fit"):
        diffuse(_table(wide=False), TIES, fit="guess")


@pytest.mark.slow
def test_ties_that_speak_for_the_next_are_told_by_the_mean_over_imputations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One imputation gives the first channel more, the other gives the second more still."""

    def sample_gibbs(designs: Sequence[Design], **_asked: int) -> list[Posterior]:
        assert len(designs) == 2
        return [
            Posterior(
                base=np.ones((1, 1)),
                cell=np.ones((1, one.cell_technology.size)),
                walk=np.ones((1, 1, one.at_risk.shape[1])),
                beta=np.zeros((1, one.covariates.shape[1])),
                strength=np.array([[[1.0], [11.0]]]) if n else np.array([[[9.0], [1.0]]]),
                spread=np.zeros(1), s=np.zeros((1, 2)), r_hat=1.0 + n / 1000, divergences=n,
            )
            for n, one in enumerate(designs)
        ]  # fmt: skip

    plain = Controls(0.1, 0.5, (0.5,) * 2, ((0.1, 0.2),) * 2, (0.1, 0.5), (0.1, 0.5), 0.1, {})
    module = importlib.import_module("tocsin.anticipate.diffusion.diffuse")
    monkeypatch.setattr(module, "IMPUTATIONS", 2)
    monkeypatch.setattr(module, "sample_gibbs", sample_gibbs)
    monkeypatch.setattr(module, "compare_controls", lambda *_, **__: plain)
    ties = pl.DataFrame(
        {"source": ["u0", "u1"], "target": ["u7", "u7"], "channel": ["alliance", "sponsor"]}
    )
    found = diffuse(_table(wide=True), ties, end=8.0)
    [last] = [one for one in found.summary["next"] if one["actor"] == "u7"]
    assert last["rank"] == 1
    assert last["ties"] == [
        {"from": "u1", "channel": "sponsor"},
        {"from": "u0", "channel": "alliance"},
    ]
    told = found.summary["sampler"]
    assert told["fit"] == "gibbs"
    assert (told["draws"], told["r_hat"], told["divergences"]) == (2, 1.001, 1)
    assert told["converged"]
    counts = {"actors": 8, "technologies": 1, "territories": 1, "cases": 8, "first_uses": 6,
              "events": 6, "seeds": 0, "never": 2, "ties": 2}  # fmt: skip
    assert found.summary["counts"] == counts
    first, second = found.summary["channels"]
    # Strengths of a window of eight months are 0 in `s`; of six uses none came over a tie to u7.
    assert (first["channel"], first["ties"], first["rate"]) == ("alliance", 1, 0.0)
    assert (second["p"], second["share_without_network_high"]) == (0.5, 0.2)
    assert 0.2 < first["share_upper"] < 0.6
    assert not found.summary["shown"]
    # What is told of the controls is what they found, without those of single channels.
    assert list(found.summary["controls"]) == [
        "share", "p_null", "permuted", "rewired", "reversed", "future",
    ]  # fmt: skip
    words = "the network does not beat worlds without it, ties rewired at random, first uses"
    assert words in found.summary["verdict"]
    assert "0% of first uses (0% to 0%) came over alliance, sponsor." in found.summary["verdict"]
    notes = " ".join(found.summary["notes"])
    assert "There is no territory" in notes
    assert "Every case has a first use" not in notes
    assert "at one time" not in notes


@pytest.mark.slow
def test_notes_ask_what_a_first_or_a_last_time_stands_for() -> None:
    def notes(*times: float) -> str:
        names = [f"g{i}" for i in range(len(times))]
        told = pl.DataFrame({"actor": names, "technology": "x", "time": times})
        cases = read_cases(told)
        return " ".join([*_notes_of_times(cases), *_notes_of_never(cases)])

    assert "The first 90% of the window, which starts at 0" in notes(90.0, 95.0, 98.0, 100.0)
    assert "of the window" not in notes(0.0, 95.0, 98.0, 100.0), (
        "there is a user from the beginning"
    )
    assert "of the window" not in notes(1990.0, 1999.0), "years start at the first of them"
    assert "2 first uses are at 1, the first time" in notes(1.0, 1.0, 2.0, 4.0)
    assert "3 first uses are at 9, the last time" in notes(1.0, 2.0, 9.0, 9.0, 9.0)
    assert notes(0.0, 1.0, 1.0, 2.0, 3.0) == "", "there is a user from the beginning"
    assert notes(1.0, 2.0, 3.0, 4.0) == "", "no time is that of several"
    assert notes(1.0, 2.0, 4.0, 4.0) == "", "two that share the last time are no rule"
    assert notes(1.0, 2.0, 2.0, 2.0, 2.0, 9.0, 9.0, 9.0) == "", "another time is that of more"
    # Where the window starts, a time is one of users from the beginning, or stands for 'never'.
    assert "3 first uses are at 0, where the window starts" in notes(0.0, 0.0, 0.0, 3.0, 4.0)
    assert "where the window starts" not in notes(0.0, 0.0, 3.0, 4.0)
    assert "where the window starts" not in notes(*[0.0] * 3, *[3.0] * 3, 4.0)
    at_one = read_cases(
        pl.DataFrame({"actor": list("abcdef"), "technology": "x", "time": [1.0] * 4 + [3.0, 4.0]}),
        start=1.0,
    )
    assert _notes_of_never(at_one) == [], "such a window is counted from elsewhere"
    assert "where the window starts" not in notes(*[2000.0] * 4, 2003.0, 2004.0), "years are none"
    assert "of the window" not in notes(10.0, 20.0, 30.0, 40.0), "a quarter is no long time"


def test_first_uses_before_their_entry_are_told() -> None:
    table = {"actor": list("abcd"), "technology": "x", "time": [1.0, 2.0, 3.0, 4.0]}
    entries = pl.DataFrame(table | {"entry": [0.0, 2.5, 3.0, 0.0]})
    (note,) = _notes_of_times(read_cases(entries))
    assert note.startswith("2 first uses are at their organisation's entry or before it")


@pytest.mark.parametrize(
    ("times", "seeds"), [((5.0,) * 8, 0), ((5.0, *(None,) * 7), 0), ((5.0,) * 8, 2)]
)
def test_first_uses_of_which_none_follows_another_teach_nothing(
    times: tuple[float | None, ...], seeds: int
) -> None:
    told = [0.0] * seeds + list(times)[seeds:]
    table = pl.DataFrame({"actor": USERS, "technology": "x", "time": told})
    if seeds:
        _check_order(read_cases(table, end=9.0))
        return
    with pytest.raises(StageNotReady, match="comes after another of its class"):
        diffuse(table, TIES, end=9.0)


@pytest.mark.parametrize("name", ["all", "not by network"])
def test_a_name_that_the_answer_uses_for_something_else_is_refused(name: str) -> None:
    table, ties = _table(wide=False), TIES
    if name == "all":
        table = table.with_columns(technology=pl.lit(name))
    else:
        ties = ties.with_columns(channel=pl.lit(name))
    with pytest.raises(SourceRefused, match="Give it another name"):
        diffuse(table, ties, end=8.0)


PLAIN = Controls(0.1, 0.25, (0.5, 0.6), ((0.1, 0.2), (0.3, 0.4)), (0.1, 0.5), (0.1, 0.75), 0.1, {})


def test_the_rate_of_a_channel_is_per_unit_of_the_clock() -> None:
    """Two fits of a window of 8 months: 0 to 7.2 and 8 to 15.2 first uses a window."""
    fits: Any = [
        SimpleNamespace(s=np.stack([first + np.linspace(0, 7.2, 10), np.zeros(10)], axis=1))
        for first in (0.0, 8.0)
    ]
    ties: Any = SimpleNamespace(channels=("a", "b"), channel=np.array([0, 0, 1]))
    cases: Any = SimpleNamespace(start=2.0, end=10.0)
    first, second = _channels(ties, PLAIN, fits, cases, [0.7, 0.8])
    assert first == {
        "channel": "a", "ties": 2, "rate": pytest.approx(7.6 / 8),
        "low": pytest.approx(0.05 * 19 * 0.8 / 8), "high": pytest.approx(0.95 * 19 * 0.8 / 8),
        "share_upper": 0.7, "p": 0.5, "share_without_network": 0.1,
        "share_without_network_high": 0.2,
    }  # fmt: skip
    assert (second["ties"], second["rate"], second["p"], second["share_upper"]) == (1, 0, 0.6, 0.8)
    assert (second["share_without_network"], second["share_without_network_high"]) == (0.3, 0.4)


def test_the_verdict_tells_of_all_channels_of_all_classes_together() -> None:
    rows = [
        ("all", "a", 0.1, 0.0, 0.2),
        ("all", "b", 0.2, 0.1, 0.3),
        ("all", "not by network", 0.7, 0.55, 0.85),
        ("x", "not by network", 0.2, 0.1, 0.3),
    ]
    shares = pl.DataFrame(rows, schema=["technology", "channel", "mean", "low", "high"],
                          orient="row")  # fmt: skip
    ties: Any = SimpleNamespace(channels=("a", "b"))
    said = _verdict(shares, PLAIN, ties)
    assert not said["shown"]
    assert "By the model 30% of first uses (15% to 45%) came over a, b." in said["verdict"]
    assert (
        "p = 0.25, rewired ones with p = 0.75, permuted first uses with p = 0.50" in said["verdict"]
    )


def test_the_likeliest_within_a_year_are_told_by_rank_with_their_ties() -> None:
    rows = [(name, months, chance) for months in (3, 6, 12, 24)
            for name, chance in (("a", 0.9), ("b", 0.5))]  # fmt: skip
    following = pl.DataFrame(rows, schema=["actor", "months", "probability"], orient="row")
    following = following.with_columns(technology=pl.lit("x"))
    tie = {"from": "c", "channel": "t"}
    first, second = _likeliest(following, {("b", "x"): [tie]})
    assert (first["rank"], first["actor"], first["months"], first["ties"]) == (1, "a", 12, [])
    assert (second["rank"], second["actor"], second["ties"]) == (2, "b", [tie])
    assert len(_likeliest(pl.concat([following] * LIKELIEST), {})) == LIKELIEST


def test_a_user_from_its_entry_on_is_no_later_first_use() -> None:
    """One takes it up at 5, and who enters at 7 does so as a user: nobody came after another."""
    table = pl.DataFrame(
        {"actor": list("abc"), "technology": "x", "time": [5.0, 7.0, None],
         "entry": [0.0, 7.0, 0.0]}
    )  # fmt: skip
    with pytest.raises(StageNotReady, match="comes after another of its class"):
        _check_order(read_cases(table, start=0.0, end=9.0))
