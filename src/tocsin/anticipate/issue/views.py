"""Forecasts in the format of submissions to the 2023/24 VIEWS prediction challenge.

A table has the whole numbers `month_id` (January 1980 is 1), `country_id` or `priogrid_gid`,
`draw` and `outcome`. A submission is a folder: `cm/window=Y2018/predictions_2018.parquet` (`pgm`
for cells), and `submission_details.yml`. Source: README and compliance test of the repository
prio-data/prediction_competition_2023.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl

from tocsin.anticipate.data.panel import add_months, months_between
from tocsin.base.atomic import replace, write_bytes
from tocsin.errors import TocsinError, UsageError
from tocsin.schema.geography.territory import resolve
from tocsin.schema.mapping.numbers import views_numbers

JANUARY_1980 = date(1980, 1, 1)
FIRST_AHEAD, LAST_AHEAD = 3, 14
"""The challenge scores these months after the origin."""
DETAILS = """\
team: tocsin
short_title: "Forecasts by tocsin"
even_shorter_identifier: tocsin
authors: # One name and affil for each. Write yours before you submit.
  - name: ""
    affil: ""
contact: "" # An address of electronic mail.
"""


def month_id(month: date) -> int:
    """Give VIEWS' number of a month, which counts months from January 1980 as 1.

    Args:
        month: the first day of the month.

    >>> month_id(date(2018, 1, 1))
    457
    """
    return months_between(JANUARY_1980, month) + 1


def country_id(name: str) -> int | None:
    """Find VIEWS' number of a country.

    Args:
        name: any of the country's names.

    Returns:
        The number, or None if VIEWS has no such country.

    >>> country_id("Congo, DRC"), country_id("Atlantis")
    (167, None)
    """
    try:
        return views_numbers().get(resolve(name).gwno)
    except TocsinError:
        return None


def as_views(forecasts: pl.DataFrame) -> pl.DataFrame:
    """Rewrite forecasts in the columns of VIEWS.

    Args:
        forecasts: the columns `country` or `priogrid_gid`, `month` (as 2021-11), `draw`, `outcome`
            (deaths).

    Returns:
        The columns `month_id, country_id` (or `priogrid_gid`), `draw, outcome`, all whole numbers,
        with sorted rows.

    Raises:
        UsageError: VIEWS does not have one of the countries, or two names stand for one of its
            countries.
    """
    months = {
        text: month_id(date.fromisoformat(f"{text}-01")) for text in forecasts["month"].unique()
    }
    unit = "priogrid_gid"
    if unit not in forecasts.columns:
        unit = "country_id"
        numbers = _numbers(forecasts["country"].unique().sort().to_list())
        forecasts = forecasts.with_columns(
            pl.col("country").replace_strict(numbers, return_dtype=pl.Int64).alias(unit)
        )
    return forecasts.select(
        pl.col("month").replace_strict(months, return_dtype=pl.Int64).alias("month_id"),
        pl.col(unit).cast(pl.Int64),
        pl.col("draw").cast(pl.Int64),
        pl.col("outcome").round().cast(pl.Int64),
    ).sort("month_id", unit, "draw")


def write_submission(forecasts: pl.DataFrame, folder: Path, *, origin: date) -> Path:
    """Write one window of a submission; other windows in the folder stay.

    Only the third to the fourteenth month after the origin are written, as the challenge asks,
    and the window is named by the year of the third. `submission_details.yml` is written where
    there is none, for you to complete.

    Args:
        forecasts: forecasts as `as_views` takes them.
        folder: the folder of the submission; it is made if it is not there.
        origin: the first day of the last month that was known.

    Returns:
        The path of the window's Parquet file.

    Raises:
        UsageError: the forecasts are not as `as_views` needs them, or do not reach the third month.
    """
    first, last = (
        month_id(add_months(origin, FIRST_AHEAD)),
        month_id(add_months(origin, LAST_AHEAD)),
    )
    table = as_views(forecasts).filter(pl.col("month_id").is_between(first, last))
    if table.is_empty():
        raise UsageError(
            "The challenge scores the 3rd to the 14th month ahead; none is forecast.",
            remedy="Ask for --horizon 14.",
        )
    year = add_months(origin, FIRST_AHEAD).year
    level = "cm" if "country_id" in table.columns else "pgm"
    place = folder / level / f"window=Y{year}" / f"predictions_{year}.parquet"
    place.parent.mkdir(parents=True, exist_ok=True)
    with replace(place) as part:
        table.write_parquet(part)
    details = folder / "submission_details.yml"
    if not details.exists():
        write_bytes(details, DETAILS.encode())
    return place


def _numbers(names: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    unknown: list[str] = []
    for name in names:
        number = country_id(name)
        if number is None:
            unknown.append(name)
        elif number in found.values():
            twin = next(other for other, taken in found.items() if taken == number)
            raise UsageError(
                f"'{twin}' and '{name}' are one country to VIEWS.",
                remedy="Give each country one name in the history.",
            )
        else:
            found[name] = number
    if unknown:
        raise UsageError(
            f"VIEWS has no number for: {', '.join(unknown)}.",
            remedy="Leave them out of the history, or write without --format views.",
        )
    return found
