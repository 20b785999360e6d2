"""GTD: what each column comes to mean, claims and doubts, and each rule of quarantine."""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest

from tocsin.observe import Source, observe_file, reading
from tocsin.observe.checks.values import Refused
from tocsin.observe.sources.gtd import EVENT_TYPES, TARGETS, rows
from tocsin.schema.tables.observed.report import TARGETS as CLASSES

SPECIMEN = Path(str(files("tocsin.observe") / "specimens" / "gtd.csv"))
with SPECIMEN.open(encoding="utf-8", newline="") as handle:
    GOOD = next(csv.DictReader(handle))


def both(**changed: str) -> tuple[dict[str, object], list[tuple[str, str]]]:
    found = rows(GOOD | changed, source="GTD", file="g.csv", number=1)
    return found["reports"][0], [(one["actor"], one["stance"]) for one in found["claims"]]


def report(**changed: str) -> dict[str, object]:
    return both(**changed)[0]


@pytest.mark.parametrize(
    ("month", "day", "about", "start", "end", "precision"),
    [
        ("9", "14", "", "2015-09-14", "2015-09-14", 1),
        ("9", "0", "", "2015-09-01", "2015-09-30", 4),
        ("0", "0", "", "2015-01-01", "2015-12-31", 5),
        ("9", "0", "September 14-16, 2015", "2015-09-14", "2015-09-16", 2),
        ("9", "0", "September 14-20, 2015", "2015-09-14", "2015-09-20", 3),
        ("9", "0", "August 14-16, 2015", "2015-09-01", "2015-09-30", 4),
        ("9", "0", "September 20-31, 2015", "2015-09-01", "2015-09-30", 4),
    ],
)
def test_unknown_days(
    month: str, day: str, about: str, start: str, end: str, precision: int
) -> None:
    found = report(imonth=month, iday=day, approxdate=about)
    assert (str(found["date_start"]), str(found["date_end"])) == (start, end)
    assert found["date_prec"] == precision


@pytest.mark.parametrize(
    ("specificity", "vicinity", "ucdp"),
    [("1", "0", 1), ("1", "1", 2), ("1", "-9", 1), ("2", "1", 3), ("3", "", 3), ("4", "", 4)],
)
def test_place_precision(specificity: str, vicinity: str, ucdp: int) -> None:
    assert report(specificity=specificity, vicinity=vicinity)["place_prec"] == ucdp


def test_a_place_that_is_not_known_is_the_country() -> None:
    nowhere = {"latitude": "", "longitude": "", "city": "Unknown", "provstate": "Unknown"}
    found = report(**nowhere, specificity="5")
    assert (found["latitude"], found["place"], found["adm1"], found["place_prec"]) == (
        None, None, None, 6,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("killed", "means"),
    [("", (None,) * 3), ("3.0", (3, 3, 3)), ("2.5", (2, 2, 3)), ("0", (0,) * 3)],
)
def test_deaths(killed: str, means: tuple[int | None, ...]) -> None:
    found = report(nkill=killed, nkillter="", eventid="201509140001")
    assert tuple(found[f"deaths_{name}"] for name in ("low", "best", "high")) == means


def test_all_targets_are_of_the_schema() -> None:
    assert {target for target in TARGETS.values() if target} <= set(CLASSES)


@pytest.mark.parametrize(
    ("target", "event_type"),
    [
        ("Police", "state-based"),
        ("Government (Diplomatic)", "state-based"),
        ("Terrorists/Non-State Militia", "non-state"),
        ("Private Citizens & Property", "one-sided"),
        ("Utilities", "one-sided"),
        ("Unknown", "other"),
    ],
)
def test_event_types_follow_the_target(target: str, event_type: str) -> None:
    assert report(targtype1_txt=target)["event_type"] == event_type
    assert set(EVENT_TYPES.values()) <= {"state-based", "non-state", "other"}


def test_the_state_that_was_hit() -> None:
    assert report(targtype1_txt="Police")["actor_b"] == "Government of Iraq"
    abroad = {"targtype1_txt": "Military", "natlty1_txt": "Germany"}
    assert report(**abroad)["actor_b"] == "Government of Germany"
    assert report(**abroad | {"natlty1_txt": "International"})["actor_b"] is None
    gaza = {"natlty1_txt": "West Bank and Gaza Strip", "targtype1_txt": "Police"}
    assert report(**gaza)["actor_b"] == "Government of Palestine"


A, B = "Rafidain Brigade (invented)", "Column of the South (invented)"


@pytest.mark.parametrize(
    ("changed", "side", "claims"),
    [
        ({"claimed": "1"}, A, [(A, "claimed")]),
        ({"claimed": "0"}, A, []),
        ({"claimed": "-9"}, A, []),
        ({"claimed": ""}, A, []),
        ({"claimed": "0", "guncertain1": "1"}, None, [(A, "accused")]),
        ({"claimed": "1", "guncertain1": "1"}, None, [(A, "claimed")]),
        (
            {"claimed": "1", "gname2": B, "claim2": "1", "compclaim": "1"},
            None,
            [(A, "claimed"), (B, "claimed")],
        ),
        ({"claimed": "0", "gname2": B, "compclaim": "-9"}, A, [(B, "accused")]),
        ({"gname": "Unknown", "claimed": "0"}, None, []),
        ({"gname": "Unaffiliated Individual(s)", "claimed": "1"}, None, []),
    ],
)
def test_who_claimed_and_who_is_only_suspected(
    changed: dict[str, str], side: str | None, claims: list[tuple[str, str]]
) -> None:
    found, said = both(**changed)
    assert (found["actor_a"], said) == (side, claims)


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"eventid": ""}, "missing"),
        ({"imonth": "13"}, "range"),
        ({"country_txt": "International"}, "territory"),
        ({"nkill": "-1"}, "range"),
        ({"nkill": "inf"}, "range"),
        ({"targtype1_txt": "Castles"}, "class"),
        ({"specificity": "9"}, "range"),
        ({"guncertain1": "perhaps"}, "number"),
        ({"gname": "@SUM(A1)"}, "characters"),
    ],
)
def test_a_broken_row_is_refused_by_its_rule(changed: dict[str, str], rule: str) -> None:
    with pytest.raises(Refused) as caught:
        both(**changed)
    assert caught.value.rule == rule


def test_the_specimen_is_read_to_the_last_row_and_names_of_targets_nowhere() -> None:
    tables = observe_file(SPECIMEN)
    assert tables["files"].select("rows", "accepted", "quarantined").row(0) == (48, 39, 9)
    assert tables["reports"].filter(pl.col("territory") == "Yugoslavia").height == 1
    assert "not read" not in str([frame.to_dicts() for frame in tables.values()])


@pytest.mark.parametrize(
    ("shares", "total"),
    [(("2.67",) * 3, 8), (("2.5",) * 2, 5), (("0.5",) * 2, 1), (("0.33",) * 3, 1)],
)
@pytest.mark.parametrize("related", [True, False])
def test_deaths_divided_among_linked_attacks_keep_their_sum(
    shares: tuple[str, ...], total: int, related: bool, tmp_path: Path
) -> None:
    ids = [str(201509140101 + number) for number in range(len(shares))]
    path = tmp_path / "g.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, [*dict.fromkeys([*GOOD, "related"])])
        writer.writeheader()
        for one, share in zip(ids, shares, strict=True):
            linked = ", ".join(ids) if related else ""
            more = {"eventid": one, "nkill": share, "nkillter": "", "related": linked}
            writer.writerow(GOOD | more)
    found = observe_file(path)["reports"]
    assert found["deaths_best"].sum() == total
    assert found.filter(
        (pl.col("deaths_best") < pl.col("deaths_low"))
        | (pl.col("deaths_best") > pl.col("deaths_high"))
    ).is_empty()


@pytest.mark.parametrize("code", ["-99", "-9", "NA", "n/a", "nan", "Unknown", "-99.0"])
def test_codes_for_an_unknown_count_are_no_counts(code: str) -> None:
    assert report(nkill=code, nkillter=code)["deaths_best"] is None
    found = report(nkill="3", nkillter=code)
    assert (found["deaths_best"], found["deaths_a"]) == (3, None)


def test_events_whose_ids_a_spreadsheet_rounded_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "gtd.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, [*GOOD])
        writer.writeheader()
        for day in ("4", "9", "9"):
            writer.writerow(GOOD | {"eventid": "2.01501E+11", "iday": day, "nkill": "2.67"})
    source = Source.of_bytes(path.name, path.read_bytes())
    tables = reading(source).tables()
    assert tables["reports"]["date_start"].dt.day().to_list() == [4, 9]
    assert tables["quarantine"]["rule"].to_list() == ["duplicate"]
    assert any("first digits of 'eventid'" in note for note in source.notes)


def test_thousands_apart_are_read_where_a_point_tells_the_sign() -> None:
    header = list(GOOD)
    rows_of = [
        GOOD | {"eventid": "201501040001", "nkill": "1,204", "latitude": "36.34"},
        GOOD | {"eventid": "201501040002", "nkill": "1 204", "latitude": "36.34"},
        GOOD | {"eventid": "201501040003", "nkill": "2.67", "latitude": "36.34"},
    ]
    text = "\n".join(
        ",".join(f'"{row[name]}"' for name in header)
        for row in [dict(zip(header, header, strict=True)), *rows_of]
    )
    tables = reading(Source.of_bytes("gtd.csv", text.encode())).tables()
    assert tables["quarantine"].is_empty()
    assert tables["reports"].sort("source_row")["deaths_high"].to_list() == [1204, 1204, 3]
