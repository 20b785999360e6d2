"""EuRepoC: one meaning in every way of writing a cell; claims; and no person."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from fuzz_documents import CASES, fuzz_json
from tocsin.observe import Reading, Source, observe_file
from tocsin.observe.checks.values import Refused
from tocsin.observe.sources.eurepoc.cells import flatten, parts
from tocsin.observe.sources.eurepoc.reader import READ, EuRepoC, rows

FOLDER = Path(str(files("tocsin.observe") / "specimens"))
GOOD = {
    "ID": "1",
    "name": "Portals down",
    "description": "A DDoS wave.",
    "start_date": "2021-03-05",
    "end_date": "2021-03-07",
    "incident_type": "Disruption",
    "receiver_country": "Armenia",
    "receiver_category": "State institutions / political system",
    "initiator_name": "Ararat Wind",
    "initiator_country": "Azerbaijan",
    "initiator_category": "Non-state-group",
}


def all_of(**changed: object) -> dict[str, list[dict[str, object]]]:
    return rows(GOOD | changed, source="EuRepoC", file="e.csv", number=1)


def first(**changed: object) -> dict[str, object]:
    return all_of(**changed)["reports"][0]


def claims(**changed: object) -> list[tuple[object, object, object]]:
    return [(one["actor"], one["stance"], one["said_by"]) for one in all_of(**changed)["claims"]]


@pytest.mark.parametrize(
    "cell",
    ["Estonia; Latvia", "Estonia | Latvia", "['Estonia', 'Latvia']", ["Estonia", "Latvia"]],
)
def test_a_report_for_each_territory_however_the_cell_is_written(cell: object) -> None:
    found = all_of(receiver_country=cell)["reports"]
    assert [(one["native_id"], one["territory"]) for one in found] == [
        ("1/EST", "Estonia"),
        ("1/LVA", "Latvia"),
    ]


@pytest.mark.slow
def test_three_exports_of_the_same_incidents_mean_the_same() -> None:
    wanted = ["date_start", "date_end", "gwno", "target", "actor_a", "category", "headline"]
    each = [
        observe_file(FOLDER / name)["reports"].select(wanted)[:16]
        for name in ("eurepoc.csv", "eurepoc_semicolon.csv", "eurepoc.json")
    ]
    assert each[0].equals(each[1])
    assert each[0].equals(each[2])


@pytest.mark.parametrize(
    ("start", "end", "last", "precision"),
    [
        ("2021-03-05", "2021-03-05", "2021-03-05", 1),
        ("2021-03-05", "", "2021-03-05", 1),
        ("2021-03-05", "2021-03-07", "2021-03-07", 2),
        ("2021-03-01", "2021-03-01", "2021-03-31", 4),
        ("2021-03-01", "2021-05-01", "2021-05-31", 5),
        ("2021-01-01", "2021-01-01", "2021-12-31", 5),
        ("2021-01-01", "2021-01-20", "2021-01-20", 4),
        ("2020-12-20", "2021-01-01", "2021-01-01", 4),
    ],
)
def test_days_that_stand_for_a_month_or_a_year(
    start: str, end: str, last: str, precision: int
) -> None:
    found = first(start_date=start, end_date=end)
    assert (str(found["date_end"]), found["date_prec"]) == (last, precision)


@pytest.mark.parametrize(
    ("category", "subcode", "target"),
    [
        ("Critical infrastructure", "Health", "health"),
        ("Critical infrastructure", "Energy", "infrastructure"),
        ("State institutions / political system", "Military", "security forces"),
        ("[['Media', 'Other']]", "", "media"),
        ("End user(s) / specially protected groups", "", "civilians"),
        ("Not available", "", None),
        ("Something new", "", None),
    ],
)
def test_targets(category: str, subcode: str, target: str | None) -> None:
    found = first(receiver_category=category, receiver_category_subcode=subcode)
    assert found["target"] == target


def test_categories_of_each_receiver_stay_with_it() -> None:
    found = all_of(
        receiver_country="['Estonia', 'Latvia']",
        receiver_category="[['Media'], ['Education']]",
    )["reports"]
    assert [one["target"] for one in found] == ["media", "education"]


def test_a_person_keeps_no_name() -> None:
    person = {"initiator_name": "Somebody", "initiator_category": "Individual hacker(s)"}
    assert first(**person)["actor_a"] is None
    mixed = {
        "initiator_name": "Somebody; Ararat Wind; Third",
        "initiator_category": "Individual hacker(s); Non-state-group",
    }
    assert first(**mixed)["actor_a"] is None
    paired = {
        "initiator_name": "Somebody; Ararat Wind",
        "initiator_category": "Individual hacker(s); Non-state-group",
    }
    assert first(**paired)["actor_a"] == "Ararat Wind"
    accused = {
        "attribution_basis": "Media-based attribution",
        "attributed_initiator": "Somebody",
        "attributed_initiator_category": "Individual hacker(s)",
    }
    assert claims(**accused) == []


def test_a_state_without_a_name_is_its_government() -> None:
    state = {"initiator_name": "Not available", "initiator_category": "State"}
    assert first(**state)["actor_a"] == "Government of Azerbaijan"
    assert first(**state)["actor_a_id"] is None


def test_attributions_are_claims() -> None:
    said = claims(
        attribution_basis="Attacker confirms; IT-security community attributes attacker; "
        "Attribution by receiver government / state entity",
        attribution_it_company="; Example Labs; ",
        attributing_country="; ; Armenia",
        attributed_initiator="Ararat Wind; Other Wind; ",
        attributed_initiator_country="Azerbaijan; Azerbaijan; Azerbaijan",
        attributed_initiator_category="Non-state-group; Non-state-group; State",
    )
    assert said == [
        ("Ararat Wind", "claimed", None),
        ("Other Wind", "accused", "Example Labs"),
        ("Government of Azerbaijan", "accused", "Government of Armenia"),
    ]


def test_claims_that_cannot_be_paired_are_accusations_by_nobody_named() -> None:
    said = claims(
        attribution_basis="Attacker confirms; Media-based attribution",
        attributed_initiator="Ararat Wind",
        attributed_initiator_category="Non-state-group",
    )
    assert said == [("Ararat Wind", "accused", None)]


def test_objects_of_the_json_export_stay_side_by_side() -> None:
    record = {
        "attributions": [
            {
                "attribution_basis": "x",
                "attributed_initiators": [
                    {"attributed_initiator_name": "A"},
                    {"attributed_initiator_name": "B"},
                ],
            },
            {"attribution_basis": "y", "attributed_initiators": []},
        ]
    }
    found = flatten(record, READ)
    assert parts(found, "attribution_basis") == ["x", "x", "y"]
    assert parts(found, "attributed_initiator") == ["A", "B", ""]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"ID": ""}, "missing"),
        ({"start_date": "Not available"}, "date"),
        ({"receiver_country": "EU (institutions)"}, "territory"),
        ({"receiver_country": "[" * 50_000}, "territory"),
        ({"receiver_country": "x;" * 60_000}, "range"),
        ({"initiator_name": "=1+1"}, "characters"),
    ],
)
def test_a_broken_row_is_refused_by_its_rule(changed: dict[str, str], rule: str) -> None:
    with pytest.raises(Refused) as caught:
        all_of(**changed)
    assert caught.value.rule == rule


@pytest.mark.parametrize("name", ["eurepoc.csv", "eurepoc_semicolon.csv", "eurepoc.json"])
def test_names_that_may_be_persons_are_in_no_table(name: str) -> None:
    tables = observe_file(FOLDER / name)
    assert "not read" not in str([frame.to_dicts() for frame in tables.values()])
    assert tables["reports"]["deaths_best"].null_count() == tables["reports"].height
    assert tables["claims"].filter(pl.col("actor").str.contains("not read")).is_empty()


def test_what_wraps_the_list_does_not_matter(tmp_path: Path) -> None:
    content = json.loads((FOLDER / "eurepoc.json").read_text("utf-8"))
    (tmp_path / "e.json").write_text(json.dumps({"meta": 1, "incidents": content}))
    found = observe_file(tmp_path / "e.json")["reports"]
    assert found.height == observe_file(FOLDER / "eurepoc.json")["reports"].height


def test_columns_that_nobody_reads_change_nothing(tmp_path: Path) -> None:
    text = (FOLDER / "eurepoc.csv").read_text("utf-8")
    (tmp_path / "eurepoc.csv").write_text(
        text.replace("(a name that is not read)", "else"), "utf-8"
    )
    wanted, found = observe_file(FOLDER / "eurepoc.csv"), observe_file(tmp_path / "eurepoc.csv")
    assert all(found[name].equals(wanted[name]) for name in wanted if name != "files")


@pytest.mark.slow
def test_fuzz_json() -> None:
    path, cases = FOLDER / "eurepoc.json", CASES // 2
    seen = fuzz_json(path, None, keys=["ID"], fresh=lambda n: 10**7 + n, cases=cases)
    assert set(seen) >= {"accepted", "characters", "date", "territory"}


@pytest.mark.parametrize("category", ["Individual hacker(s)", "x" * 200_000, "State; Individual"])
def test_a_persons_name_is_not_in_quarantine(category: str) -> None:
    bad = GOOD | {
        "start_date": "soon", "initiator_name": "Somebody", "initiator_category": category,
        "attributed_initiator": "Ararat Wind", "attributed_initiator_category": "State",
    }  # fmt: skip
    content = json.dumps([bad]).encode()
    kept = Reading(Source.of_bytes("e.json", content), EuRepoC()).tables()["quarantine"]
    assert b"Somebody" not in kept["original"][0]
    assert b"Ararat Wind" in kept["original"][0]


def test_lists_of_many_names_do_not_unfold_to_their_product() -> None:
    many = {"receivers": [{f"name {n}": n} for n in range(20_000)]}
    assert flatten(many, READ) == {}


def test_a_cell_of_too_many_values_is_refused() -> None:
    with pytest.raises(Refused, match="holds"):
        all_of(attributed_initiator="x; " * 2_000, attribution_basis="y; " * 2_000)
    with pytest.raises(Refused, match="holds"):
        parts({"a": [["x"] * 700, ["y"] * 700]}, "a")
