"""In a world whose truth is known, the learned reliabilities are the true ones."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tocsin.assess.reliability.sources import learn, source_reliability
from tocsin.bench.reliability.world import TYPES, VOICES, World, world


@pytest.fixture(scope="module")
def made() -> World:
    return world(7, size=1500)


@pytest.fixture(scope="module")
def rated(made: World) -> pl.DataFrame:
    return source_reliability(learn(made.incidents, made.links, made.reports))


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


def test_order_of_rows_does_not_matter(made: World, rated: pl.DataFrame) -> None:
    shuffled = learn(
        made.incidents.sample(fraction=1, shuffle=True, seed=1),
        made.links.sample(fraction=1, shuffle=True, seed=2),
        made.reports.sample(fraction=1, shuffle=True, seed=3),
    )
    assert source_reliability(shuffled).equals(rated)
