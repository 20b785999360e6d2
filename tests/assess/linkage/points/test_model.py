"""Files of id, day and point: the scale of displacement is learned, and links can be trusted."""

from __future__ import annotations

import datetime
import math
import random
from collections import defaultdict
from typing import Any

import numpy as np
import polars as pl
import pytest

from tocsin.assess.linkage import link_tables
from tocsin.assess.linkage.link import Linked
from tocsin.assess.linkage.points.model import BARE, UNSURE
from tocsin.assess.linkage.records.records import records, sheet
from tocsin.assess.linkage.waterfall import waterfall
from tocsin.bench.linkage.scores import as_pairs, pairwise, true_pairs

Told = tuple[dict[str, pl.DataFrame], pl.DataFrame]
FIRST = datetime.date(2021, 5, 1)


def tell(seed: int, km: float, *, events: int = 140, days: int = 31, **more: Any) -> Told:
    """Events of a month, told by one to three files, each `km` or so away and up to a day late."""
    rnd = random.Random(seed)
    told: dict[str, list[tuple[int, datetime.date, float, float]]] = defaultdict(list)
    for event in range(events):
        north, east, day = rnd.uniform(10, 12.3), rnd.uniform(2, 4.7), rnd.randrange(days)
        for source in rnd.sample("abc", rnd.choices([1, 2, 3], [0.74, 0.12, 0.14])[0]):
            far, turn = abs(rnd.gauss(0, km)), rnd.uniform(0, 2 * math.pi)
            when = FIRST + datetime.timedelta(day + rnd.choice([0, 0, 0, 1]))
            point = north + far * math.sin(turn) / 111.2, east + far * math.cos(turn) / 109.3
            told[source].append((event, when, *point))
    files, truth = {}, []
    for source, rows in sorted(told.items()):
        rnd.shuffle(rows)
        files[source] = pl.DataFrame(
            {
                "id": [str(n) for n in range(len(rows))],
                "date": [str(row[1]) for row in rows],
                "latitude": [f"{row[2]:.5f}" for row in rows],
                "longitude": [f"{row[3]:.5f}" for row in rows],
            }
        )
        truth += [(str(row[0]), source, str(n)) for n, row in enumerate(rows)]
    return files, pl.DataFrame(truth, schema=["event", "source", "id"], orient="row")


def pooled(km: float, seeds: range) -> tuple[dict[str, float], list[tuple[float, bool]]]:
    hits = links = true = 0
    judged = []
    for seed in seeds:
        files, truth = tell(seed, km)
        linked = link_tables(files)
        found, right = as_pairs(linked.links), true_pairs(truth)
        hits, links, true = hits + len(found & right), links + len(found), true + len(right)
        assert linked.notes == []
        for a, i, b, j, p in linked.links.iter_rows():
            one, two = sorted(((a, i), (b, j)))
            judged.append((p, (one, two) in right))
    return {"precision": hits / links, "recall": hits / true}, judged


@pytest.mark.slow
@pytest.mark.parametrize(("km", "least"), [(0.3, 0.99), (1.0, 0.98), (3.0, 0.94)])
def test_the_scale_is_learned_from_the_files(km: float, least: float) -> None:
    scores, judged = pooled(km, range(200, 206))
    assert min(scores.values()) >= least
    p, hit = np.array(judged, dtype=float).T
    assert abs(p.mean() - hit.mean()) < 0.03
    sure = p > 0.9
    assert hit[sure].mean() > 0.96


@pytest.mark.slow
def test_the_order_of_files_and_rows_is_nothing() -> None:
    files, _ = tell(1, 1.0)
    mixed = {
        name: frame.sample(fraction=1, shuffle=True, seed=3)
        for name, frame in reversed(files.items())
    }
    one, two = link_tables(files), link_tables(mixed)
    assert one.links.equals(two.links)
    assert one.clusters.sort("source", "id").equals(two.clusters.sort("source", "id"))


def linked_bare() -> Linked:
    return link_tables(tell(4, 1.0)[0])


@pytest.mark.slow
def test_bits_add_up_to_the_probability() -> None:
    linked = linked_bare()
    steps = waterfall(linked)
    assert steps["comparison"].unique(maintain_order=True).to_list() == [
        "prior", "time", "place", "coverage", "rivals",
    ]  # fmt: skip
    ends = steps.group_by("left", "right", maintain_order=True).agg(pl.col("total").last())
    assert linked.taken is not None
    both = ends.join(linked.taken, on=["left", "right"])
    sure = 1 / (1 + 2 ** -both["total"].to_numpy())
    assert sure == pytest.approx(both["probability"].to_numpy(), abs=1e-6)
    assert steps.filter(comparison="place")["level"].str.ends_with("km apart").all()


def told_more(told: Told, seed: int = 1) -> dict[str, pl.DataFrame]:
    """The same files, with a count, a side, a kind and a place, which reports may get wrong."""
    files, truth = told
    event = {(source, number): int(of) for of, source, number in truth.iter_rows()}
    more = {}
    for source, frame in files.items():
        rnd, rows = random.Random(seed), []
        for number in frame["id"]:
            own = random.Random(event[source, number])
            deaths = own.choice([0, 0, 1, 1, 1, 2, 3, 5, 8, 20]) + rnd.choice([0, 0, 0, 1])
            rows.append(
                {"deaths": str(deaths), "actor1": own.choice(["Army", "Rebels", "Militia"]),
                 "category": own.choice(["battle", "attack", "bomb"]),
                 "place": own.choice(["Kaya", "Dori", "Djibo", "Gorom", "Titao", "Barsa"])}
            )  # fmt: skip
        more[source] = frame.with_columns(pl.DataFrame(rows))
    return more


@pytest.mark.slow
@pytest.mark.parametrize("known", [["deaths"], ["actor1"], ["category", "place"]])
def test_what_else_is_told_makes_links_no_worse(known: list[str]) -> None:
    told = tell(5, 1.0)
    files = {n: frame.select(*told[0]["a"].columns, *known) for n, frame in told_more(told).items()}
    linked = link_tables(files)
    found = pairwise(as_pairs(linked.links), true_pairs(told[1]))
    assert found["precision"] >= 0.97
    assert found["recall"] >= 0.97
    steps = waterfall(linked)
    assert {"deaths", "actors", "type", "name of the place"} & set(steps["comparison"])


@pytest.mark.slow
def test_sources_that_share_places_and_one_that_names_none_are_linked() -> None:
    told = tell(7, 1.0, days=200)
    more = told_more(told)
    linked = link_tables({"a": more["a"], "b": more["b"], "c": told[0]["c"]})
    assert linked.pairs is not None
    assert 0 < linked.pairs["place"].null_count() < linked.pairs.height
    assert pairwise(as_pairs(linked.links), true_pairs(told[1]))["f1"] > 0.9
    assert waterfall(linked)["comparison"].n_unique() > 6


@pytest.mark.slow
@pytest.mark.parametrize("rows", [1, 2, 5])
@pytest.mark.parametrize("days", [1, 2, 9, 400])
def test_few_rows_and_short_calendars_are_linked_without_a_fault(rows: int, days: int) -> None:
    files, _ = tell(3, 0.5, events=rows * 3, days=days)
    again = {name: frame.head(rows) for name, frame in files.items()}
    linked = link_tables({"a": again["a"], "d": again["a"]} if "a" in again else again)
    assert linked.clusters.height == sum(2 * frame.height for n, frame in again.items() if n == "a")
    if "a" in again:
        assert linked.links.height == again["a"].height


@pytest.mark.slow
def test_ranges_that_are_the_same_say_more_than_ranges_that_meet() -> None:
    rnd = random.Random(5)
    rows = []
    for n in range(120):
        first = FIRST + datetime.timedelta(rnd.randrange(300))
        length = rnd.choice([0, 0, 0, 6, 13, 30])
        rows.append(
            {"id": str(n), "start": str(first), "end": str(first + datetime.timedelta(length)),
             "lat": f"{rnd.choice([10.5, 11.0, 11.5]):.5f}", "lon": f"{rnd.uniform(2, 2.2):.5f}"}
        )  # fmt: skip
    frame = pl.DataFrame(rows)
    linked = link_tables({"a": frame, "b": frame.head(80)})
    right = linked.links.filter(pl.col("id_a") == pl.col("id_b"))
    assert right.height >= 78
    assert linked.links.height <= 82


def test_records_of_bare_files_say_nothing_else() -> None:
    rows = records([sheet(name, frame) for name, frame in tell(1, 1.0)[0].items()])
    assert rows.select("place_id", "best", "actor_a", "type").null_count().row(0) == (
        (rows.height,) * 4
    )


@pytest.mark.slow
def test_what_training_misses_is_added_only_where_more_than_points_is_said() -> None:
    files, _ = tell(5, 1.0)
    bare = link_tables(files).pairs
    told = link_tables({n: f.with_columns(pl.lit("7").alias("deaths")) for n, f in files.items()})
    assert bare is not None
    assert told.pairs is not None
    both = bare.join(told.pairs, on=["left", "right"], suffix="_told")
    # The shares that are learned differ a little; what is added differs by three quarters of a bit.
    assert float((both["prior_told"] - both["prior"]).median()) == pytest.approx(
        UNSURE - BARE, abs=0.5
    )
