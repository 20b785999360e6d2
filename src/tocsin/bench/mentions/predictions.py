"""Predictions: what the house's own reading says of the labelled mentions, to be scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from tocsin.assess.technology.mentions.judgement import of_this_event
from tocsin.assess.technology.mentions.reading import HELD, Setting, Statement, read
from tocsin.assess.technology.mentions.states import shipped_states, states_without
from tocsin.assess.technology.mentions.users import Facts, Weights, probabilities
from tocsin.bench.mentions.texts import NUMBERS

NOTHING = {"is_class": 0.05, "use": 0.03, "said": "figure", "by": "nobody", "against": "nobody"}
"""What is told of a mention in which the reading finds nothing of its class."""


def region_number(region: str) -> int:
    """Return the Gleditsch-Ward number of a region of the labels."""
    return NUMBERS[region]


def facts_of(row: Mapping[str, Any], gwno: int, said: str = "attack") -> Facts:
    """Take the facts of a labelled event from the columns of `texts.FACTS`.

    Args:
        row: the row by column.
        gwno: the Gleditsch-Ward number of the state where the event was.
        said: what is said of the class: who died counts where it was used in attack only.

    Returns:
        The facts, by which users of a class are told.
    """
    return Facts(
        Setting(gwno, row["side_a"], row["side_b"]),
        one_sided=str(row["type_of_violence"]).startswith("3"),
        deaths_a=_count(row["deaths_a"]) if said == "attack" else None,
        deaths_b=_count(row["deaths_b"]) if said == "attack" else None,
        taken=said in HELD,
        lacking=_lacking(row, said),
        foreign=row.get("foreign", True),
    )


def _lacking(row: Mapping[str, Any], said: str) -> frozenset[int]:
    year = str(row.get("date_start") or "")[:4]
    if said != "attack" or not year.isdigit():
        return frozenset()
    return states_without(shipped_states(), row["technology"], int(year))


def predict(rows: pl.DataFrame, weights: Weights | None = None) -> pl.DataFrame:
    """Read labelled mentions with the house's rules.

    Args:
        rows: labels with their texts and facts, of `labels.with_texts`.
        weights: by which users are told; default: those that ship.

    Returns:
        A file of predictions as `scores.read_predictions` gives it: `row_id, is_class, use,
        this_event, said, by, against, a, b, third`.
    """
    return pl.DataFrame([_prediction(row, weights) for row in rows.iter_rows(named=True)])


def _prediction(row: Mapping[str, Any], weights: Weights | None) -> dict[str, Any]:
    facts = facts_of(row, region_number(row["region"]))
    statements = read(row["text"], facts.setting)
    one = next(
        (s for s in statements if (s.technology, s.part) == (row["technology"], row["part"])), None
    )
    by, against = (one.by, one.against) if one else (None, None)
    if one is not None:
        facts = facts_of(row, region_number(row["region"]), one.said)
    a, b, third = probabilities(row["technology"], by, against, facts, weights)
    told = NOTHING if one is None else _words(one)
    places = (row["adm_1"], row["where_coordinates"])
    event = 0.5 if one is None else of_this_event(row["text"], one, places)
    return {
        "row_id": row["row_id"], **told, "this_event": event, "a": a, "b": b, "third": third,
    }  # fmt: skip


def _words(one: Statement) -> dict[str, Any]:
    return {
        "is_class": one.is_class,
        "use": one.use,
        "said": one.said,
        "by": one.by.kind if one.by else "nobody",
        "against": one.against.kind if one.against else "nobody",
    }


def _count(text: str) -> int | None:
    return int(float(text)) if text else None
