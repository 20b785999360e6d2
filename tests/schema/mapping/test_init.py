"""One mapping file for observe and link; what only link could read is still understood."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import UsageError
from tocsin.schema.mapping import MappingFile, plain_degrees, read_mapping
from tocsin.schema.mapping.counts import names_dead, written_count

NEW = """
source = "Log 2026"
[columns]
date = "Date"
[constants]
country = "Chad"
[forms]
decimal = ","
[link]
extra = ["weapon"]
[link.taxonomy.category]
battle = { agency = ["1", "2"], press = "CLASH" }
[sources.press]
source = "Press"
extra = ["method"]
columns = { id = "Ref", date = "Reported on" }
forms = { date = "%d/%m/%Y" }
"""


def read(folder: Path, text: str) -> MappingFile:
    path = folder / "m.toml"
    path.write_text(text, encoding="utf-8")
    return read_mapping(path)


def test_a_section_holds_for_its_own_file(tmp_path: Path) -> None:
    mapping = read(tmp_path, NEW)
    press = mapping.of("press")
    assert press.source == "Press"
    assert press.columns == {"id": "Ref", "date": "Reported on"}
    assert (press.forms.date, press.forms.decimal) == ("%d/%m/%Y", ",")
    assert press.constants.country == "Chad"
    assert press.link.extra == ("weapon", "method")
    assert press.link.taxonomy == mapping.link.taxonomy
    assert mapping.of("agency") is mapping


def test_what_link_alone_could_read_is_read_with_a_warning(tmp_path: Path) -> None:
    with pytest.warns(FutureWarning, match=r"m\.toml.*mapping\.md"):
        mapping = read(
            tmp_path,
            '[all]\nlat = "y"\nextra = ["w"]\n[a]\nid = "k"\ntype = "t"\nextra = ["z"]\n'
            '[taxonomy.type]\nfight = { a = ["1"], b = "F" }\n',
        )
    assert mapping.of("b").columns == {"latitude": "y"}
    assert mapping.of("a").columns == {"latitude": "y", "id": "k", "category": "t"}
    assert mapping.of("a").link.extra == ("w", "z")
    assert mapping.link.taxonomy == {"category": {"fight": {"a": ["1"], "b": "F"}}}


def test_what_a_cell_means() -> None:
    mapping = MappingFile.model_validate(
        {
            "columns": {}, "constants": {"country": "Chad"}, "forms": {"decimal": ","},
            "values": {"target": {"a": "civilians", "*": "other"}, "country": {"": "Mali"}},
        }
    )  # fmt: skip
    assert [mapping.meaning("target", value) for value in ("a", "b", "")] == [
        "civilians", "other", "",
    ]  # fmt: skip
    assert [mapping.meaning("country", value) for value in ("Niger", "")] == ["Niger", "Mali"]
    assert mapping.meaning("latitude", "1,5") == "1.5"
    assert mapping.meaning("notes", "1,5") == "1,5"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[columns]\nsky = 'blue'", "no field sky"),
        ("[sources.a.columns]\nsky = 'blue'", "no field sky"),
        ("[columns]\ndate = 3", "columns.date"),
        ("[a]\nextra = 'w'", "extra"),
        ("id = 3", "id"),
        ("[taxonomy]\ntype = 1", "taxonomy"),
        ("[columns]\n[forms]\ndate = '%d/%d/%Y'", "twice"),
        ("[columns]\n[sources.a]\nforms = { decimal = '!' }", "decimal"),
        ("not toml [", "TOML"),
        ("a = " + "[" * 5000 + "]" * 5000, "nested"),
    ],
)
@pytest.mark.filterwarnings("ignore::FutureWarning")
def test_what_means_nothing_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        read(tmp_path, text)


@given(st.integers(-90 * 3600, 90 * 3600), st.sampled_from(["{}°{}'{}\"{}", "{}° {}’ {}” {}"]))
def test_an_angle_in_degrees_minutes_and_seconds_is_the_same_as_a_decimal(
    seconds: int, form: str
) -> None:
    degrees, rest = divmod(abs(seconds), 3600)
    text = form.format(degrees, *divmod(rest, 60), "S" if seconds < 0 else "N")
    assert float(plain_degrees(text, "latitude")) == pytest.approx(seconds / 3600, abs=1e-6)


@pytest.mark.parametrize(
    "text",
    ["14.5", "-4,21", "", "14°75'N", "14°30'E", "-14°30'S", "N 14 N", "Mopti", "14 30", "181"],
)
def test_what_is_no_such_angle_stays_as_it_stands(text: str) -> None:
    assert plain_degrees(text, "latitude") == text


@pytest.mark.parametrize(
    "cell",
    ["7 morts, 5 blessés", "7 tués et 1 blessé", "7 tué(s), 0 blessé", "7 killed and 4 injured",
     "7 muertos y 2 heridos", "7 mortos e 3 feridos", "7 قتلى و5 جرحى", "5 injured, 7 killed"],
)  # fmt: skip
def test_the_dead_are_told_from_the_wounded_beside_them(cell: str) -> None:
    assert written_count(cell) == (7, 7, 7, False)
    assert names_dead(cell)


@pytest.mark.parametrize("cell", ["5 blessés", "5 injured", "village 7", "", "mort"])
def test_what_names_no_dead(cell: str) -> None:
    assert not names_dead(cell)
