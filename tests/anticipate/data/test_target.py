"""A series of one's own is forecast where nothing else can be meant, and only there."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.data.arrange import DEFAULT
from tocsin.anticipate.data.target import LEAST_MONTHS, choose_target, refuse_missing
from tocsin.errors import StageNotReady, UsageError
from tocsin.schema.tables.assessed.incident import COUNTED, EVERYTHING

OWN = "Country-month series (own.csv)"


def rows(name: str, months: int = 60, *, source: str = OWN, gwno: int = 432) -> pl.DataFrame:
    first = pl.date_range(date(2010, 1, 1), date(2024, 12, 1), "1mo", eager=True).head(months)
    return pl.DataFrame({"month": first}).select(
        territory=pl.lit("Mali"), gwno=pl.lit(gwno, pl.Int64), month="month",
        target=pl.lit(name), deaths=pl.lit(3, pl.Int64), source=pl.lit(source),
    )  # fmt: skip


def counted(*names: str, months: int = 60) -> list[pl.DataFrame]:
    return [rows(name, months, source=COUNTED) for name in names]


CASES: list[tuple[list[pl.DataFrame], str | None]] = [
    ([rows("Morts")], "Morts"),
    ([rows("Killed"), rows("Wounded"), rows("Incidents")], "Killed"),
    ([rows("القتلى"), rows("الجرحى")], "القتلى"),
    ([rows("own_count")], "own_count"),
    ([rows("own_count"), rows("Morts")], "Morts"),
    ([rows("Morts (civils)"), rows("Morts (total)")], "Morts (total)"),
    ([rows("Civilians killed"), rows("Total killed"), rows("Soldiers killed")], "Total killed"),
    ([rows("ged_ns"), rows("ged_os"), rows("ged_total")], "ged_total"),
    # A log beside a series: what somebody counted comes before what is counted from events.
    ([rows("Morts"), *counted(EVERYTHING)], "Morts"),
    ([rows("Morts"), *counted(DEFAULT, "ged_total", EVERYTHING, months=10)], "Morts"),
    # A log alone.
    (counted(EVERYTHING), EVERYTHING),
    (counted("ged_os", "ged_total", EVERYTHING), EVERYTHING),
    # Nothing is chosen where the default can be forecast,
    ([rows(DEFAULT), rows("Morts")], None),
    ([rows("Morts"), *counted(DEFAULT, EVERYTHING)], None),
    # where two can be meant,
    ([rows("Morts"), rows("Décès")], None),
    ([rows("one"), rows("another")], None),
    # or where nothing counts deaths, is long enough, or is of the region.
    ([rows("Wounded")], None),
    ([rows("Number of incidents")], None),
    ([rows("Morts", LEAST_MONTHS - 1)], None),
    ([rows("Morts", gwno=652)], None),
    (counted(EVERYTHING, months=10), None),
]


@pytest.mark.parametrize(("held", "wanted"), CASES)
def test_what_is_forecast(held: list[pl.DataFrame], wanted: str | None) -> None:
    found = choose_target(pl.concat(held), DEFAULT, [432])
    assert (found and found.target) == wanted


def test_a_series_that_somebody_named_is_never_changed() -> None:
    assert choose_target(rows("Morts"), "ged_totl", [432]) is None


@given(st.lists(st.sampled_from(["Morts", "Killed", "Wounded", DEFAULT, "x", "Total dead"]),
                unique=True, min_size=1), st.randoms())  # fmt: skip
def test_the_order_of_rows_decides_nothing(names: list[str], chance: object) -> None:
    held = pl.concat([rows(name) for name in names])
    mixed = held.sample(fraction=1.0, shuffle=True, seed=hash(str(chance)) % 2**32)
    found = choose_target(held, DEFAULT, [432])
    assert found == choose_target(mixed, DEFAULT, [432])
    if found is not None:
        assert DEFAULT not in names
        assert found.target in names
        assert found.target != "Wounded"


def test_what_is_missing_is_said() -> None:
    with pytest.raises(UsageError, match=r"no series 'ged_sb'.*Décès, Morts"):
        refuse_missing(pl.concat([rows("Morts"), rows("Décès")]), DEFAULT)
    with pytest.raises(StageNotReady, match=r"has 10 months: any forecast needs"):
        refuse_missing(pl.concat(counted(EVERYTHING, months=10)), DEFAULT)
    with pytest.raises(StageNotReady, match=r"or set target in .*: deaths_all"):
        refuse_missing(pl.concat(counted(EVERYTHING)), "other")
    with pytest.raises(StageNotReady, match="run `tocsin assess`"):
        refuse_missing(rows("Morts").clear(), DEFAULT)
