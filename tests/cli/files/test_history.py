"""A history in a file: what is wrong with it is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.cli.files.history import read_history
from tocsin.errors import SourceRefused, UsageError


def test_the_line_of_a_wrong_value_is_said(tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text("country;month;n\n\nMali;2020-01;2\nMali;soon;3\n")
    with pytest.raises(SourceRefused, match=r"h\.csv, line 4, column month"):
        read_history(path, "n")
    path.write_text("country;month;n\n\nMali;2020-01;2\n")
    assert read_history(path, "n").deaths.tolist() == [[2.0]]


MONTHS = [f"2020-{number:02d}" for number in range(1, 5)]
ASKED = {
    "one count": "country,month,deaths\n" + "".join(f"Mali,{one},2\n" for one in MONTHS),
    "french": "Pays;Mois;Décès\n" + "".join(
        f"Mali;{name} 2020;2\n" for name in ("janvier", "février", "mars", "avril")
    ),
    "year and month": "iso3,year,month,killed,note\n" + "".join(
        f"MLI,2020,{one},2,x\n" for one in range(1, 5)
    ),
    "days": "country,date,n\n" + "".join(f"Mali,01/0{one}/2020,2\n" for one in range(1, 5)),
    "wide": f"country,{','.join(MONTHS)}\nMali,2,2,2,2\n",
}  # fmt: skip


@pytest.mark.parametrize("form", ASKED)
def test_a_series_is_read_as_its_owner_keeps_it(form: str, tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text(ASKED[form])
    found = read_history(path, None)
    assert found.deaths.tolist() == [[2.0] * 4]
    assert [f"{one:%Y-%m}" for one in found.months] == MONTHS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("country,date,n\nMali,2020-01-06,3\nMali,2020-01-13,2\n", "of days or weeks"),
        ("country,week,n\nMali,2020-W02,3\n", "of days or weeks"),
        ("country,year,deaths\nMali,2020,3\n", "no column of months"),
        ("place,month,deaths\nGao,2020-01,3\n", "no column of countries"),
        ("country,month,a,b\nMali,2020-01,3,4\n", "Which of 2 columns"),
        ("country,month,a\nMali,2020-01,few\n", "no column of numbers"),
    ],
)
def test_what_lacks_is_named(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text(text)
    with pytest.raises((UsageError, SourceRefused), match=said) as told:
        read_history(path, None)
    assert told.value.where == "h.csv"
    assert told.value.remedy
