"""Plant a log that only suspects: how much of the ties' weight stands where there is no tie.

    python benchmarks/suspected_ties.py [WORLDS]
    python benchmarks/suspected_ties.py time INCIDENTS

Forty groups fight in eight territories, each in two and against few. A log of 300 incidents
suspects the first side of each, rightly in 60 %, and else names a group of another place. 'time'
makes one log of so many incidents, and says what attribution, ties and the ledger cost.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from tocsin.assess.actors.suspects import find_suspects
from tocsin.assess.attribution import attribute
from tocsin.assess.technology.adoption import ledger
from tocsin.assess.technology.mentions import statements
from tocsin.assess.technology.tags import by_incident, tag
from tocsin.assess.ties import find_ties
from tocsin.schema import TABLES, conform, empty

GROUPS, PLACES, RIGHT = 40, (616, 615, 620, 625, 600, 652, 645, 660), 0.6
WORDS = ("Clash at dawn", "Patrol ambushed", "Roadside bomb hits a patrol", "Drone strikes a post")
Tables = dict[str, pl.DataFrame]


def plant(seed: int, number: int) -> tuple[Tables, pl.DataFrame]:
    """Make the tables of a log that suspects, and the incidents as they were."""
    rng = np.random.default_rng(seed)
    rows, truth = list[dict[str, Any]](), list[str]()
    for n in range(number):
        true = int(rng.integers(GROUPS))
        foe = (true + 1 + int(rng.integers(2))) % GROUPS
        said = true if rng.random() < RIGHT else int(rng.integers(GROUPS))
        said = (said + 3) % GROUPS if said == foe else said
        day = date(2015, 1, 1) + timedelta(days=int(rng.integers(2000)))
        gwno = PLACES[(true + int(rng.integers(2))) % len(PLACES)]
        truth.append(f"Group {true}")
        rows.append({
            "report_id": f"r-{n}", "native_id": str(n), "source_file": "made.csv",
            "source_row": n + 1, "date_start": day, "date_end": day, "date_prec": 1,
            "latitude": 10 + rng.random(), "longitude": 10 + rng.random(), "place_prec": 1,
            "territory": str(gwno), "gwno": gwno,
            "event_type": "one-sided" if n % 2 else "non-state",
            "actor_a": f"Group {said}", "actor_b": "Civilians" if n % 2 else f"Group {foe}",
            "headline": WORDS[n % 4], "source": "Made Up 1",
        })  # fmt: skip
    reports = frame("reports", rows)
    doubts = reports.select(
        "report_id", "source_file", "source_row", "source", pl.lit("actor_a").alias("column"),
        pl.lit("group").alias("heading"), pl.col("actor_a").alias("original"),
        pl.col("actor_a").alias("value"), pl.lit("party").alias("rule"),
        pl.lit("It is only suspected.").alias("reason"), pl.lit(None, pl.Int64).alias("line"),
    )  # fmt: skip
    kept = empty(TABLES["incidents"]).schema
    events = reports.with_columns(incident_id="report_id", n_reports=pl.lit(1)).select(
        pl.col(name) if name in (*reports.columns, "incident_id", "n_reports")
        else pl.lit(None, kind).alias(name)
        for name, kind in kept.items()
    )  # fmt: skip
    links = reports.select("report_id", incident_id="report_id")
    none = {
        name: empty(TABLES[name]) for name in ("actors", "actor_names", "actor_links", "claims")
    }
    doubts = conform(TABLES["corrections"], doubts)
    tables = none | {"reports": reports, "incidents": events, "incident_reports": links}
    return tables | {"corrections": doubts}, events.with_columns(actor_a=pl.Series(truth))


def frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Make a table of rows."""
    return conform(TABLES[table], pl.DataFrame(rows, schema=empty(TABLES[table]).schema))


def ties(tables: Tables, events: pl.DataFrame, doubtful: pl.DataFrame | None) -> pl.DataFrame:
    """Return the ties that incidents show."""
    of = (events, tables["actors"], tables["actor_names"], tables["actor_links"])
    none = {name: empty(TABLES[name]) for name in ("supports", "told_ties")}
    return find_ties(*of, **none, doubtful=doubtful)["ties"]


def wrong(found: pl.DataFrame, true: pl.DataFrame) -> dict[str, float]:
    """Return by channel the share of weight on pairs that are not tied in truth."""
    keys = ["actor_id", "related_id", "channel"]
    off = found.join(true, on=keys, how="anti")
    return {
        channel: off.filter(channel=channel)["weight"].sum()
        / found.filter(channel=channel)["weight"].sum()
        for channel in ("territory", "adversary")
    }


def weigh(tables: Tables) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the attributions and how sure each suspected side is."""
    suspects = find_suspects(tables)
    tags = by_incident(tag(tables["reports"], tables["incident_reports"], told(tables)))
    found = attribute(tables, tags, suspects=suspects)
    return found, suspects.weigh(found)


def told(tables: Tables) -> pl.DataFrame:
    """Return the statements of the reports."""
    return statements(tables["reports"], tables["incident_reports"])


def clock(number: int) -> None:
    """Print what one log costs, in seconds of a processor."""
    tables, _ = plant(1, number)
    start = time.process_time()
    said = told(tables)
    spoken = time.process_time()
    found, doubtful = weigh(tables)
    asked = time.process_time()
    joined = ties(tables, tables["incidents"], doubtful)
    tied = time.process_time()
    ledger(tables["incidents"], said, tables["actors"], attributions=found, doubtful=doubtful,
           ties=joined)  # fmt: skip
    done = time.process_time()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    print(f"{number} incidents: statements {spoken - start:.1f} s, statements again and "
          f"attribution {asked - spoken:.1f}, ties {tied - asked:.1f}, ledger {done - tied:.1f}; "
          f"{most:.2f} GiB")  # fmt: skip


def main() -> None:
    """Measure worlds, or one log's cost."""
    if sys.argv[1:2] == ["time"]:
        clock(int(sys.argv[2]))
        return
    before, after = [], []
    for seed in range(int(sys.argv[1]) if sys.argv[1:] else 10):
        tables, events = plant(seed, 300)
        true = ties(tables, events, None)
        before.append(wrong(ties(tables, tables["incidents"], None), true))
        after.append(wrong(ties(tables, tables["incidents"], weigh(tables)[1]), true))
    for channel in ("territory", "adversary"):
        means = (float(np.mean([one[channel] for one in each])) for each in (before, after))
        print(channel, "wrong share of weight: before {:.3f}, after {:.3f}".format(*means))


if __name__ == "__main__":
    main()
