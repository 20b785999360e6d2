"""Scores of anybody's reading of the mentions against the labels.

A file of predictions has `row_id` and any of these columns:

- `is_class`, `use`, `this_event`: probability that it is so;
- `said`, `by`, `against`: the value that is thought most likely;
- `a`, `b`, `third`: probability that the user is the event's side a, its side b, or neither.

A row that is not predicted counts as the answer that costs most: a probability of `FLOOR` for
what is true. Rows that share a text are one case for the intervals, since their headlines repeat.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from tocsin.bench.mentions.agreement import kappa
from tocsin.errors import TableInvalid

FLOOR = 1e-3
"""Probabilities are cut at this and at 1 - this, so that one certain error is not infinite."""

PROBABILITIES = ("is_class", "use", "this_event", "a", "b", "third")
VALUES = ("said", "by", "against")
USER_OF = {
    "a": ("a",),
    "b": ("b",),
    "third": ("third",),
    "not-a": ("b", "third"),
    "not-b": ("a", "third"),
}
"""Label to the users that agree with it: 'not b' is right for side a and for a third."""

Statistic = Callable[[pl.DataFrame], dict[str, float]]


def read_predictions(path: Path) -> pl.DataFrame:
    """Read and check a file of predictions.

    Args:
        path: a CSV file.

    Returns:
        Its columns, probabilities as numbers, all else as texts.

    Raises:
        TableInvalid: no `row_id`, a row that stands twice, or a probability outside 0 to 1.
    """
    table = pl.read_csv(path, infer_schema_length=0)
    if "row_id" not in table.columns:
        raise TableInvalid("The column 'row_id' is missing.", where=str(path))
    twice = table.filter(pl.col("row_id").is_duplicated())
    if twice.height:
        raise TableInvalid(f"The row '{twice['row_id'][0]}' stands twice.", where=str(path))
    for column in [name for name in PROBABILITIES if name in table.columns]:
        number = table[column].cast(pl.Float64, strict=False)
        bad = table.filter(table[column].is_not_null() & ~number.is_between(0, 1).fill_null(False))
        if bad.height:
            raise TableInvalid(
                f"'{bad[column][0]}' in '{column}' is no probability.",
                where=f"{path}, row {bad['row_id'][0]}",
                remedy="Write a number from 0 to 1, or leave the field empty.",
            )
        table = table.with_columns(number.alias(column))
    return table


def score(
    labels: pl.DataFrame,
    predictions: pl.DataFrame,
    *,
    certainty: int = 1,
    draws: int = 500,
    seed: int = 0,
) -> pl.DataFrame:
    """Score predictions on all rows, and on each class, region, and class in a region.

    Args:
        labels: of `labels.read_labels`.
        predictions: of `read_predictions`.
        certainty: leave out rows of which the reader was less certain than this, 1 to 3.
        draws: of the bootstrap over texts.
        seed: of the bootstrap.

    Returns:
        `technology, region` ('all' where not told apart), `measure, value, low, high, rows`.
        Precision, recall and F1 are at 0.5 and weighted by the sample; `no_use_f1` is that of
        finding the rows that are no use. Accuracies, kappas and log scores (mean of the log of
        what was given to the truth; 0 is best) are of the rows as they were read.
    """
    kept = labels.filter(pl.col("certainty").cast(pl.Int64) >= certainty)
    joined = kept.join(predictions, on="row_id", how="left", suffix="_told")
    groups = [("all", "all", joined)]
    groups += [(str(name), "all", rows) for (name,), rows in joined.group_by("technology")]
    groups += [("all", str(name), rows) for (name,), rows in joined.group_by("region")]
    groups += [
        (str(name), str(region), rows)
        for (name, region), rows in joined.group_by("technology", "region")
    ]
    found = []
    for technology, region, rows in sorted(groups, key=lambda group: group[:2]):
        for measure, value, low, high, n in _measures(rows, predictions.columns, draws, seed):
            found.append((technology, region, measure, value, low, high, n))
    names = ["technology", "region", "measure", "value", "low", "high", "rows"]
    return pl.DataFrame(found, schema=names, orient="row")


def _measures(
    rows: pl.DataFrame, told: list[str], draws: int, seed: int
) -> list[tuple[str, float, float, float, int]]:
    parts: list[tuple[pl.DataFrame, Statistic]] = [
        (_binary(rows, field), _detection(field)) for field in ("is_class", "use") if field in told
    ]
    if "this_event" in told:
        parts.append((_binary(rows.filter(pl.col("this_event") != "u"), "this_event"), _log_score))
    for field in VALUES:
        if field in told:
            chosen = rows.filter(pl.col("is_class") == "1")
            right, said = pl.col(field), pl.col(f"{field}_told").fill_null("")
            parts.append((chosen.select("sha256", right, said), _values(field)))
    if {"a", "b", "third"} <= set(told):
        parts.append((_users(rows), _user_score))
    found = []
    for table, statistic in parts:
        if table.height:
            for measure, (value, low, high) in _interval(table, statistic, draws, seed).items():
                found.append((measure, value, low, high, table.height))
    return found


def _binary(rows: pl.DataFrame, field: str) -> pl.DataFrame:
    """Truth and probability of a yes-or-no field; what is not told costs most."""
    truth = pl.col(field) if field == "use" else pl.col(field) == "1"
    missing = pl.when(truth).then(FLOOR).otherwise(1 - FLOOR)
    return rows.select(
        "sha256",
        "weight",
        truth.alias("truth"),
        pl.coalesce(pl.col(f"{field}_told"), missing).clip(FLOOR, 1 - FLOOR).alias("p"),
    )


def _detection(field: str) -> Statistic:
    def measure(rows: pl.DataFrame) -> dict[str, float]:
        truth, p, w = rows["truth"].to_numpy(), rows["p"].to_numpy(), rows["weight"].to_numpy()
        found = {f"{field}_{name}": value for name, value in f1(truth, p >= 0.5, w).items()}
        found[f"{field}_log_score"] = float(np.log(np.where(truth, p, 1 - p)).mean())
        if field == "use":
            found["no_use_f1"] = f1(~truth, p < 0.5, w)["f1"]
        return found

    return measure


def f1(truth: np.ndarray, found: np.ndarray, weight: np.ndarray) -> dict[str, float]:
    """Compute weighted precision, recall and F1; a share of nothing is not a number.

    Args:
        truth: shape (n,), whether each row is so.
        found: shape (n,), whether it was found to be so.
        weight: shape (n,), how much it counts.

    Returns:
        `precision`, `recall` and `f1`, from 0 to 1 or NaN.

    >>> f1(np.array([True, True, False]), np.array([True, False, True]), np.ones(3))
    {'precision': 0.5, 'recall': 0.5, 'f1': 0.5}
    """
    hits = float(weight[truth & found].sum())
    named, true = float(weight[found].sum()), float(weight[truth].sum())
    return {
        "precision": hits / named if named else float("nan"),
        "recall": hits / true if true else float("nan"),
        "f1": 2 * hits / (named + true) if named + true else float("nan"),
    }


def _log_score(rows: pl.DataFrame) -> dict[str, float]:
    truth, p = rows["truth"].to_numpy(), rows["p"].to_numpy()
    return {
        "this_event_accuracy": float(((p >= 0.5) == truth).mean()),
        "this_event_log_score": float(np.log(np.where(truth, p, 1 - p)).mean()),
    }


def _values(field: str) -> Statistic:
    def measure(rows: pl.DataFrame) -> dict[str, float]:
        truth, told = rows[field].to_list(), rows[f"{field}_told"].to_list()
        right = sum(a == b for a, b in zip(truth, told, strict=True))
        return {f"{field}_accuracy": right / len(truth), f"{field}_kappa": kappa(truth, told)}

    return measure


def _users(rows: pl.DataFrame) -> pl.DataFrame:
    """Uses whose user is known, with the probability given to it and whether it came first."""
    chosen = rows.filter(pl.col("use") & pl.col("user").is_in(list(USER_OF)))
    sides = ("a", "b", "third")
    p = chosen.select(pl.col(sides).cast(pl.Float64).fill_null(0.0)).to_numpy()
    total = p.sum(axis=1, keepdims=True)
    p = np.divide(p, total, out=np.zeros_like(p), where=total > 0)
    allowed = np.array(
        [[side in USER_OF[user] for side in sides] for user in chosen["user"]], dtype=bool
    ).reshape(-1, 3)
    given = (p * allowed).sum(axis=1).clip(FLOOR, 1.0)
    first = allowed[np.arange(len(p)), p.argmax(axis=1)] & (total[:, 0] > 0)
    return chosen.select("sha256").with_columns(
        pl.Series("given", given, pl.Float64), pl.Series("first", first, pl.Boolean)
    )


def _user_score(rows: pl.DataFrame) -> dict[str, float]:
    return {
        "user_accuracy": float(rows["first"].cast(pl.Float64).to_numpy().mean()),
        "user_log_score": float(np.log(rows["given"].to_numpy()).mean()),
    }


def _interval(
    rows: pl.DataFrame, statistic: Statistic, draws: int, seed: int
) -> dict[str, tuple[float, float, float]]:
    """Each measure with the 95 % interval of a bootstrap over texts."""
    rng = np.random.default_rng(seed)
    groups = rows.with_row_index("place").group_by("sha256", maintain_order=True).agg("place")
    places = [np.array(each) for each in groups["place"].to_list()]
    scattered: dict[str, list[float]] = {}
    for _ in range(draws):
        pick = np.concatenate([places[i] for i in rng.integers(0, len(places), len(places))])
        for name, value in statistic(rows[pick]).items():
            scattered.setdefault(name, []).append(value)
    found = {}
    for name, value in statistic(rows).items():
        defined = [each for each in scattered.get(name, []) if not np.isnan(each)]
        low, high = np.quantile(defined, [0.025, 0.975]) if defined else (np.nan, np.nan)
        found[name] = (value, float(low), float(high))
    return found
