"""Does what UCDP tells beside texts say which organisations have a technology class?

Whether reports tell of an organisation's own use of a class is predicted by how much it fights,
and by more: weapons or training from outside in any year until 2017, who died in its fights, its
violence against civilians. Each territory is left out of the fit in turn. Ties to organisations
that have the class are left out on purpose: diffusion asks whether they matter, so the ledger may
not assume it.

Example: python benchmarks/possession_evidence.py path/to/ucdp/files
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import polars as pl

from tocsin.assess.actors import statements as said_of
from tocsin.assess.incidents import incidents
from tocsin.assess.technology.adoption import ledger
from tocsin.assess.technology.mentions import statements
from tocsin.bench.mentions.organisations import read_organisations
from tocsin.bench.mentions.texts import REGIONS
from tocsin.errors import require
from tocsin.observe import observe
from tocsin.schema import TABLES, empty
from tocsin.schema.tables.observed.actor import is_organisation

LABELS = Path(__file__).parent / "labels/technology_mentions"
LISTS = ("ucdp_actor_22.1.csv.gz", "ucdp_external_support_actor_year_18.1.csv.gz")
CLASSES = ("uncrewed-aircraft", "improvised-explosives", "guided-or-indirect-fire")
EVIDENCE = ("armed", "their_dead", "one_sided")
RIDGE = 0.5
KEY = ["actor_id", "technology"]


def main() -> None:
    """Print the log score of each set of evidence, and where known adopters in silence rank."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("source", type=Path, help="folder with the UCDP files")
    source = parser.parse_args().source
    rows = cases_of(source)
    print(f"{rows.height} organisations and classes, {rows['own'].sum()} with an own use told")
    for names in ((), *((one,) for one in EVIDENCE), EVIDENCE):
        told = left_out(rows, names)
        y = rows["own"].to_numpy()
        each = np.log(np.where(y, told, 1 - told))
        base = np.log(np.where(y, (p := left_out(rows, ())), 1 - p))
        gain, error = (each - base).mean(), (each - base).std() / np.sqrt(len(y))
        print(f"size{''.join(' + ' + one for one in names):36} log score {each.mean():.4f}, "
              f"gain {gain:+.4f} (standard error {error:.4f}), known adopters without a mention "
              f"rank at {rank(rows, told):.3f} of the silent")  # fmt: skip


def cases_of(source: Path) -> pl.DataFrame:
    """List organisations and classes with their evidence, and whether an own use is told."""
    seen = observe([source / one for one in (*REGIONS.values(), *LISTS)])
    events, links = incidents(seen["reports"])
    names, _ = said_of(
        *(seen[name] for name in ("actors", "actor_relations", "reports")),
        empty(TABLES["actor_decisions"]),
    )
    told = statements(seen["reports"], links, names=names)
    adopted = ledger(events, told, seen["actors"])["adoption"]
    of_side = {
        side: seen["reports"].select(
            "gwno", "event_type",
            actor_id=f"actor_{side}_id", actor=f"actor_{side}",
            theirs=pl.col(f"deaths_{other}").fill_null(0),
            own_dead=pl.col(f"deaths_{side}").fill_null(0),
        )
        for side, other in (("a", "b"), ("b", "a"))
    }  # fmt: skip
    sides = pl.concat(of_side.values()).drop_nulls("actor_id")
    organisations = sides.filter(
        is_organisation(seen["actors"], events),
        ~pl.col("actor").str.starts_with("Government of"),
        pl.col("actor") != "Civilians",
    )
    armed = seen["supports"].filter(pl.col("kinds").str.contains("weapons|training"))["actor_id"]
    each = organisations.group_by("actor_id").agg(
        pl.col("actor").first(),
        pl.col("gwno").mode().sort().first(),
        size=pl.len().log10(),
        their_dead=(pl.col("theirs").sum() + 1)
        / (pl.col("theirs").sum() + pl.col("own_dead").sum() + 2),
        one_sided=(pl.col("event_type") == "one-sided").mean(),
    )
    each = each.with_columns(armed=pl.col("actor_id").is_in(armed.implode()).cast(pl.Float64))
    whole = each.join(pl.DataFrame({"technology": CLASSES}), how="cross")
    mentioned = adopted.group_by(KEY).agg(pl.col("n_own").max())
    return (
        whole.join(mentioned, on=KEY, how="left")
        .with_columns(own=pl.col("n_own").fill_null(0) > 0, silent=pl.col("n_own").is_null())
        .sort("gwno", *KEY)
    )


def left_out(rows: pl.DataFrame, names: tuple[str, ...]) -> np.ndarray:
    """Predict an own use of each by a logistic regression on the other territories."""
    minimize = require("scipy.optimize", extra="assess").minimize
    columns = [(rows["technology"] == one).cast(pl.Float64) for one in CLASSES]
    columns += [rows[name] - rows[name].mean() for name in ("size", *names)]
    x, y = np.column_stack([one.to_numpy() for one in columns]), rows["own"].to_numpy()
    found = np.zeros(len(y))
    for gwno in rows["gwno"].unique():
        out = (rows["gwno"] == gwno).to_numpy()

        def loss(weight: np.ndarray, x: np.ndarray = x[~out], y: np.ndarray = y[~out]) -> float:
            log = x @ weight
            return float(np.logaddexp(0, np.where(y, -log, log)).sum() + RIDGE * weight @ weight)

        found[out] = 1 / (1 + np.exp(-(x[out] @ minimize(loss, np.zeros(x.shape[1])).x)))
    return found


def rank(rows: pl.DataFrame, told: np.ndarray) -> float:
    """Where known adopters without a mention stand among all without one: 1 first, 0.5 chance."""
    known = (
        read_organisations(LABELS)
        .filter("has")
        .select(actor="organisation", technology="technology")
    )
    silent = rows.with_columns(pl.Series("told", told)).filter("silent")
    mine = silent.join(known, on=["actor", "technology"], how="semi")
    rest = silent.join(known, on=["actor", "technology"], how="anti")
    places = []
    for row in mine.iter_rows(named=True):
        same = rest.filter(technology=row["technology"])["told"].to_numpy()
        places.append(((same < row["told"]) + (same == row["told"]) / 2).mean())
    return float(np.mean(places)) if places else float("nan")


if __name__ == "__main__":
    main()
