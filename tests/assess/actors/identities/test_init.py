"""One organisation stands once in what is made of a log, and a person has the last word."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from tocsin.assess.actors.identities import held_names, match_names, unite
from tocsin.assess.actors.sides import armed_sides
from tocsin.assess.actors.statements import decision, statements, withdrawal
from tocsin.schema import TABLES, conform, empty

NONE = {name: empty(TABLES[name]) for name in ("actors", "actor_relations", "actor_decisions")}
NOW = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)
HOW: dict[str, Any] = {"source": "desk", "reason": "known here", "at": NOW}
PLACES = {840: "Philippines", 541: "Mozambique", 520: "Somalia", 490: "DR Congo", 471: "Cameroon"}


def made(*rows: tuple[str, int] | tuple[str, int, str]) -> pl.DataFrame:
    """One report a row: the name of a side, the territory, and an id where the source has one."""
    told = [
        {
            "report_id": f"r-{number}", "native_id": str(number), "source_file": "log.csv",
            "source_row": number + 2, "date_start": date(2020, 1, 1), "date_end": date(2020, 1, 1),
            "date_prec": 1, "latitude": 1.0, "longitude": 1.0, "place_prec": 1,
            "territory": PLACES[row[1]], "gwno": row[1], "event_type": "state-based",
            "actor_a": f"Government of {PLACES[row[1]]}", "actor_b": row[0],
            "actor_b_id": row[2] if len(row) > 2 else None,
            "deaths_low": 1, "deaths_best": 1, "deaths_high": 1, "source": "Made Up 1",
        }
        for number, row in enumerate(rows)
    ]  # fmt: skip
    model = TABLES["reports"]
    return conform(model, pl.DataFrame(told, schema=empty(model).schema))


def united(
    reports: pl.DataFrame, decisions: pl.DataFrame = NONE["actor_decisions"]
) -> tuple[list[str], pl.DataFrame]:
    sides = armed_sides(reports.rename({"report_id": "incident_id"}), NONE["actors"])
    _, links = statements(NONE["actors"], NONE["actor_relations"], reports, decisions)
    matches = match_names(sides, reports, decisions)
    held = held_names(sides, reports, matches, links)
    return unite(reports, held)["actor_b"].to_list(), matches


@pytest.mark.slow
def test_the_most_used_name_is_the_one() -> None:
    names, matches = united(
        made(
            ("NPA", 840), ("NPA", 840), ("New People's Army", 840), ("CPP-NPA", 840), ("MILF", 840)
        )
    )
    assert names == ["NPA", "NPA", "NPA", "NPA", "MILF"]
    assert set(matches["verdict"]) == {"same"}


def test_one_name_of_two_organisations_in_two_countries() -> None:
    names, _ = united(
        made(("Al-Shabaab", 520), ("Al-Shabaab", 520), ("Al-Shabaab", 541), ("ASWJ", 541))
    )
    assert names[0] == names[1] == "Al-Shabaab"
    assert names[2] == names[3] != "Al-Shabaab"
    names, _ = united(
        made(("ADF", 490), ("Allied Democratic Forces", 490), ("ADF", 471),
             ("Ambazonia Defence Forces", 471))
    )  # fmt: skip
    assert names[0] == names[1] != names[2] == names[3]


def test_one_name_in_two_countries_is_one_where_nothing_says_otherwise() -> None:
    names, _ = united(made(("Hill Men", 490), ("Hill Men", 471), ("Hillmen", 471)))
    assert set(names) == {"Hill Men"}


def test_the_id_of_a_source_is_kept() -> None:
    reports = made(("BIFF", 840, "1146"), ("Bangsamoro Islamic Freedom Fighters", 840))
    sides = armed_sides(reports.rename({"report_id": "incident_id"}), NONE["actors"])
    _, links = (
        statements(*NONE.values(), reports=reports)
        if False
        else statements(NONE["actors"], NONE["actor_relations"], reports, NONE["actor_decisions"])
    )
    matches = match_names(sides, reports, NONE["actor_decisions"])
    found = unite(reports, held_names(sides, reports, matches, links))
    assert found["actor_b_id"].to_list() == ["1146", "1146"]
    assert found["actor_b"].to_list() == ["BIFF", "BIFF"]


def test_two_ids_of_a_source_are_its_own_decision() -> None:
    names, matches = united(made(("HLF", 840, "1"), ("Hill Liberation Front", 840, "2")))
    assert names == ["HLF", "Hill Liberation Front"]
    assert matches.is_empty()
    names, matches = united(
        made(("HLF", 840, "1"), ("Hill Liberation Front", 840, "2"), ("Hill Liberation Front", 840))
    )
    assert matches.filter(verdict="same").height == 1


def test_a_person_withdraws_and_accepts() -> None:
    reports = made(("HLF", 840), ("Hill Liberation Front", 840), ("HF", 840))
    names, matches = united(reports)
    assert names == ["HLF", "HLF", "HF"]
    gone = withdrawal(matches["statement_id"][0], **HOW)
    assert united(reports, gone)[0] == ["HLF", "Hill Liberation Front", "HF"]
    asserted = decision("HF", "alias", ("HLF", "HLF"), **HOW)
    assert set(united(reports, asserted)[0]) == {"HF"} or set(united(reports, asserted)[0]) == {
        "HLF"
    }
    doubted = decision("HF", "alias", ("HLF", "HLF"), weight=0.3, **HOW)
    assert united(reports, doubted)[0] == names


def test_what_is_withdrawn_is_not_joined_by_a_list() -> None:
    reports = made(("NPA", 840), ("New People's Army", 840))
    names, matches = united(reports)
    assert set(names) == {"NPA"} or set(names) == {"New People's Army"}
    gone = withdrawal(matches["statement_id"][0], **HOW)
    assert united(reports, gone)[0] == ["NPA", "New People's Army"]


def test_states_and_nobody_are_no_organisations() -> None:
    _, matches = united(made(("Unidentified armed group", 840), ("PNP", 840), ("P.N.P.", 840)))
    assert matches.is_empty()


@pytest.mark.slow
def test_incidents_and_ledger_have_one() -> None:
    from tocsin.assess import assess

    reports = made(("NPA", 840), ("New People's Army", 840)).with_columns(
        headline=pl.lit("NPA rebels attacked soldiers with a drone that dropped explosives")
    )
    found = assess(reports, NONE["actors"])
    assert set(found["incidents"]["actor_b"]) == {"NPA"}
    assert found["adoption"]["actor_id"].n_unique() <= 1
    assert found["actor_matches"].height == 1


def test_a_description_means_others_in_another_country() -> None:
    names, _ = united(made(("bandits", 490), ("Bandits", 490), ("bandits", 471), ("Bandits", 471)))
    assert names[0] == names[1] != names[2] == names[3]
    assert {name.casefold() for name in names} == {"bandits (dr congo)", "bandits (cameroon)"}


def test_what_a_person_says_of_a_description_holds_for_its_country() -> None:
    reports = made(("bandits", 490), ("bandits", 471), ("Hill Men", 490))
    said = decision("bandits (DR Congo)", "alias", ("Hill Men", "Hill Men"), **HOW)
    names, _ = united(reports, said)
    assert names[0] == names[2] != names[1]


def test_a_description_with_an_id_is_the_sources_own() -> None:
    names, _ = united(made(("insurgents", 490, "7"), ("insurgents", 471, "7")))
    assert set(names) == {"insurgents"}


def test_joint_descriptions_mean_others_in_another_country() -> None:
    names, matches = united(
        made(
            ("NPA, bandits", 840), ("NPA, bandits", 541), ("bandits, herders", 840),
            ("bandits, herders", 541), ("NPA", 840), ("NPA, MILF", 840), ("NPA, MILF", 541),
        )
    )  # fmt: skip
    assert names[:2] == ["NPA, bandits (Philippines)", "NPA, bandits (Mozambique)"]
    assert names[2:4] == ["bandits, herders (Philippines)", "bandits, herders (Mozambique)"]
    assert names[4:] == ["NPA", "NPA, MILF", "NPA, MILF"]
    assert matches.is_empty()
