"""ACLED: what each column comes to mean, and each rule of quarantine."""

from __future__ import annotations

import csv
import json
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from tocsin.errors import SourceRefused
from tocsin.observe import Source, observe, observe_file, reading
from tocsin.observe.checks.values import Refused
from tocsin.observe.sources.acled import rows
from tocsin.workspace import road
from tocsin.workspace.store import Workspace

SPECIMEN = Path(str(files("tocsin.observe") / "specimens" / "acled.csv"))
with SPECIMEN.open(encoding="utf-8", newline="") as handle:
    ROWS = list(csv.DictReader(handle))
GOOD = ROWS[0]


def report(**changed: str) -> dict[str, object]:
    found = rows(GOOD | changed, source="ACLED", file="a.csv", number=1)["reports"][0]
    return dict(found)


@pytest.mark.parametrize(
    ("precision", "start", "end", "ucdp"),
    [
        ("1", "2024-02-05", "2024-02-05", 1),
        ("2", "2024-02-02", "2024-02-08", 3),
        ("3", "2024-02-01", "2024-02-29", 4),
    ],
)
@pytest.mark.parametrize("day", ["2024-02-05", "05 February 2024", "5 Feb 2024"])
def test_days_and_their_precision(
    day: str, precision: str, start: str, end: str, ucdp: int
) -> None:
    found = report(event_date=day, time_precision=precision)
    assert (str(found["date_start"]), str(found["date_end"])) == (start, end)
    assert found["date_prec"] == ucdp


@pytest.mark.parametrize(("acled", "ucdp"), [("1", 1), ("2", 3), ("3", 4)])
def test_places_and_their_precision(acled: str, ucdp: int) -> None:
    assert report(geo_precision=acled)["place_prec"] == ucdp


@pytest.mark.parametrize(
    ("event", "inter1", "inter2", "targeting", "means"),
    [
        ("Battles", "State forces", "Rebel group", "", "state-based"),
        ("Battles", "2", "1", "", "state-based"),
        ("Battles", "External/Other forces", "Political militia", "", "state-based"),
        ("Battles", "State forces", "State forces", "", "state-based"),
        ("Battles", "Rebel group", "Identity militia", "", "non-state"),
        ("Battles", "4", "3", "", "non-state"),
        ("Violence against civilians", "3", "7", "Civilian targeting", "one-sided"),
        ("Violence against civilians", "State forces", "Civilians", "", "one-sided"),
        ("Explosions/Remote violence", "Rebel group", "", "Civilian targeting", "one-sided"),
        ("Explosions/Remote violence", "Rebel group", "", "", "other"),
        ("Explosions/Remote violence", "1", "2", "", "state-based"),
        ("Riots", "Rioters", "Civilians", "Civilian targeting", "other"),
        ("Protests", "6", "0", "", "other"),
        ("Strategic developments", "State forces", "Rebel group", "", "other"),
    ],
)
def test_event_types(event: str, inter1: str, inter2: str, targeting: str, means: str) -> None:
    changed = {"event_type": event, "inter1": inter1, "inter2": inter2}
    assert report(**changed, civilian_targeting=targeting)["event_type"] == means


@pytest.mark.parametrize(
    ("inter2", "associated", "means"),
    [
        ("State forces", "", "security forces"),
        ("Political militia", "", "armed group"),
        ("Civilians", "", "civilians"),
        ("Civilians", "Women (Mali); Health Workers (Mali)", "health"),
        ("7", "Teachers (Mali)", "education"),
        ("7", "Journalists (Mali)", "media"),
        ("7", "Government of Mali (2021-)", "government"),
        ("State forces", "Health Workers (Mali)", "security forces"),
    ],
)
def test_targets(inter2: str, associated: str, means: str) -> None:
    assert report(inter2=inter2, assoc_actor_2=associated)["target"] == means


def test_one_figure_of_deaths_is_all_three() -> None:
    found = report(fatalities="7")
    assert [found[f"deaths_{name}"] for name in ("low", "best", "high")] == [7, 7, 7]


@pytest.mark.parametrize(
    "name", ["Unidentified Armed Group (Mali)", "Unidentified Gang", "unidentified clan militia"]
)
def test_an_unidentified_actor_is_nobody_known(name: str) -> None:
    found = report(actor1=name)
    assert found["actor_a"] is None
    assert found["actor_a_id"] is None


def test_actors_come_once_with_their_kind_and_territories() -> None:
    actors = observe_file(SPECIMEN)["actors"]
    kinds = dict(actors.select("name", "kind").rows())
    assert actors["actor_id"].is_unique().all()
    assert kinds["Red Ibex Coalition"] == "non-state formal"
    assert kinds["Military Forces of Mali (2021-)"] == "state"
    assert kinds["Private Example Security"] == "non-state formal"
    assert kinds["Ituri Hills Militia (invented)"] == "non-state informal"
    assert kinds["Protesters (Central African Republic)"] == "civilians"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Operation Upper Hills", "state"),
        ("Coalition Forces of the Hills", "state"),
        ("Wagner Group", "non-state formal"),
    ],
)
def test_what_states_sent_is_their_forces(name: str, kind: str) -> None:
    given = GOOD | {"actor1": name, "inter1": "8"}
    [actor] = [
        one
        for one in rows(given, source="ACLED", file="a.csv", number=1)["actors"]
        if one["name"] == name
    ]
    assert actor["kind"] == kind


def test_the_iso_code_stands_in_for_a_name_and_may_be_made_up() -> None:
    assert report(country="CAR as nobody writes it", iso="140")["gwno"] == 482
    kosovo = {"country": "Kosovo", "iso": "0", "latitude": "42.89", "longitude": "20.87"}
    assert report(**kosovo)["gwno"] == 347
    with pytest.raises(Refused, match="means"):
        report(iso="466")


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"event_id_cnty": ""}, "missing"),
        ({"event_date": "tomorrow"}, "date"),
        ({"inter1": "9"}, "range"),
        ({"inter2": "Dragons"}, "class"),
        ({"event_type": "Festivals"}, "class"),
        ({"fatalities": "-1"}, "negative"),
        ({"actor1": "=cmd()"}, "characters"),
        ({"country": "", "iso": ""}, "territory"),
    ],
)
def test_a_broken_row_is_refused_by_its_rule(changed: dict[str, str], rule: str) -> None:
    with pytest.raises(Refused) as caught:
        report(**changed)
    assert caught.value.rule == rule


def test_an_unknown_precision_or_count_loses_no_event() -> None:
    one = report(time_precision="", geo_precision="9")
    assert (one["date_prec"], one["place_prec"]) == (2, 4)
    assert [doubt.column for doubt in one["accuracy_doubts"]] == ["date_prec", "place_prec"]
    assert report(fatalities="NA")["deaths_best"] is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("05 mars 2024", "2024-03-05"),
        ("12 août 2024", "2024-08-12"),
        ("1er février 2024", "2024-02-01"),
        ("5 de enero de 2024", "2024-01-05"),
        ("5 آذار 2024", "2024-03-05"),
    ],
)
def test_days_in_words_of_other_languages(written: str, day: str) -> None:
    one = report(event_date=written, year="2024")
    assert one["date_start"].isoformat() == one["date_end"].isoformat() == day


def test_the_specimen_is_read_to_the_last_row() -> None:
    tables = observe_file(SPECIMEN)
    assert tables["files"].select("rows", "accepted", "quarantined").row(0) == (49, 42, 7)
    assert tables["quarantine"]["rule"].to_list() == [
        "duplicate", "territory", "negative", "class", "territory", "class", "characters",
    ]  # fmt: skip
    assert tables["corrections"]["rule"].to_list() == [*["outside"] * 3, "date", "date", "year"]
    raid = tables["reports"].filter(tables["reports"]["native_id"] == "NIG9034")
    assert "\n" in raid["notes"][0]


def written(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, [*rows[0]])
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("turned", [False, True])
def test_the_newer_version_of_an_id_counts_wherever_it_stands(turned: bool, tmp_path: Path) -> None:
    old = GOOD | {"fatalities": "3", "timestamp": "999999999"}
    new = GOOD | {"fatalities": "13", "timestamp": "1730000000"}
    seen = observe_file(written(tmp_path / "a.csv", [new, old] if turned else [old, new]))
    assert seen["reports"]["deaths_best"].to_list() == [13]
    assert seen["quarantine"]["rule"].to_list() == ["superseded"]


def test_an_older_version_counts_where_the_newer_cannot_be_read(tmp_path: Path) -> None:
    old = GOOD | {"fatalities": "3", "timestamp": "1700000000"}
    new = GOOD | {"fatalities": "many", "timestamp": "1730000000"}
    seen = observe_file(written(tmp_path / "a.csv", [new, old]))
    assert seen["reports"]["deaths_best"].to_list() == [3]
    assert seen["quarantine"]["rule"].to_list() == ["number"]


@pytest.mark.parametrize(
    ("named", "count"),
    [("A; B; C", 3), ("A; a", 1), ("", None), ("Undisclosed Source", 1), ("A; B; -;", 2)],
)
def test_a_source_that_stands_twice_is_one(named: str, count: int | None) -> None:
    assert report(source=named)["n_sources"] == count


@pytest.mark.slow
def test_deleted_events_go_whichever_file_is_read_first(tmp_path: Path) -> None:
    with Workspace.init(tmp_path / "w") as workspace:
        gone, stays = ROWS[0]["event_id_cnty"], ROWS[1]["event_id_cnty"]
        export, deleted = tmp_path / "acled.csv", tmp_path / "deleted.csv"
        export.write_bytes(SPECIMEN.read_bytes())
        deleted.write_text(
            f"event_id_cnty,deleted_timestamp\n{gone},2000000000\n{stays},100000000\n,1\n"
        )
        road.observe(workspace, [deleted, export])
        first = set(workspace.read("reports")["native_id"])
        assert gone not in first
        assert stays in first
        road.observe(workspace, [deleted])
        assert set(workspace.read("reports")["native_id"]) == first
        assert workspace.read("withdrawals")["native_id"].to_list() == [gone, stays]
    told = observe([export, deleted])["reports"]["native_id"]
    assert set(told) == first


def answered(rows: object, **more: object) -> dict[str, pl.DataFrame]:
    """What is read of the server's answer with these rows."""
    content = json.dumps({"status": 200, "success": True, "data": rows, **more})
    return reading(Source.of_bytes("answer.json", content.encode())).tables()


@pytest.mark.slow
@pytest.mark.parametrize("typed", [False, True])
def test_an_answer_in_json_is_read_as_the_export_is(typed: bool) -> None:
    rows: list[dict[str, object]] = [dict(one) for one in ROWS]
    if typed:
        for one in rows:
            for name in ("latitude", "longitude", "fatalities", "year", "timestamp"):
                text = str(one.get(name) or "")
                one[name] = json.loads(text) if text.replace(".", "", 1).isdigit() else text or None
    theirs, mine = observe_file(SPECIMEN), answered(rows)
    for name in ("reports", "actors", "corrections", "withdrawals"):
        apart = [
            c for c in ("source_file", "source_row", "file", "line") if c in mine[name].columns
        ]
        assert mine[name].drop(apart).equals(theirs[name].drop(apart)), name
    assert mine["quarantine"]["rule"].to_list() == theirs["quarantine"]["rule"].to_list()


def test_what_is_wrong_in_an_answer_is_refused_or_put_aside() -> None:
    nested = [GOOD, GOOD | {"event_id_cnty": "X2", "notes": ["a", "b"]}, "no object"]
    found = answered(nested)
    assert (found["reports"].height, found["quarantine"]["rule"].to_list()) == (1, ["shape"] * 2)
    partly = answered([GOOD, {"event_id_cnty": "X3"}])
    assert (partly["reports"].height, partly["quarantine"].height) == (1, 1)
    with pytest.raises(SourceRefused, match=r"Columns are missing: .*fatalities"):
        answered([{name: GOOD[name] for name in ("event_id_cnty", "event_type")}])
    with pytest.raises(SourceRefused, match="no list of records"):
        answered({"first": GOOD})


def test_an_answer_on_deleted_events_withdraws_them() -> None:
    found = answered([{"event_id_cnty": "MLI1", "deleted_timestamp": 1735689601}])
    assert found["withdrawals"]["native_id"].to_list() == ["MLI1"]


@pytest.mark.parametrize(
    ("words", "means"),
    [
        ("2-Rebel Groups", "non-state"), ("2 - Rebel group", "non-state"),
        ("Groupe rebelle", "non-state"), ("Forces étatiques", "state-based"),
        ("Forces externes / autres", "state-based"), ("1: State Forces", "state-based"),
        ("Milicia política", "non-state"),
    ],
)  # fmt: skip
def test_classes_in_words_of_copies(words: str, means: str) -> None:
    row = report(event_type="Battles", inter1=words, inter2="Identity militia")
    assert row["event_type"] == means


def test_a_class_whose_number_and_word_disagree_is_refused() -> None:
    with pytest.raises(Refused, match="no class"):
        report(inter1="3-Rebel Groups")
