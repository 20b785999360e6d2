"""`tocsin.compare`: portfolios of levers, set against each other in the same simulated futures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from tocsin.base.display.quantity import quantity
from tocsin.errors import TocsinError, UsageError
from tocsin.front.forecast import Forecast
from tocsin.front.frames import table, whole
from tocsin.front.fuse import Fused
from tocsin.front.progress import Progress, teller
from tocsin.front.result import Result
from tocsin.schema import TABLES, empty
from tocsin.schema.frame import Frame

if TYPE_CHECKING:
    import xarray


@dataclass(frozen=True, repr=False)
class Compared(Result):
    """This holds what portfolios do in the same futures, and how they differ future by future."""

    differences: pl.DataFrame
    """A row a pair of portfolios and outcome: mean difference, its 5 % and 95 % quantiles over
    futures, and `p_better`, the share of futures in which the first does better. Less is better
    in every outcome. Beside the share stand its bound, the least that other priors make of it
    (`p_better_low`, `p_better_2`, `p_better_4`), the ratio at which the order turns (`flips_at`),
    and how much of the spread rests on `judgement`."""
    outcomes: pl.DataFrame
    """A row a portfolio, outcome and territory ('region' for the whole)."""
    paths: pl.DataFrame
    """Each outcome month by month, for the whole region."""
    portfolios: pl.DataFrame
    """Effort and yearly cost of each lever."""
    futures: int
    """Simulated futures a portfolio."""
    seed: int
    """Start of all random numbers."""
    _play: Callable[..., xarray.Dataset]

    def dataset(self, *, workers: Any = 1) -> xarray.Dataset:
        """Give every future with labels, in place of the summaries: they are played again.

        Args:
            workers: processes, or a client of Dask; the results are the same for any number.

        Returns:
            Outcomes by portfolio, future, territory and year, with the parameters of each future,
            as `tocsin.plan.dataset` has them; `.to_netcdf("futures.nc")` writes them.

        Raises:
            MissingExtra: the extra `plan` is not installed.
        """
        return self._play(workers=workers)

    def _heading(self) -> str:
        names = self.portfolios["portfolio"].unique(maintain_order=True).to_list()
        return f"Compared in {self.futures:,} futures: {', '.join(names)}"


def compare(
    forecasts: Forecast | Frame,
    portfolios: Mapping[str, Mapping[str, float]] | None = None,
    *,
    adoption: Fused | Frame | None = None,
    mechanisms: Sequence[str] = (),
    futures: int = 500,
    seed: int = 20260101,
    progress: Progress = None,
) -> Compared:
    """Compare portfolios of levers in the same futures of the regional model.

    The simulation starts from a forecast: its mean over the first twelve months is each
    territory's level of violence. Every portfolio meets the same futures (common random numbers),
    so that differences are between portfolios and not between chances. What the model can and
    cannot say: docs/model.md.

    Args:
        forecasts: what `tocsin.forecast` gave for countries (their names or Gleditsch-Ward numbers
            are looked up), or the table `forecasts`.
        portfolios: for each name the effort by lever, from 0 (nothing) to 1 (all that could be
            done); a lever that is not named gets none. None stands for those of `tocsin.plan`. The
            status quo is always among them.
        adoption: what `tocsin.fuse` gave, or the table `adoption`: who holds which technology.
            Without it all territories start from little.
        mechanisms: names of mechanisms of other packages.
        futures: how many futures are simulated for each portfolio, at least 2.
        seed: start of all random numbers; the same seed gives the same bits on one machine.
        progress: True for a line on standard error, or a function that is given the words.

    Returns:
        The tables `.differences`, `.outcomes`, `.paths` and `.portfolios`; `tocsin.schema` has
        their columns and units. `.dataset()` gives every future, as a data set of xarray.

    Raises:
        UsageError: a column is missing, no country has a forecast, no portfolio is named, no such
            lever or mechanism, or an effort outside 0 to 1.
        PluginFailed: a lever or mechanism of another package failed.
        MissingExtra: the extra `plan` is not installed.

    >>> import tocsin
    >>> from datetime import date
    >>> months = pl.date_range(date(2018, 1, 1), date(2023, 12, 1), "1mo", eager=True)
    >>> counts = pl.DataFrame({"country": "Mali", "month": months, "deaths": range(72)})
    >>> ahead = tocsin.forecast(counts, model="zero-inflated", draws=100)
    >>> found = tocsin.compare(ahead, {"more talks": {"dialogue": 0.8}}, futures=20)
    >>> found.differences.select("portfolio", "against").unique().rows()
    [('more talks', 'status quo')]
    >>> float(found.dataset()["deaths"].sel(portfolio="status quo", future=0).sum()) > 0
    True
    """
    from tocsin.plan import dataset, plan

    futures = whole("futures", futures, 2, 1_000_000)
    _check(portfolios)
    if portfolios is not None and not portfolios:
        raise UsageError(
            "No portfolio is named, so there is nothing to compare with the status quo.",
            where="portfolios",
            remedy="Give one such as {'more talks': {'dialogue': 0.8}}, or None for those that "
            "ship with tocsin.",
        )
    start = _forecasts(forecasts)
    if isinstance(adoption, Fused):
        adoption = adoption.adoption
    held = empty(TABLES["adoption"]) if adoption is None else table("adoption", adoption)
    gwnos = start["gwno"].unique().sort().to_list()
    teller(progress)(
        f"Simulating {quantity(futures, 'future')} a portfolio of "
        f"{quantity(len(gwnos), 'territory', 'territories')}"
    )
    tables = {"forecasts": start, "adoption": held}
    if isinstance(forecasts, Forecast):
        numbers = dict(start.select("territory", "gwno").unique().iter_rows())
        number = pl.col("territory").replace_strict(numbers, return_dtype=pl.Int64)
        tables["forecast_draws"] = forecasts._draws.with_columns(number.alias("gwno"))
    asked: dict[str, Any] = {
        "gwnos": gwnos,
        "futures": futures,
        "seed": seed,
        "portfolios": portfolios,
        "mechanisms": mechanisms,
    }
    found = plan(tables, **asked)
    return Compared(
        differences=found["comparisons"],
        outcomes=found["outcomes"],
        paths=found["outcome_paths"],
        portfolios=found["portfolio_levers"],
        futures=futures,
        seed=seed,
        _play=partial(dataset, tables, **asked),
    )


def _check(portfolios: object) -> None:
    """Refuse what is no mapping of names to efforts by lever."""
    whole = {} if portfolios is None else portfolios
    if isinstance(whole, Mapping) and all(isinstance(one, Mapping) for one in whole.values()):
        return
    raise UsageError(
        "Portfolios are told by name, each with its efforts by lever.",
        where="portfolios",
        remedy="Give them as {'more talks': {'dialogue': 0.8}}.",
    )


def _forecasts(given: Forecast | Frame) -> pl.DataFrame:
    """The table `forecasts`, with the Gleditsch-Ward number of each country."""
    if not isinstance(given, Forecast):
        try:
            return table("forecasts", given)
        except UsageError as error:
            remedy = (
                f"Give what `tocsin.forecast` returned, or the table `forecasts`. {error.remedy}"
            )
            raise UsageError(error.what, where=error.where, remedy=remedy) from error
    from tocsin.schema.geography.territory import resolve

    numbers, unknown = {}, []
    for name in given.summary["country"].unique(maintain_order=True):
        try:
            numbers[name] = resolve(name, on=given.origin).gwno
        except TocsinError:
            unknown.append(name)
    if unknown:
        raise UsageError(
            f"No territory is called '{unknown[0]}' ({len(unknown)} such units).",
            where="forecasts",
            remedy="The regional model knows countries: name them as `tocsin territories` does.",
        )
    return table(
        "forecasts",
        given.summary.select(
            pl.col("country").alias("territory"),
            pl.col("country").replace_strict(numbers, return_dtype=pl.Int64).alias("gwno"),
            pl.lit(given.target).alias("target"),
            pl.lit(given.origin).alias("origin"),
            "month", "horizon", pl.lit(given.model).alias("model"),
            "mean", "p05", "p25", "p50", "p75", "p95", "p_any", "p_25",
            pl.lit(f"forecast by {given.model}").alias("source"),
        ),
    )  # fmt: skip
