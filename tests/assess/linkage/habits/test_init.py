"""A habit of a whole source is found, said in one sentence and undone; none is invented."""

from __future__ import annotations

import random
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest

from tocsin.assess.linkage import link_tables
from tocsin.assess.linkage.habits.regions import some_regions
from tocsin.bench.linkage.scores import as_pairs, pairwise, true_pairs

Told = tuple[dict[str, pl.DataFrame], pl.DataFrame]


@pytest.fixture(scope="module")
def told() -> Told:
    """Two hundred events of a year, of which two sources tell most, a kilometre or so away."""
    rnd = random.Random(8)
    rows: dict[str, list[dict[str, str]]] = {"agency": [], "press": []}
    truth = []
    for event in range(200):
        day = date(2019, 1, 1) + timedelta(rnd.randrange(365))
        north, east = rnd.uniform(12, 15), rnd.uniform(-2, 3)
        for source, own in rows.items():
            if rnd.random() < 0.7:
                late = rnd.choice([0, 0, 0, 1])
                own.append(
                    {
                        "id": f"{source[0]}{event}",
                        "date": str(day + timedelta(late)),
                        "latitude": f"{north + rnd.gauss(0, 0.006):.5f}",
                        "longitude": f"{east + rnd.gauss(0, 0.006):.5f}",
                    }
                )
                truth.append((str(event), source, f"{source[0]}{event}"))
    files = {source: pl.DataFrame(own) for source, own in rows.items()}
    return files, pl.DataFrame(truth, schema=["event", "source", "id"], orient="row")


def scored(files: dict[str, pl.DataFrame], truth: pl.DataFrame) -> tuple[float, list[str]]:
    linked = link_tables(files)
    return pairwise(as_pairs(linked.links), true_pairs(truth))["f1"], linked.notes


def moved(frame: pl.DataFrame, days: int) -> pl.DataFrame:
    day = pl.col("date").str.to_date() + pl.duration(days=days)
    return frame.with_columns(day.cast(pl.String))


def swapped(text: str) -> str:
    year, month, day = text.split("-")
    return f"{year}-{day}-{month}" if int(day) <= 12 else text


@pytest.mark.slow
def test_nothing_is_invented(told: Told) -> None:
    f1, notes = scored(*told)
    assert f1 > 0.98
    assert notes == []


@pytest.mark.slow
@pytest.mark.parametrize("days", [1, -3, 14, 30])
def test_calendars_that_stand_apart_are_found(told: Told, days: int) -> None:
    files, truth = told
    f1, notes = scored({**files, "press": moved(files["press"], days)}, truth)
    assert f1 > 0.98
    assert len(notes) == 1
    many = "1 day" if abs(days) == 1 else f"{abs(days)} days"
    sides = ("press", "agency") if "of press stand" in notes[0] else ("agency", "press")
    later = (days > 0) == (sides[0] == "press")
    assert notes[0].startswith(
        f"The days of {sides[0]} stand {many} {'later' if later else 'earlier'} than those of "
        f"{sides[1]}"
    )


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.3, 1.0])
def test_days_and_months_that_were_swapped_are_found(told: Told, share: float) -> None:
    files, truth = told
    rnd = random.Random(1)
    days = [swapped(t) if rnd.random() < share else t for t in files["press"]["date"]]
    wrong = sum(new != old for new, old in zip(days, files["press"]["date"], strict=True))
    f1, notes = scored({**files, "press": files["press"].with_columns(date=pl.Series(days))}, truth)
    assert f1 > 0.97
    assert len(notes) == 1
    assert "Day and month are swapped in" in notes[0]
    # Of two files that tell of a whole year and of days beyond the twelfth, either may be right.
    assert "the two cannot tell which" in notes[0]
    found = int(notes[0].split(" rows")[0].rsplit(" ", 1)[1])
    # Of those without a partner nobody can say it, unless all are swapped that can be.
    assert 0.5 * wrong < found <= wrong


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.3, 1.0])
@pytest.mark.parametrize("days", [1, 14])
@pytest.mark.parametrize("order", ["moved, then swapped", "swapped, then moved", "of two sources"])
def test_a_shift_and_swapped_days_are_found_together(
    told: Told, order: str, days: int, share: float
) -> None:
    files, truth = told
    rnd = random.Random(1)

    def swap_some(frame: pl.DataFrame) -> pl.DataFrame:
        texts = [swapped(text) if rnd.random() < share else text for text in frame["date"]]
        return frame.with_columns(date=pl.Series(texts))

    press, agency = files["press"], files["agency"]
    if order == "moved, then swapped":
        press = swap_some(moved(press, days))
    elif order == "swapped, then moved":
        press = moved(swap_some(press), days)
    else:
        press, agency = swap_some(press), moved(agency, days)
    linked = link_tables({"agency": agency, "press": press})
    found = pairwise(as_pairs(linked.links), true_pairs(truth))
    assert found["precision"] > 0.98
    assert found["recall"] >= 0.95
    assert len(linked.notes) == 2
    assert " stand " in linked.notes[0]
    assert "Day and month are swapped in" in linked.notes[1]


@pytest.mark.slow
def test_an_example_of_swapped_days_is_told_as_the_file_writes_it(told: Told) -> None:
    files, truth = told
    before = moved(files["press"], 14)
    press = before.with_columns(date=pl.Series([swapped(text) for text in before["date"]]))
    [_, note] = scored({**files, "press": press}, truth)[1]
    one, _, _, meant = note.split("(id ")[1].split(", since")[0].rstrip(")").split(" ")
    row = press.filter(pl.col("id") == one.rstrip(":")).row(0, named=True)
    assert f"{row['date']} becomes {swapped(row['date'])}" in note
    assert meant == swapped(row["date"])


@pytest.mark.slow
@pytest.mark.parametrize(("width", "words"), [(0.1, "tenths"), (0.5, "half"), (0.01, "hundred")])
def test_rounded_points_are_said(told: Told, width: float, words: str) -> None:
    files, truth = told
    rounded = files["agency"].with_columns(
        ((pl.col(name).cast(float) / width).round() * width).round(6).cast(pl.String)
        for name in ("latitude", "longitude")
    )
    f1, notes = scored({**files, "agency": rounded}, truth)
    assert f1 > (0.97 if width < 0.5 else 0.85)
    assert len(notes) == 1
    assert notes[0].startswith("agency gives points in")
    assert words in notes[0]


def test_whole_regions_stand_for_many_reports() -> None:
    rng = np.random.default_rng(1)
    rows = pl.DataFrame(
        {"row": np.arange(5000), "lat": rng.uniform(0, 10, 5000), "lon": rng.uniform(0, 10, 5000)}
    )
    some = some_regions(rows, most=1000)
    assert 1000 <= some.height < 1300
    cells = (pl.col("lat").floor() * 100 + pl.col("lon").floor()).alias("cell")
    inside, whole = (frame.select(cells).to_series().value_counts() for frame in (some, rows))
    both = inside.join(whole, on="cell")
    assert (both["count"] == both["count_right"]).all()
    assert some_regions(rows, most=5000).height == 5000


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "wrong"), [(7, 4), (6, 5), (0, 6)])
def test_four_to_six_swapped_rows_of_sixty_are_found(seed: int, wrong: int) -> None:
    """So few were missed as long as a row could be dealt its own day, and make up its chance."""
    rnd = random.Random(seed)
    rows: dict[str, list[dict[str, str]]] = {"agency": [], "press": []}
    truth = []
    for event in range(60):
        day = date(2019, 1, 1) + timedelta(rnd.randrange(365))
        north, east = rnd.uniform(12, 15), rnd.uniform(-2, 3)
        for source, own in rows.items():
            late = rnd.choice([0] * 9 + [1])
            row = {"id": f"{source[0]}{event}", "date": str(day + timedelta(late))}
            for axis, at in (("latitude", north), ("longitude", east)):
                row[axis] = f"{at + rnd.gauss(0, 0.006):.5f}"
            own.append(row)
            truth.append((str(event), source, row["id"]))
    told = 0
    for row in rows["press"]:
        _, month, day_of_month = row["date"].split("-")
        if int(day_of_month) <= 12 and month != day_of_month and rnd.random() < 0.15:
            row["date"], told = swapped(row["date"]), told + 1
    assert told == wrong
    files = {source: pl.DataFrame(own) for source, own in rows.items()}
    f1, notes = scored(files, pl.DataFrame(truth, schema=["event", "source", "id"], orient="row"))
    assert f1 == 1.0
    assert f"Day and month are swapped in {wrong} rows" in notes[0]
