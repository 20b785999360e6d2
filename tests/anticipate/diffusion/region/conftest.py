"""A small made region: a class goes along a chain of alliances, and others never take it up."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from tocsin.schema import TABLES, conform, empty

DRAWS, USERS, OTHERS = 12, 12, 8
BEGIN, END = date(2010, 1, 1), date(2020, 1, 1)
CLASS = "uncrewed-aircraft"


def frame(table: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    blank = empty(TABLES[table])
    return conform(TABLES[table], pl.DataFrame(rows, schema=blank.schema)) if rows else blank


def name(n: int) -> str:
    return f"Group {n:02d}"


def make_region(*, with_ties: bool = True) -> dict[str, pl.DataFrame]:
    """Tables as `assess` leaves them."""
    spells, incidents, draws, ties, ledger, quarters = [], [], [], [], [], []
    for n in range(USERS + OTHERS):
        gone = date(2014, 1, 1) if n == USERS + OTHERS - 1 else END
        where = {"territory": "Syria", "gwno": 652} if n % 2 else {"territory": "Iraq", "gwno": 645}
        who = {"actor_id": str(n), "actor": name(n)}
        spells.append(
            who | where | {
                "first_day": BEGIN, "last_day": gone, "known_until": END,
                "still_active": gone == END, "n_incidents": 4, "probability": 1.0,
                "government": False, "source": "s",
            }
        )  # fmt: skip
        incidents += [
            where | {
                "incident_id": f"{n}-{i}", "date_start": BEGIN + timedelta(days=400 * i),
                "date_end": BEGIN + timedelta(days=400 * i), "date_prec": 1, "place_prec": 1,
                "event_type": "state-based", "actor_a_id": str(n),
                "actor_a": name(n), "deaths_low": 1, "deaths_best": 1 + n, "deaths_high": 1 + n,
                "latitude": 34.0 + i / 10, "longitude": 38.0, "n_reports": 1, "source": "s",
            }
            for i in range(4)
        ]  # fmt: skip
        first = BEGIN + timedelta(days=400 + 230 * n)
        if n < USERS:
            ledger.append(
                who | where | {
                    "technology": CLASS, "first_seen": first, "first_incident": "i",
                    "first_low": first, "first_median": first, "first_high": first,
                    "last_seen": first + timedelta(days=200), "n_incidents": 3, "n_named": 3,
                    "expected": 3.0, "low": 2.0, "high": 4.0, "confidence": 0.9, "source": "s",
                }
            )  # fmt: skip
            quarters += [
                who | where | {
                    "technology": CLASS, "quarter": date(first.year + later, 1, 1),
                    "expected": 3.0, "low": 2.0, "high": 4.0, "source": "s",
                }
                for later in (0, 1) if n < USERS - 4
            ]  # fmt: skip
            draws += [
                who | where | {
                    "draw": draw, "technology": CLASS, "singled": True, "source": "s",
                    "onset": None if draw == 0 and n else first + timedelta(days=draw),
                }
                for draw in range(DRAWS)
            ]  # fmt: skip
        if n and with_ties:
            ties.append(
                who | {
                    "related_id": str(n - 1), "related": name(n - 1), "channel": "ties",
                    "dates": "unknown", "source_ends": False, "weight": 1.0,
                    "because": "made: alliance", "source": "s",
                }
            )  # fmt: skip
    return {
        "actor_spells": frame("actor_spells", spells),
        "incidents": frame("incidents", incidents),
        "adoption": frame("adoption", ledger),
        "adoption_draws": frame("adoption_draws", draws),
        "adoption_quarters": frame("adoption_quarters", quarters),
        "ties": frame("ties", ties),
    }


@pytest.fixture(scope="package")
def region() -> dict[str, pl.DataFrame]:
    return make_region()
