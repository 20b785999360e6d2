"""A made log in which some rows tell an event again, with the right answer."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from tocsin.schema import TABLES, conform, empty

TOWNS = (
    "Gao",
    "Mopti",
    "Kidal",
    "Kayes",
    "Ségou",
    "Timbuktu",
    "Ménaka",
    "Douentza",
    "Djenné",
    "Bandiagara",
)
PAPERS = ("Le Courrier", "Radio Nord", "Agence A", "Daily B")


def made_log(
    seed: int, *, events: int = 300, share: float = 0.33, crowd: float = 0.15, per_town: float = 0.8
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Draw a log of events, of which a share stands there a second time by another publisher.

    Args:
        seed: of the drawing.
        events: how many there are.
        share: of them that are told again; 0.33 of the events are a quarter of the rows.
        crowd: share of the events that fall on the day and town of the event before, by chance.
        per_town: how even the towns are; the lower, the more lies in the first.

    Returns:
        The rows as the table `reports`, and each report's event.
    """
    draw = random.Random(seed)
    weight = [1 / (at + 1) ** per_town for at in range(len(TOWNS))]
    rows, truth = list[dict[str, object]](), dict[str, int]()
    day, town = date(2023, 1, 1), TOWNS[0]

    def add(event: int, told: dict[str, object]) -> None:
        name = f"Log:{len(rows)}"
        truth[name] = event
        rows.append(
            told | {"report_id": name, "native_id": str(len(rows)), "source_row": len(rows) + 2}
        )

    for event in range(events):
        if event == 0 or draw.random() > crowd:
            day = date(2023, 1, 1) + timedelta(draw.randrange(700))
            town = draw.choices(TOWNS, weight)[0]
        paper = draw.choice(PAPERS)
        dead = draw.choice((0, 0, 0, 1, 1, 2, 3, 5, 8))
        told = {
            "date_start": day, "date_end": day, "date_prec": 1, "place": town, "place_prec": 2,
            "actor_a": draw.choice(("Front A", "Front A", "Brigade B")), "actor_b": "Army",
            "event_type": "state-based",
            "deaths_low": dead, "deaths_best": dead, "deaths_high": dead,
            "publisher": paper,
        }  # fmt: skip
        add(event, told)
        if draw.random() < share:
            late = day + timedelta(draw.choices((0, 1, 2), (75, 20, 5))[0])
            count = draw.choices((dead, dead + 1, None), (75, 15, 10))[0]
            again = told | {
                "date_start": late,
                "date_end": late,
                "publisher": draw.choice([one for one in PAPERS if one != paper]),
            }
            again |= dict.fromkeys(("deaths_low", "deaths_best", "deaths_high"), count)
            if draw.random() < 0.1:
                again["actor_a"] = None
            if draw.random() < 0.05:
                again["place"] = f"{town} ville"
            add(event, again)
    shared = {"territory": "Mali", "gwno": 432, "source": "Log", "source_file": "log.csv"}
    schema = empty(TABLES["reports"]).schema
    full = [{name: row.get(name, shared.get(name)) for name in schema} for row in rows]
    return conform(TABLES["reports"], pl.DataFrame(full, schema=schema)), truth


def pairs(groups: Mapping[str, object]) -> set[tuple[str, str]]:
    """List the pairs of reports that stand in one group."""
    by: dict[object, list[str]] = {}
    for name, group in groups.items():
        by.setdefault(group, []).append(name)
    return {(a, b) for names in by.values() for a in names for b in names if a < b}
