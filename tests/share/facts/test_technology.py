"""No state's forces among the groups, no name with no chance."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Settings
from tocsin.share.facts.technology import (
    adoption,
    conflicts,
    mentioned_technologies,
    unattributed_incidents,
)


def entry(actor_id: str, actor: str) -> dict[str, object]:
    day = date(2020, 1, 1)
    return {
        "actor_id": actor_id, "actor": actor, "technology": "uncrewed-aircraft",
        "territory": "Syria", "gwno": 652, "first_seen": day, "first_incident": "i-1",
        "first_low": day, "first_median": day, "first_high": day, "last_seen": day,
        "n_incidents": 3, "n_named": 1, "expected": 2.0, "low": 0.0, "high": 3.0,
        "confidence": 0.9, "source": "test",
    }  # fmt: skip


def reason(actor_id: str, direction: str = "for") -> dict[str, object]:
    return {
        "actor_id": actor_id, "actor": "Hill Group", "technology": "uncrewed-aircraft",
        "direction": direction, "rank": 1, "bits": 3.2, "told_by": "report",
        "date": date(2020, 1, 1), "incident_id": "i-1", "report_id": "r-1", "says": "attack",
        "by": "nobody", "evidence": "drones", "source": "test",
    }  # fmt: skip


def test_states_forces_are_no_groups_by_whatever_name() -> None:
    rows = [
        entry("118", "Government of Syria"),
        entry("x1", "Military Forces of Syria (2000-)"),
        entry("77", "A state of the actor list"),
        entry("5", "Hill Group"),
    ]
    actors = pl.DataFrame({"actor_id": ["77", "5"], "kind": ["state", "non-state formal"]})
    ledger = pl.DataFrame(rows, schema=empty(TABLES["adoption"]).schema)
    reasons = pl.DataFrame([reason("5")], schema=empty(TABLES["adoption_reasons"]).schema)
    tables = {"adoption": ledger, "actors": actors, "adoption_reasons": reasons}
    [found] = adoption(tables, Settings())
    assert found["actor"] == "Hill Group"
    assert found["since"] == "2020-01-01"  # and not when it was first mentioned there
    [one] = found["reasons"]
    assert one["direction"] == "for"
    assert "attack, nobody is named" in one["words"]


ONE = "rests on one report"
READ_SO = f"{ONE}, which can be read as its use and does not name it"


@pytest.mark.parametrize(
    ("own", "here", "there", "rests"),
    [
        (0, 0, 0, ""), (1, 1, 0, ONE), (1, 0, 0, READ_SO), (1, 0, 1, ONE), (2, 0, 0, ""),
        (None, 0, 0, ""),
    ],
)  # fmt: skip
def test_what_rests_on_one_report_says_so(
    own: int | None, here: int, there: int, rests: str
) -> None:
    row = entry("5", "Hill Group") | {"n_own": own}
    rows = [row | {"n_named": here}, row | {"n_named": there, "gwno": 640, "territory": "Turkey"}]
    tables = {
        "adoption": pl.DataFrame(rows, schema=empty(TABLES["adoption"]).schema),
        "actors": empty(TABLES["actors"]),
        "adoption_reasons": pl.DataFrame(
            [reason("5")], schema=empty(TABLES["adoption_reasons"]).schema
        ),
    }
    # The report that names it may be of a territory that is not shown.
    settings = Settings.model_validate({"region": {"name": "R", "territories": {"R": [652]}}})
    [found] = adoption(tables, settings)
    assert found["rests"] == rests
    quiet = tables | {"adoption": tables["adoption"].with_columns(confidence=0.4, n_named=1)}
    assert adoption(quiet, settings)[0]["rests"] == ""


def test_a_list_that_was_given_stands_beside_the_ledger() -> None:
    day = date(2016, 1, 1)
    row = {
        "actor_id": "5", "actor": "Hill Group", "technology": "cyber", "told_from": day,
        "told_to": None, "told_confidence": 0.9, "inferred_confidence": 0.2, "conflict": "Not so.",
        "source": "desk",
    }  # fmt: skip
    schema = empty(TABLES["ledger_conflicts"]).schema
    [found] = conflicts({"ledger_conflicts": pl.DataFrame([row], schema=schema)})
    assert (found["told"], found["inferred"]) == ("from 2016-01-01 on", "not believed")
    assert (found["label"], found["conflict"]) == ("Cyber", "Not so.")
    assert conflicts({}) == []


def test_neither_a_name_at_nought_nor_a_people_is_printed() -> None:
    incident = {name: [None] for name in empty(TABLES["incidents"]).columns}
    incident |= {
        "incident_id": ["i-1"], "gwno": [652], "date_start": [date(2020, 1, 1)],
        "territory": ["Syria"], "event_type": ["one-sided"], "deaths_best": [3],
    }  # fmt: skip
    answers = [
        ("actor", "Hill Group", 0.4),
        ("actor", "Armed herders", 0.2),
        ("actor", "River Group", 0.004),
        ("unknown", None, 0.396),
    ]
    rows = [
        {"incident_id": "i-1", "side": "a", "why": "missing", "answer": answer, "actor_id": name,
         "actor": name, "probability": p, "evidence_only": p, "claims_factor": 1.0,
         "reasons": "{}", "source": "test"}
        for answer, name, p in answers
    ]  # fmt: skip
    tables = {
        "incidents": pl.DataFrame(incident, schema=empty(TABLES["incidents"]).schema, strict=False),
        "attributions": pl.DataFrame(rows, schema=empty(TABLES["attributions"]).schema),
        "actors": empty(TABLES["actors"]),
    }
    [shown] = unattributed_incidents(tables, Settings())["shown"]
    assert shown["candidates"] == [
        "possibly Hill Group (0.40)",
        "possibly a people or a crowd (0.20)",
    ]


def test_a_joint_side_is_said_to_be_one() -> None:
    tables = {name: empty(model) for name, model in TABLES.items()}
    row = entry("5", "Hill Group, River Group") | {"coalition": "Hill Group, River Group"}
    tables["adoption"] = pl.DataFrame([row], schema=empty(TABLES["adoption"]).schema)
    tables["adoption_reasons"] = pl.DataFrame(
        [reason("5")], schema=tables["adoption_reasons"].schema
    )
    [found] = adoption(tables, Settings())
    assert found["named"] == "Hill Group, River Group, a joint side"


def test_a_people_is_not_listed_and_a_collective_is_said_to_be_one() -> None:
    tables = {name: empty(model) for name, model in TABLES.items()}
    rows = [
        entry("5", "Upper Clan") | {"kind": "community"},
        entry("6", "Northern insurgents") | {"kind": "collective"},
    ]
    tables["adoption"] = pl.DataFrame(rows, schema=empty(TABLES["adoption"]).schema)
    tables["adoption_reasons"] = pl.DataFrame(
        [reason("5"), reason("6")], schema=tables["adoption_reasons"].schema
    )
    [found] = adoption(tables, Settings())
    assert found["named"] == "Northern insurgents, not told apart"


def test_an_entry_of_the_prior_alone_is_not_listed() -> None:
    tables = {name: empty(model) for name, model in TABLES.items()}
    said = {
        "nobody's word": (0, 0.33), "named": (1, 0.33), "likely": (0, 0.6), "no mention": (0, 0.6),
        "named and not believed": (1, 0.02),
    }  # fmt: skip
    rows = [
        entry(name, name) | {"n_named": named, "confidence": confidence}
        for name, (named, confidence) in said.items()
    ]
    tables["adoption"] = pl.DataFrame(rows, schema=empty(TABLES["adoption"]).schema)
    why = [reason(name) for name in said if name != "no mention"] + [
        reason("no mention", "against")
    ]
    tables["adoption_reasons"] = pl.DataFrame(why, schema=tables["adoption_reasons"].schema)
    assert {row["actor"] for row in adoption(tables, Settings())} == {"named", "likely"}


def test_a_class_is_told_though_nobody_is_named_with_it() -> None:
    """Bombs of unknown hands stood in a log, and the brief said that no report names a class."""
    tags = pl.DataFrame(
        [("i-1", "improvised-explosives", 0.7), ("i-1", "improvised-explosives", 0.6),
         ("i-2", "improvised-explosives", 0.7), ("i-2", "cyber", 0.2),
         ("i-3", "uncrewed-aircraft", 0.9)],
        schema=["incident_id", "technology", "probability"], orient="row",
    )  # fmt: skip
    incidents = pl.DataFrame({"incident_id": ["i-1", "i-2", "i-3"], "gwno": [652, 652, 700]})
    told = mentioned_technologies({"technology_tags": tags, "incidents": incidents}, Settings())
    assert told == [{"label": "Improvised explosives", "incidents": 2}]
