"""What a portfolio changes: by the end of each year, for whom, by which lever, and begun late.

Like `compare`, in the same futures: of each future the difference is taken first, and then the mean
and the interval, so that chance which both share cancels (common random numbers).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.plan.compare import SOURCE, lower_bound, share_better
from tocsin.plan.exploration.signposts import signposts
from tocsin.plan.portfolios.declared import Measure, Portfolio, PortfolioFile
from tocsin.plan.portfolios.limits import crossed_limits
from tocsin.plan.posterior import Posterior
from tocsin.plan.region.outcomes import OUTCOMES
from tocsin.schema import TABLES, conform
from tocsin.schema.step import Tell, say_nothing
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

if TYPE_CHECKING:
    from tocsin.plan.compare import PortfolioRun

Floats = npt.NDArray[np.float64]
A_YEAR = 12
LATE = (12.0, 24.0)
"""Months by which a portfolio begins later, where nothing else is asked."""


def decision_tables(
    runs: Mapping[str, PortfolioRun], territories: tuple[str, ...]
) -> dict[str, pl.DataFrame]:
    """Give the tables that answer what who decides asks: when, for whom, and what to watch.

    Args:
        runs: of each portfolio, with paths; the status quo is among them.
        territories: in the order of the last axis of what is counted by territory.

    Returns:
        `comparison_years`, `comparison_territories` and `signposts`.
    """
    return {
        "comparison_years": comparison_years(runs),
        "comparison_territories": comparison_territories(runs, territories),
        "signposts": signposts(runs),
    }


def comparison_years(runs: Mapping[str, PortfolioRun]) -> pl.DataFrame:
    """Compare portfolios with the status quo by the end of each year.

    Args:
        runs: of each portfolio, with paths; the status quo is among them.

    Returns:
        The table `comparison_years`: what is counted is added up from the start to the end of the
        year; of a level it is the mean of that year, or its last month where only the end counts.
    """
    rows = []
    for name, run in runs.items():
        for outcome, how in OUTCOMES.items() if name != STATUS_QUO else ():
            change = _by_year(run.paths[outcome] - runs[STATUS_QUO].paths[outcome], how.how)
            for year, values in enumerate(change.T, 1):
                told = {"outcome": outcome, "unit": how.monthly.removesuffix(" a month")}
                rows.append({"portfolio": name, "year": year, **told} | _difference(values))
    return conform(TABLES["comparison_years"], pl.DataFrame(rows))


def comparison_territories(
    runs: Mapping[str, PortfolioRun], territories: tuple[str, ...]
) -> pl.DataFrame:
    """Compare portfolios with the status quo in each territory.

    Args:
        runs: of each portfolio; the status quo is among them.
        territories: in the order of the last axis of what is counted by territory.

    Returns:
        The table `comparison_territories`. What is counted for the region only is not in it.
    """
    rows = []
    for name, run in runs.items():
        for outcome, how in OUTCOMES.items() if name != STATUS_QUO else ():
            change = run.totals[outcome] - runs[STATUS_QUO].totals[outcome]
            if change.ndim == 1:
                continue
            for place, values in zip(territories, change.T, strict=True):
                told = {"outcome": outcome, "unit": how.unit}
                rows.append({"portfolio": name, "territory": place, **told} | _difference(values))
    return conform(TABLES["comparison_territories"], pl.DataFrame(rows))


def _by_year(monthly: Floats, how: str) -> Floats:
    """Months (F, M) as years (F, Y), in the way in which an outcome is counted."""
    years = monthly[:, : monthly.shape[1] // A_YEAR * A_YEAR].reshape(len(monthly), -1, A_YEAR)
    if how == "last":
        return np.asarray(years[:, :, -1])
    return np.asarray(years.sum(axis=2).cumsum(axis=1) if how == "sum" else years.mean(axis=2))


def _difference(values: Floats) -> dict[str, Any]:
    """What is told of a difference to the status quo over futures."""
    low, median, high = (float(one) for one in np.quantile(values, [0.05, 0.5, 0.95]))
    better = share_better(values)
    return {
        "against": STATUS_QUO,
        "n_futures": len(values),
        "mean": float(values.mean()),
        "low": low,
        "median": median,
        "high": high,
        "p_better": better,
        "p_better_low": lower_bound(better, len(values)),
        "source": SOURCE,
    }


def variants(
    file: PortfolioFile, portfolio: str, late: tuple[float, ...] = LATE
) -> dict[str, tuple[str | None, float, Portfolio]]:
    """Make what a portfolio is compared with to see what its parts do.

    Args:
        file: the file of portfolios.
        portfolio: the name of one of them.
        late: months by which it begins later.

    Returns:
        For each variant a name, the lever that is left as it is today (None: none) with the months
        by which it begins later (0: none), and the portfolio. A rule no longer acts on a lever that
        is left as it is. A lever that does what it does today has no variant.

    Raises:
        UsageError: there is no such portfolio.
    """
    whole, today = file.find(portfolio), file.portfolios[STATUS_QUO].measures
    found: dict[str, tuple[str | None, float, Portfolio]] = {}
    named = [lever for rule in whole.rules for lever, _ in rule.actions]
    for lever in dict.fromkeys([*whole.measures, *today, *named]):
        now, then = (one.get(lever, Measure(0.0)) for one in (whole.measures, today))
        if now == then and lever not in named:
            continue
        rules = [
            replace(rule, actions=tuple(one for one in rule.actions if one[0] != lever))
            for rule in whole.rules
        ]
        kept = tuple(rule for rule in rules if rule.actions)
        left = replace(whole, measures={**whole.measures, lever: then}, rules=kept)
        found[f"without {lever}"] = (lever, 0.0, left)
    for months in late:
        moved = {
            lever: replace(
                one, start=one.start + months,
                stop=None if one.stop is None else one.stop + months,
            )
            for lever, one in whole.measures.items()
        }  # fmt: skip
        found[f"{months:g} months later"] = (None, months, replace(whole, measures=moved))
    return found


def compare_parts(
    tables: Mapping[str, pl.DataFrame],
    gwnos: list[int],
    portfolio: str,
    *,
    file: PortfolioFile,
    futures: int,
    seed: int,
    late: tuple[float, ...] = LATE,
    posterior: Posterior | None = None,
    workers: int = 1,
    tell: Tell = say_nothing,
) -> pl.DataFrame:
    """Say what each lever of a portfolio adds to it, and what is lost if it begins later.

    Args:
        tables: as `plan` takes them.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        portfolio: the name of a portfolio of the file.
        file: the file of portfolios.
        futures: how many are played; with as many and the seed of a plan they are the plan's.
        seed: start of all random numbers.
        late: months by which it begins later.
        posterior: of the calibrated parameters; None: the one that ships with tocsin.
        workers: processes.
        tell: is told what is being done.

    Returns:
        A row for each variant and outcome: `variant`, `lever` and `months` as `variants` has them,
        `extra_cost` (cost units a year beyond the whole portfolio; below 0 it is saved),
        `crosses` (a limit of the file that the variant crosses), `outcome`, `unit`, and the
        difference, variant less whole, as the other tables of differences tell it: above 0 the
        variant has more, which is what the lever or the early start averts. First comes the status
        quo, which is the portfolio without all of its levers. Levers act together, so what each
        adds last does not add up to what they do together.

    Raises:
        StageNotReady, UsageError, PluginFailed, MissingExtra: as `plan` does.
    """
    from tocsin.plan.compare import portfolio_levers, region_total
    from tocsin.plan.play import play_portfolios

    some, today = variants(file, portfolio, late), file.portfolios[STATUS_QUO]
    named = {name: one for name, (_, _, one) in some.items()}
    asked = {STATUS_QUO: today, portfolio: file.find(portfolio), **named}
    played = play_portfolios(
        tables, gwnos=gwnos, futures=futures, seed=seed, start_of=file, posterior=posterior,
        portfolios=replace(file, portfolios=asked), workers=workers, tell=tell,
    )  # fmt: skip
    costs = {name: terms.cost for name, terms in file.levers.items()}
    levers = portfolio_levers({name: one.efforts for name, one in asked.items()}, costs)
    prices = dict(levers.group_by("portfolio").agg(pl.col("cost").sum()).rows())
    rows = []
    for name, one in asked.items():
        if name == portfolio:
            continue
        lever, months, _ = some.get(name, (None, 0.0, one))
        crossed = next(crossed_limits(one, file.levers, file.limits, today.efforts), None)
        told = {
            "variant": name, "lever": lever, "months": months,
            "extra_cost": prices[name] - prices[portfolio],
            "crosses": crossed and crossed[0],
        }  # fmt: skip
        for outcome, how in OUTCOMES.items():
            totals = (played.runs[of].totals[outcome] for of in (name, portfolio))
            variant, whole = (region_total(outcome, values) for values in totals)
            known = _difference(variant - whole) | {"against": portfolio}
            worse = 1 - known["p_better"]
            known |= {"p_worse": worse, "p_worse_low": lower_bound(worse, len(variant))}
            rows.append(told | {"outcome": outcome, "unit": how.unit} | known)
    texts = dict.fromkeys(("lever", "crosses"), pl.String)
    return pl.DataFrame(rows, schema_overrides=texts).drop("source")
