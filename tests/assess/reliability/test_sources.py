"""In a world whose truth is known, the learned reliabilities are the true ones."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal
from scipy.special import betaincinv

from tocsin.assess.reliability import sources
from tocsin.assess.reliability.copying import Copying, nobody_copies
from tocsin.assess.reliability.dawid_skene import Truth, one_coin, strongest
from tocsin.assess.reliability.sources import Judgement, Reliability, learn, source_reliability
from tocsin.assess.reliability.votes import Testimony as Heard
from tocsin.assess.reliability.votes import Votes
from tocsin.bench.reliability.world import TYPES, VOICES, World, world


@pytest.fixture(scope="module")
def made() -> World:
    return world(7, size=1500)


@pytest.fixture(scope="module")
def rated(made: World) -> pl.DataFrame:
    return source_reliability(learn(made.incidents, made.links, made.reports))


@pytest.mark.slow
def test_ranks_and_values(rated: pl.DataFrame) -> None:
    whole = rated.filter(pl.col("event_type").is_null(), attribute="overall")
    found = dict(whole.select("rated_source", "p").iter_rows())
    true = {name: float(np.mean(voice.right)) for name, voice in VOICES.items()}
    honest = [name for name, voice in VOICES.items() if voice.copies is None]
    assert sorted(honest, key=found.__getitem__) == sorted(honest, key=true.__getitem__)
    for name in honest:
        assert found[name] == pytest.approx(true[name], abs=0.04)


def test_by_type_of_event(rated: pl.DataFrame) -> None:
    cells = rated.filter(pl.col("event_type").is_not_null(), attribute="overall")
    off = [
        row["p"] - VOICES[row["rated_source"]].right[TYPES.index(row["event_type"])]
        for row in cells.to_dicts()
        if VOICES[row["rated_source"]].copies is None
    ]
    assert np.abs(off).mean() < 0.04
    charlie = cells.filter(pl.col("rated_source") == "Charlie").group_by("event_type")
    share = dict(charlie.agg(pl.col("p").mean()).iter_rows())
    assert share["one-sided"] < share["state-based"] < share["non-state"]


def test_omission(rated: pl.DataFrame) -> None:
    told = rated.filter(pl.col("event_type").is_null(), attribute="coverage")
    found = dict(told.select("rated_source", "p").iter_rows())
    for name, voice in VOICES.items():
        if voice.copies is None:
            assert found[name] == pytest.approx(voice.coverage, abs=0.04)
    assert told["grade"].null_count() == told.height


def test_a_single_source_cannot_be_judged(made: World) -> None:
    alone = made.reports.filter(pl.col("source") == "Alpha")
    links = made.links.join(alone.select("report_id"), on="report_id", how="semi")
    events = made.incidents.join(links, on="incident_id", how="semi")
    rated = source_reliability(learn(events, links, alone))
    graded = rated.filter(pl.col("attribute") != "coverage")
    assert set(graded["grade"]) == {"F"}
    assert graded["p"].null_count() == graded.height
    assert set(zip(graded["low"], graded["high"], strict=True)) == {(0.0, 1.0)}


def test_of_two_nobody_knows_who_errs(made: World) -> None:
    two = made.reports.filter(pl.col("source").is_in(["Alpha", "Delta"]))
    links = made.links.join(two.select("report_id"), on="report_id", how="semi")
    events = made.incidents.join(links, on="incident_id", how="semi")
    rated = source_reliability(learn(events, links, two)).filter(pl.col("attribute") != "coverage")
    assert set(rated["grade"]) == {"F"}
    assert (rated["high"] == 1.0).all()


@pytest.mark.slow
def test_order_of_rows_does_not_matter(made: World, rated: pl.DataFrame) -> None:
    shuffled = learn(
        made.incidents.sample(fraction=1, shuffle=True, seed=1),
        made.links.sample(fraction=1, shuffle=True, seed=2),
        made.reports.sample(fraction=1, shuffle=True, seed=3),
    )
    assert source_reliability(shuffled).equals(rated)


# Against the same rules by hand ---------------------------------------------------------------


def _heard() -> Heard:
    """Two years in one country and one in another; who tells of which incident."""
    facts = [
        ("battle", 1, 2020), ("battle", 1, 2020), ("battle", 1, 2020), ("attack", 1, 2020),
        ("battle", 1, 2021), ("battle", 2, 2020),
    ]  # fmt: skip
    incidents = pl.DataFrame(facts, schema=["event_type", "gwno", "year"], orient="row")
    incidents = incidents.with_columns(pl.date("year", 5, 1).alias("date_start"))
    told = [(0, 0), (0, 1), (1, 0), (2, 1), (2, 2), (3, 0), (4, 1), (4, 2), (5, 0)]
    spoken = pl.DataFrame(told, schema=["item", "who"], orient="row")
    return Heard(spoken, incidents, ["a", "b", "c"], pl.DataFrame())


def test_coverage_is_the_share_told_of_what_others_tell_where_one_reports_at_all() -> None:
    found = sources._coverage(_heard()).sort("who", "event_type", "gwno")
    # The years of a country add up later; the second source is asked of 2020 and 2021.
    summed = found.group_by("who", "event_type", "gwno", maintain_order=True).agg(
        pl.col("hits", "n").sum()
    )
    assert summed.rows() == [
        # What a source alone tells of is not held for or against it.
        (0, "battle", 1, 1.0, 2.0), (1, "attack", 1, 0.0, 1.0), (1, "battle", 1, 3.0, 4.0),
        (2, "attack", 1, 0.0, 1.0), (2, "battle", 1, 2.0, 4.0),
    ]  # fmt: skip
    assert set(found["attribute"]) == {"coverage"}


def test_shares_are_drawn_to_the_source_and_the_source_to_all() -> None:
    cells = pl.DataFrame(
        [
            (0, "date", "battle", 1, 30.0, 40.0), (0, "date", "battle", 2, 1.0, 4.0),
            (1, "date", "battle", 1, 9.0, 10.0), (2, "place", "battle", 1, 5.0, 5.0),
        ],
        schema=["who", "attribute", "event_type", "gwno", "hits", "n"],
        orient="row",
    )  # fmt: skip
    whole = cells.group_by("who", "attribute", maintain_order=True).agg(pl.col("hits", "n").sum())

    def beta(hits: float, n: float, kappa: float, prior: float) -> tuple[float, float, float]:
        a, b = kappa * prior + hits, kappa * (1 - prior) + n - hits
        return (a / (a + b), *betaincinv(a, b, [0.05, 0.95]))

    def pooled(hits: list[float], n: list[float], priors: list[float]) -> float:
        return strongest(np.array(hits), np.array(n), np.array(priors))

    mean = (30 + 1 + 9 + 8) / (40 + 4 + 10 + 10)
    across = pooled([31, 9], [44, 10], [mean, mean])
    found = sources._pool(whole, cells).select("p", "low", "high").rows()
    assert found[0] == pytest.approx(beta(31, 44, across, mean))
    assert found[1] == pytest.approx(beta(9, 10, across, mean))
    place = (5 + 8) / (5 + 10)
    alone = pooled([5], [5], [place])
    assert found[2] == pytest.approx(beta(5, 5, alone, place))
    first, second = ((h + across * mean) / (n + across) for h, n in ((31, 44), (9, 10)))
    within = pooled([30, 1, 9], [40, 4, 10], [first, first, second])
    found = sources._pool(cells, cells).select("p", "low", "high").rows()
    assert found[0] == pytest.approx(beta(30, 40, within, first))
    assert found[1] == pytest.approx(beta(1, 4, within, first))
    assert found[2] == pytest.approx(beta(9, 10, within, second))


def _rated(
    shared: float | np.ndarray, copied: float, *, n: float = 50.0
) -> dict[str, dict[str, object]]:
    """Ratings of four sources, of which the last copies the third with a probability."""
    probability = np.zeros((4, 4))
    probability[3, 2] = copied
    together = shared * (1 - np.eye(4))
    heard = Heard(pl.DataFrame(), pl.DataFrame(), ["a", "b", "c", "d"], pl.DataFrame())
    found = Reliability(heard, {}, Copying(probability, probability * 0.5, together))
    rows = [
        {"who": who, "attribute": kind, "event_type": None, "gwno": None, "hits": 45.0, "n": n,
         "p": 0.9, "low": 0.85, "high": 0.95}
        for who in range(4) for kind in ("overall", "coverage")
    ]  # fmt: skip
    kinds = {"event_type": pl.String, "gwno": pl.Int64}
    table = sources._grade(pl.DataFrame(rows, schema_overrides=kinds), found)
    return {row["rated_source"]: row for row in table.to_dicts() if row["attribute"] == "overall"}


def test_peers_are_independent_of_a_source_and_of_each_other() -> None:
    apart = _rated(5.0, 0.5)
    assert {name: row["peers"] for name, row in apart.items()} == dict.fromkeys("abcd", 3)
    assert {row["grade"] for row in apart.values()} == {"B"}
    # A source and its copier are one peer of others, and no peer of each other.
    copied = _rated(5.0, 0.95)
    assert {name: row["peers"] for name, row in copied.items()} == dict.fromkeys("abcd", 2)
    assert (copied["d"]["copies_of"], copied["d"]["copied_share"]) == ("c", pytest.approx(0.475))
    assert copied["c"]["copies_of"] is None
    few = _rated(4.9, 0.0)
    assert {row["peers"] for row in few.values()} == {0}
    assert {(row["p"], row["low"], row["high"], row["grade"]) for row in few.values()} == {
        (None, 0.0, 1.0, "F")
    }
    # Of two nobody can say which errs: either may always be right.
    two = np.zeros((4, 4))
    two[0, 1] = two[1, 0] = 50.0
    one = _rated(two, 0.0)["a"]
    assert (one["peers"], one["p"], one["low"], one["high"], one["grade"]) == (1, 0.9, 0.85, 1, "F")
    assert _rated(5.0, 0.0, n=0.0)["a"]["p"] is None


@pytest.mark.parametrize(
    ("voices", "rounds"), [((0.5, 0.5), 2), ((0.5, 0.4, 0.4005), 3), ((0.9995,), 1), ((), 5)]
)
def test_truth_and_copying_are_found_in_turns_until_voices_stand_still(
    voices: tuple[float, ...], rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, given = world(3, size=5), list[float]()

    def copied(said: Heard, cast: dict[str, tuple[object, object, np.ndarray]]) -> Copying:
        given.append(float(cast["date"][2].max(initial=0.0)))
        return sources.nobody_copies(len(said.sources))

    def voice(cast: sources.Votes, *_: object) -> np.ndarray:
        turn = len(given) - 1
        return np.full(cast.item.size, voices[turn] if turn < len(voices) else 0.9 - 0.1 * turn)

    monkeypatch.setattr(sources, "copying", copied)
    monkeypatch.setattr(sources, "voices", voice)
    monkeypatch.setattr(sources, "one_coin", partial(one_coin, most=1))
    learned = learn(few.incidents, few.links, few.reports)
    assert len(given) == rounds
    # Each turn hears the voices of the turn before, the first hears all as their own.
    assert given[0] == 1.0
    assert given[1:] == pytest.approx([*voices, 0.9, 0.8, 0.7, 0.6][: rounds - 1])
    assert learned.judged["date"].voice.max() == pytest.approx(given[-1])


def test_how_many_votes_a_share_is_of_counts_by_their_worth_alone() -> None:
    """A thousandth of the hits and of the votes, worth as much, is the same rating."""
    incidents = _heard().incidents.with_columns(event_type=pl.lit("state-based"))
    heard = replace(_heard(), incidents=incidents)
    cells = pl.DataFrame({"who": [0, 1, 2], "event_type": "state-based", "gwno": 1})
    cells = cells.cast({"who": pl.Int64, "gwno": pl.Int64})
    apart = replace(nobody_copies(3), shared=np.full((3, 3), 50.0))
    hits, votes, worth = np.array([3.0, 2.0, 1.0]), np.array([4.0, 2.5, 3.0]), np.array([3.0] * 3)
    tables = []
    for part in (1.0, 1e-3):
        truth = Truth(np.zeros(0), np.zeros(0), hits * part, votes * part, worth, 1.0, 1.0)
        none = np.zeros(0, np.int64)
        cast = Votes(none, none, none, none, np.zeros(0), none)
        one = Judgement(cast, truth, none, np.zeros(0), cells)
        tables.append(source_reliability(Reliability(heard, {"date": one}, apart)))
    assert_frame_equal(*tables, rel_tol=1e-9)
