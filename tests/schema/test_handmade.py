"""Tables kept by hand: headings of other languages, numbers with commas, and what is refused."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import SourceRefused
from tocsin.schema.handmade import read_handmade

HEADINGS = {"source": ("origine",), "capacity": ("capacité",), "cost": ("coût",)}


def read(**columns: list[str | None]) -> tuple[pl.DataFrame, tuple[str, ...]]:
    made = read_handmade(
        pl.DataFrame(columns), HEADINGS, numbers=["capacity", "cost"], where="w.csv"
    )
    return made.rows, made.assumed


def test_headings_of_other_languages_and_spellings_are_read_and_said() -> None:
    rows, said = read(**{"Origine": ["a b"], "CAPACITÉ (t/mois)": ["12,5"], "Coût": ["1 200"],
                         "Notes": ["1,5 x"]})  # fmt: skip
    assert rows.to_dicts() == [
        {"source": "a b", "capacity": "12.5", "cost": "1200", "Notes": "1,5 x"}
    ]
    assert said == (
        "Headings of w.csv were read: 'Origine' as source, 'CAPACITÉ (t/mois)' as capacity, "
        "'Coût' as cost.",
        "Decimals have a comma in w.csv.",
    )
    # The house's own name wins, and what stands beside it is another column.
    rows, said = read(source=["a"], Origine=["x"])
    assert (rows.columns, said) == (["source", "Origine"], ())


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["1,234.5", "1,234"], ["1234.5", "1234"]),
        (["1.234,5", "1.234"], ["1234.5", "1234"]),
        (["1.234", "7"], ["1.234", "7"]),
        (["1\u202f234", "1 234 567", "1’000"], ["1234", "1234567", "1000"]),
        (["0.500", "1,000"], ["0.500", "1000"]),
        (["many", "", None, "-3", "1e3"], ["many", "", None, "-3", "1e3"]),
    ],
)
def test_numbers_are_read_as_the_table_writes_them(
    cells: list[str | None], found: list[str | None]
) -> None:
    assert read(capacity=cells)[0]["capacity"].to_list() == found


def test_what_can_be_read_in_two_ways_is_refused_by_row() -> None:
    with pytest.raises(SourceRefused, match="in two ways") as told:
        read(capacity=["7", "1,234"])
    assert "w.csv, row 3, column capacity" in str(told.value)
    assert "Write 1234 or 1.234." in str(told.value)
    with pytest.raises(SourceRefused, match=r"comma in '1,5' \(row 2, column cost\)"):
        read(capacity=["12.5"], cost=["1,5"])
    with pytest.raises(SourceRefused, match="both mean cost"):
        read(**{"Coût": ["1"], "cout": ["2"]})


@given(st.lists(st.decimals(0, 10**8, places=1), min_size=1, max_size=8))
def test_a_table_with_commas_says_the_same_as_one_with_points(amounts: list[object]) -> None:
    # One number shows which sign it is.
    plain = ["0.5", *(f"{one}" for one in amounts)]
    grouped = ["0,5", *(f"{one:,}".translate(str.maketrans(",.", ".,")) for one in amounts)]
    assert read(capacity=plain)[0].equals(read(capacity=grouped)[0])


def test_times_come_out_in_one_form() -> None:
    table = pl.DataFrame({
        "Date": ["25/03/2021", "4 mai 2021", "2021-05-17 08:00:00", "n/a", "soon"],
        "exit": ["2023", None, "2022-05", "", "2022-01-31"],
    })  # fmt: skip
    made = read_handmade(table, {"time": ["date"], "exit": []}, numbers=(), days=("time", "exit"),
                         where="t")  # fmt: skip
    assert made.rows["time"].to_list() == ["2021-03-25", "2021-05-04", "2021-05-17", None, "soon"]
    assert made.rows["exit"].to_list() == ["2023-12-31", None, "2022-05-31", None, "2022-01-31"]
    assert any("first day, in to and exit for their last" in line for line in made.assumed)
    either = read_handmade(pl.DataFrame({"time": ["05/03/2021"]}), {"time": []}, numbers=(),
                           days=["time"], where="t")  # fmt: skip
    assert either.rows["time"].to_list() == ["2021-03-05"]
    assert either.assumed == ("Days of t such as '05/03/2021' were read with the day first.",)


def test_numbers_without_a_day_among_them_stay_numbers() -> None:
    table = pl.DataFrame({"time": ["2015", "2016.5", "-"]})
    made = read_handmade(table, {"time": []}, numbers=(), days=["time"], where="t")
    assert made.rows["time"].to_list() == ["2015", "2016.5", None]
    assert made.assumed == ()
    odd = read_handmade(pl.DataFrame({"time": ["2015", "soon"]}), {"time": []}, numbers=(),
                        days=["time"], where="t")  # fmt: skip
    assert odd.rows["time"].to_list() == ["2015", "soon"]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["03.02.2011", "15.06.2012", ""], ["2011-02-03", "2012-06-15", None]),
        (["3.2.11", "15.6.12", "never"], ["2011-02-03", "2012-06-15", "never"]),
        (["2011.02.03", "2012"], ["2011-02-03", "2012-01-01"]),
        (["03.2011", "11.2012", ""], ["2011-03-01", "2012-11-01", None]),
        (["3.2011", "2012", "1.2014"], ["2011-03-01", "2012-01-01", "2014-01-01"]),
        (["3.2011", "2012-05-04"], ["2011-03-01", "2012-05-04"]),
        (["3.2011", "4.5"], ["3.2011", "4.5"]),
        (["2011.03", "2011.1", "2012.12"], ["2011-03-01", "2011-10-01", "2012-12-01"]),
        (["2011.03", "2011.50", "2012.12"], ["2011.03", "2011.50", "2012.12"]),
        (["2011.1", "2011.2", "2012.4"], ["2011.1", "2011.2", "2012.4"]),
        (["1.000", "2.000"], ["1.000", "2.000"]),
        (["1.000.000", "2.500"], ["1.000.000", "2.500"]),
    ],
)
def test_points_between_days_and_months(cells: list[str], found: list[str | None]) -> None:
    """A column of nothing but '03.02.2011' was taken for numbers, and no row could be used."""
    made = read_handmade(
        pl.DataFrame({"day": cells}), {"day": ()}, numbers=(), days=["day"], where="w.csv"
    )
    assert made.rows["day"].to_list() == found


@pytest.mark.parametrize(
    ("cell", "first"),
    [
        ("2011-Q1", "2011-01-01"), ("2011.Q2", "2011-04-01"), ("Q3.2011", "2011-07-01"),
        ("4Q2011", "2011-10-01"), ("2011q2", "2011-04-01"), ("2011T3", "2011-07-01"),
        ("T4 2011", "2011-10-01"), ("2T 2011", "2011-04-01"), ("2011M03", "2011-03-01"),
        ("2011m3", "2011-03-01"), ("2011-M03", "2011-03-01"), ("03/2011", "2011-03-01"),
        ("3-2011", "2011-03-01"), ("2011-w10", "2011-03-07"),
    ],
)  # fmt: skip
def test_periods_stand_for_their_first_day(cell: str, first: str) -> None:
    """Statistical offices write 2011M03 and 2011T1, which nobody read; '03.2011' was 3.2011."""
    made = read_handmade(
        pl.DataFrame({"time": [cell, "2012-05-04"]}), {"time": ()}, numbers=(), days=["time"],
        where="w.csv",
    )  # fmt: skip
    assert made.rows["time"].to_list() == [first, "2012-05-04"]


def test_years_with_a_number_from_1_to_4_behind_a_point_may_be_quarters() -> None:
    """They stay numbers, as parts of years; a sentence says so, and how to write a quarter."""
    made = read_handmade(
        pl.DataFrame({"time": ["2011.1", "2011.2", "2012.4"]}), {"time": ()}, numbers=(),
        days=["time"], where="w.csv",
    )  # fmt: skip
    assert "write 2011-Q1" in made.assumed[0]
