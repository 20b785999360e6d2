"""Numbers in a column of countries: what tells of which list they are, and what does not."""

from __future__ import annotations

import tomllib

import pytest

from tocsin.observe import Source, reading
from tocsin.observe.mapping.mapped import Mapped
from tocsin.observe.mapping.numbers import tell_list
from tocsin.observe.mapping.suggest import suggest_mapping
from tocsin.schema.mapping import MappingFile


def read(header: str, *rows: str, draft: bool = True) -> tuple[list[str], list[str], str]:
    """The territories, the reasons of what is refused, and the draft."""
    source = Source.of_bytes("events.csv", "\n".join((header, *rows)).encode())
    drafted = suggest_mapping(source)
    mapping = MappingFile.model_validate(tomllib.loads(drafted))
    if not draft:
        # A mapping that a person wrote says nothing of numbers.
        forms = mapping.forms.model_copy(update={"countries": None})
        mapping = mapping.model_copy(update={"forms": forms})
    found = reading(source, Mapped(mapping)).tables()
    return (
        found["reports"]["territory"].to_list(),
        found["quarantine"]["reason"].to_list(),
        drafted,
    )


@pytest.mark.parametrize("draft", [True, False])
def test_points_beside_tell_that_numbers_are_those_of_views(draft: bool) -> None:
    found, refused, text = read(
        "event_id,event_date,country_id,latitude,longitude,fatalities",
        "e1,2023-03-05,50,15.6,-0.4,3",
        "e2,2023-03-06,50,16.2,-0.1,1",
        "e3,2023-03-07,78,13.5,2.1,2",
        draft=draft,
    )
    assert (found, refused) == (["Mali", "Mali", "Niger"], [])
    assert 'countries = "views"' in text


@pytest.mark.parametrize("draft", [True, False])
def test_a_number_of_several_states_is_refused_where_nothing_tells(draft: bool) -> None:
    found, refused, text = read(
        "event_id,event_date,country_id,fatalities", "e1,2023-03-05,50,3", draft=draft
    )
    assert found == []
    assert refused == [
        "The number 50 means Bangladesh (iso), Mali (views). Say which: `countries` under [forms]."
    ]
    assert "# Open: are the numbers of countries" in text


@pytest.mark.parametrize(
    ("numbers", "territories"),
    [
        (("432", "516"), ["Mali", "Burundi"]),
        (("466", "516"), ["Mali", "Namibia"]),
    ],
)
def test_the_whole_column_tells_the_list(numbers: tuple[str, str], territories: list[str]) -> None:
    rows = [f"e{n},2023-03-05,{one},3" for n, one in enumerate(numbers)]
    assert read("event_id,event_date,country_id,fatalities", *rows)[:2] == (territories, [])


@pytest.mark.parametrize(
    ("heading", "territory"),
    [("ISO numeric", "Bangladesh"), ("views_country_id", "Mali"), ("gwno", "Dominican Republic")],
)
def test_a_heading_that_names_the_list_decides(heading: str, territory: str) -> None:
    number = "42" if heading == "gwno" else "50"
    header = f"event_id,event_date,{heading},fatalities"
    assert read(header, f"e1,2023-03-05,{number},3")[0] == [territory]


def test_an_offices_own_numbers_are_not_taken_for_those_of_views() -> None:
    assert tell_list([("3", "", ""), ("5", "", "")]) is None
    assert tell_list([("3", "", ""), ("5", "", "")], ["month_id"]) == "views"


@pytest.mark.parametrize("draft", [True, False])
def test_points_between_thousands_are_read_where_the_column_shows_them(draft: bool) -> None:
    header = "id;date;country;killed"
    rows = ("e1;2023-03-05;Mali;1.204", "e2;2023-03-06;Mali;1.000", "e3;2023-03-07;Mali;12")
    source = Source.of_bytes("log.csv", "\n".join((header, *rows)).encode())
    text = suggest_mapping(source)
    if not draft:
        text = text.replace('decimal = ","', "")
    mapping = MappingFile.model_validate(tomllib.loads(text))
    found = reading(source, Mapped(mapping)).tables()["reports"].sort("source_row")
    assert found["deaths_best"].to_list() == [1204, 1000, 12]
