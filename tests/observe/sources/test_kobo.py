"""Field forms: one meaning in every export; only the form's questions; coarse points."""

from __future__ import annotations

import copy
import csv
import json
import random
import re
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest

from fuzz_documents import CASES, SEED, TEXTS, fuzz_json
from tocsin.errors import SourceRefused
from tocsin.observe import Reading, observe_file, reading
from tocsin.observe.checks.private import HIDDEN
from tocsin.observe.checks.values import Refused
from tocsin.observe.formats.source import Source
from tocsin.observe.sources import kobo
from tocsin.observe.sources.kobo import NEEDED, FieldForm, answers, choices, questions, rows
from tocsin.schema.tables.observed.report import EVENT_TYPES, TARGETS

FOLDER = Path(str(files("tocsin.observe") / "specimens" / "field_form"))
with (FOLDER / "field_form.csv").open(encoding="utf-8", newline="") as handle:
    GOOD = next(csv.DictReader(handle, delimiter=";"))
EXPORTS = ("field_form.csv", "field_form_odk.csv", "field_form.json", "field_form.xml")


def both(**changed: str) -> tuple[dict[str, object], list[dict[str, object]]]:
    said = {name: value for name, value in (answers(GOOD) | changed).items() if value}
    found = rows(said, source="Field reports", file="f.csv", number=1)
    return found["reports"][0], found["claims"]


def test_the_form_and_the_reader_agree() -> None:
    assert set(questions()) >= NEEDED
    assert set(choices("target").values()) == set(TARGETS)
    assert set(choices("event_kind").values()) == set(EVENT_TYPES)
    lists = {row.split()[1] for row in _types() if row.startswith("select_")}
    assert all(choices(name) for name in lists)


def _types() -> list[str]:
    form = (
        files("tocsin.schema.vocabulary.field_form")
        .joinpath("survey.csv")
        .read_text(encoding="utf-8")
    )
    return [row["type"] for row in csv.DictReader(form.splitlines())]


@pytest.mark.slow
def test_four_exports_of_the_same_submissions_mean_the_same() -> None:
    wanted = [
        "date_start", "date_end", "latitude", "longitude", "place_prec", "gwno", "event_type",
        "actor_a", "actor_b", "deaths_low", "deaths_best", "deaths_high", "notes", "source",
    ]  # fmt: skip
    each = [observe_file(FOLDER / name)["reports"].select(wanted)[:12] for name in EXPORTS]
    assert each[0].height == 12
    for other in each[1:]:
        assert each[0].equals(other)


@pytest.mark.parametrize("name", EXPORTS)
def test_who_filled_it_in_is_in_no_table(name: str) -> None:
    tables = observe_file(FOLDER / name)
    assert "not read" not in str([frame.to_dicts() for frame in tables.values()])


def test_a_broken_submission_keeps_no_names_in_quarantine(tmp_path: Path) -> None:
    text = (FOLDER / "field_form.csv").read_text("utf-8").splitlines()
    text[1] = text[1].replace("2024-01-05", "soon")
    text.append("(a name that is not read);too;short")
    (tmp_path / "f.csv").write_text("\n".join(text), encoding="utf-8")
    kept = observe_file(tmp_path / "f.csv")["quarantine"]
    assert {"date", "ragged"} <= set(kept["rule"].to_list())
    assert all(b"not read" not in original for original in kept["original"])


@pytest.mark.parametrize(
    ("known", "start", "end", "precision"),
    [
        ("", "2024-01-05", "2024-01-05", 1),
        ("days", "2024-01-03", "2024-01-07", 2),
        ("week", "2024-01-02", "2024-01-08", 3),
        ("month", "2024-01-01", "2024-01-31", 4),
        ("year", "2024-01-01", "2024-12-31", 5),
    ],
)
def test_days(known: str, start: str, end: str, precision: int) -> None:
    found, _ = both(date_known=known)
    assert (str(found["date_start"]), str(found["date_end"])) == (start, end)
    assert found["date_prec"] == precision


def test_points_are_coarse() -> None:
    found, _ = both(point="6.542219 21.986312 580 8")
    assert (found["latitude"], found["longitude"]) == (6.54, 21.99)


@pytest.mark.parametrize(
    ("known", "accuracy", "precision"),
    [("place", "8", 1), ("place", "4000", 2), ("place", "30000", 4), ("province", "8", 4)],
)
def test_place_precision(known: str, accuracy: str, precision: int) -> None:
    found, _ = both(place_known=known, point=f"6.54 21.99 0 {accuracy}")
    assert found["place_prec"] == precision


def test_a_suspicion_is_a_claim_of_the_reporting_organisation() -> None:
    found, claims = both(actor_known="suspected")
    assert found["actor_a"] is None
    assert [(one["actor"], one["stance"], one["said_by"]) for one in claims] == [
        ("Red Ibex Coalition", "accused", "Example Peace Observatory")
    ]


def test_a_word_of_doubt_in_a_forms_name_accuses_as_well() -> None:
    found, claims = both(actor_a="Hill Front?")
    assert found["actor_a"] == "Hill Front"
    assert (claims[0]["actor"], claims[0]["stance"]) == ("Hill Front", "accused")
    found, claims = both(actor_a="Hill Front or River Alliance", actor_known="suspected")
    assert found["actor_a"] is None
    assert [one["actor"] for one in claims[:2]] == ["Hill Front", "River Alliance"]


def test_a_denial_is_a_claim() -> None:
    _, claims = both(claim_stance="denied", claim_about="Red Ibex Coalition")
    assert [(one["stance"], one["said_by"]) for one in claims] == [("denied", None)]


def test_deaths_that_nobody_counted_are_empty() -> None:
    found, _ = both(deaths_low="", deaths_best="", deaths_high="")
    assert [found[f"deaths_{name}"] for name in ("low", "best", "high")] == [None] * 3
    only, _ = both(deaths_low="", deaths_best="2", deaths_high="")
    assert [only[f"deaths_{name}"] for name in ("low", "best", "high")] == [2, 2, 2]


@pytest.mark.parametrize(
    ("ticked", "target"),
    [("civilians health", "health"), ("civilians", "civilians"), ("other", "other"), ("", None)],
)
def test_one_target_of_several(ticked: str, target: str | None) -> None:
    assert both(target=ticked)[0]["target"] == target


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"event_date": "soon"}, "date"),
        ({"country": "Atlantis"}, "territory"),
        ({"country": "QQ"}, "territory"),
        ({"event_kind": "riot"}, "class"),
        ({"event_kind": ""}, "missing"),
        ({"organisation": ""}, "missing"),
        ({"organisation": "Unknown"}, "missing"),
        ({"_uuid": "", "_id": ""}, "missing"),
        ({"n_sources": "0"}, "range"),
        ({"actor_a": "+1 555 0100"}, "characters"),
    ],
)
def test_a_broken_submission_is_refused_by_its_rule(changed: dict[str, str], rule: str) -> None:
    with pytest.raises(Refused) as caught:
        both(**changed)
    assert caught.value.rule == rule


LAUGHS = """<?xml version="1.0"?><!DOCTYPE data [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
<data><event_date>2024-01-05</event_date><event_kind>&b;</event_kind></data>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE data [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<data><event_date>2024-01-05</event_date><event_kind>&a;</event_kind></data>"""


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        LAUGHS,
        OUTSIDE,
        "<data><event_date/><event_kind>",
        "<data><event_date/><event_kind/>" + "<a>" * 100 + "</a>" * 100 + "</data>",
        "<data><event_date/><event_kind/>" + "<a/>" * 8_000_002 + "</data>",
        '<?xml version="1.0" encoding="nonsense"?><data><event_date/><event_kind/></data>',
    ],
    ids=["entities", "external", "cut", "deep", "many", "encoding"],
)
def test_xml_that_cannot_be_trusted_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "f.xml").write_text(content)
    with pytest.raises(SourceRefused):
        observe_file(tmp_path / "f.xml")


def test_one_submission_as_a_phone_sends_it(tmp_path: Path) -> None:
    content = """<?xml version='1.0' ?><tocsin xmlns:h="http://www.w3.org/1999/xhtml" id="f">
    <when><event_date>2024-01-05</event_date></when><where><country>Mali</country></where>
    <what><event_kind>one_sided</event_kind></what><enumerator>(not read)</enumerator>
    <source><organisation>Example</organisation></source>
    <meta><instanceID>uuid:7</instanceID></meta></tocsin>"""
    (tmp_path / "f.xml").write_text(content)
    tables = observe_file(tmp_path / "f.xml")
    assert tables["reports"]["native_id"].to_list() == ["7"]
    assert tables["reports"]["gwno"].to_list() == [432]


@pytest.mark.slow
def test_fuzz_json() -> None:
    path, keys = FOLDER / "field_form.json", ["_uuid", "meta/instanceID", "_id"]
    seen = fuzz_json(path, "results", keys=keys, fresh=lambda n: f"u{n}", cases=CASES // 2)
    assert set(seen) >= {"accepted", "characters", "class", "date", "missing", "territory"}


@pytest.mark.slow
def test_fuzz_xml() -> None:
    path, rng = FOLDER / "field_form.xml", random.Random(SEED)
    good = list(ElementTree.fromstring(path.read_bytes()))
    alone = reading(Source.of_bytes("f.xml", path.read_bytes())).tables()["reports"]
    root = ElementTree.Element("submissions")
    root.extend(good)
    for number in range(CASES // 5):
        spoiled = copy.deepcopy(rng.choice(good))
        for one in spoiled.iter():
            if one.get("instanceID"):
                one.set("instanceID", f"uuid:{number}")
            if one.tag.endswith("instanceID"):
                one.text = f"uuid:{number}"
        for _ in range(rng.choice((1, 1, 2, 3))):
            _spoil(rng, rng.choice(list(spoiled.iter())))
        root.insert(rng.randrange(len(root) + 1), spoiled)
    content = ElementTree.tostring(root)
    found = reading(Source.of_bytes("f.xml", content)).tables()
    columns = [name for name in alone.columns if name not in ("source_row", "source_file")]
    lost = alone.join(found["reports"], on=columns, how="anti", nulls_equal=True)
    assert lost.is_empty()
    assert set(found["quarantine"]["rule"]) >= {"characters", "class", "date", "missing"}


def _spoil(rng: random.Random, element: ElementTree.Element) -> None:
    """Text, a name, an attribute or a child becomes another; what XML cannot hold is left out."""
    legal = [one for one in TEXTS if not re.search("[\x00-\x1f\ud800-\udfff\ufffe]", one)]
    kind = rng.random()
    if kind < 0.6:
        element.text = rng.choice(legal)
    elif kind < 0.7:
        element.tag = rng.choice(("data", "submission", "a", "event_date", "point", "_uuid"))
    elif kind < 0.8:
        element.append(ElementTree.Element(rng.choice(("a", "event_kind", "data"))))
    elif kind < 0.9:
        element.attrib[rng.choice(("id", "instanceID"))] = rng.choice(legal)
    elif len(element):
        element.remove(rng.choice(list(element)))


@pytest.mark.parametrize(
    ("field", "value", "counts"),
    [
        ("_validation_status", "Not Approved", False),
        ("_validation_status", "validation_status_not_approved", False),
        ("_validation_status", {"uid": "validation_status_on_hold", "by_whom": "a"}, False),
        ("_validation_status", {"uid": "validation_status_approved", "by_whom": "a"}, True),
        ("_validation_status", {}, True),
        ("ReviewState", "rejected", False),
        ("ReviewState", "hasIssues", False),
        ("ReviewState", "approved", True),
        ("ReviewState", "", True),
    ],
)
def test_what_a_reviewer_did_not_approve_does_not_count(
    field: str, value: object, counts: bool
) -> None:
    said = answers(GOOD | {field: value})
    assert "a" not in said.values()
    if counts:
        assert rows(said, source="Field reports", file="f.csv", number=1)["reports"]
    else:
        with pytest.raises(Refused) as caught:
            rows(said, source="Field reports", file="f.csv", number=1)
        assert caught.value.rule == "review"


def test_not_answered_is_not_known() -> None:
    assert both(deaths_low="n/a", deaths_best="n/a", deaths_high="-")[0]["deaths_best"] is None


def test_the_day_is_the_one_on_the_phones_calendar() -> None:
    found = both(event_date="2024-03-31T23:30:00.000+03:00", date_known="day")[0]
    assert str(found["date_start"]) == "2024-03-31"


@pytest.mark.parametrize("name", EXPORTS)
def test_a_refused_submission_keeps_no_exact_place(name: str) -> None:
    content = (FOLDER / name).read_bytes()
    content = re.sub(rb"2024-0\d-\d\d(?!T)", b"soon", content)
    content = re.sub(rb"6\.54\d*", b"6.542219", content)
    tables = Reading(Source.of_bytes(name, content), FieldForm()).tables()
    assert tables["quarantine"].height
    kept = b" ".join(tables["quarantine"]["original"])
    assert b"6.54" in kept
    assert "6.542" not in str([frame.to_dicts() for frame in tables.values()])
    assert b" 580" not in kept


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("6.542219 21.986312 580 8.7", "6.54 21.99 0 9"),
        ("6.542219 21.986312 580", "6.54 21.99 0"),
        ("6.542219 21.986312", "6.54 21.99"),
        ("6.542219, 21.986312", HIDDEN),
        ("6.542219N 21.986312E 1 1", HIDDEN),
        ("6.542219 21.986312 1 home", "6.54 21.99 0 ?"),
        ("at home", HIDDEN),
        ("n/a", "n/a"),
    ],
)
def test_a_point_is_rounded_before_anything_looks_at_it(cell: str, kept: str) -> None:
    assert answers({"point": cell})["point"] == kept


def test_a_day_at_which_clocks_begin_is_not_known_unless_the_form_says_so() -> None:
    said = {"event_date": "2000-01-01"}
    with pytest.raises(Refused, match="not known"):
        kobo._when(said)
    assert kobo._when(said | {"date_known": "day"}).precision == 1
    few = kobo._when({"event_date": "2024-01-31", "date_known": "few_days"})
    assert (few.start.isoformat(), few.end.isoformat()) == ("2024-01-29", "2024-02-02")


def _central(number: int, **decided: object) -> dict[str, object]:
    """A submission as ODK Central's OData gives it: groups are objects, a point is GeoJSON."""
    return {
        "__id": f"uuid:{number}",
        "__system": {"submissionDate": "2024-05-01T09:00:00.000Z", **decided},
        "when": {"event_date": f"2024-01-{number:02d}", "date_known": "day"},
        "where": {
            "country": "Central African Republic",
            "point": {
                "type": "Point",
                "coordinates": [21.9863, 6.5422, 580],
                "properties": {"accuracy": 3_000},
            },
        },
        "what": {"event_kind": "one_sided", "target": "civilians"},
        "who": {"actor_a": "Red Ibex Coalition"},
        "harm": {"deaths_best": number},
        "source": {"organisation": "Example"},
    }


def test_submissions_of_odata_are_read_and_their_reviews_count() -> None:
    found = [
        _central(1), _central(2, reviewState="rejected"), _central(3, reviewState="approved"),
        _central(4, reviewState="hasIssues"), _central(5, deletedAt="2024-05-02T00:00:00Z"),
    ]  # fmt: skip
    content = json.dumps({"@odata.context": "x", "value": found}).encode()
    tables = reading(Source.of_bytes("Submissions.json", content)).tables()
    assert tables["reports"]["deaths_best"].to_list() == [1, 3]
    assert tables["reports"].row(0, named=True)["latitude"] == 6.54
    assert tables["reports"]["place_prec"].to_list() == [2, 2]
    assert tables["quarantine"]["rule"].to_list() == ["review"] * 3


def test_a_file_of_which_nothing_is_read_says_so() -> None:
    source = Source.of_bytes("s.json", b'{"value": [], "x": ["event_kind", "event_date"]}')
    reading(source).tables()
    assert any("Nothing was read" in note for note in source.notes)
