"""Outcomes of portfolios over many futures, always with intervals and paired differences."""

from __future__ import annotations

import pandera.polars as pa

from tocsin.schema.table import Table


class Outcome(Table):
    """One outcome of one portfolio in one territory, over all futures."""

    portfolio: str
    outcome: str
    unit: str
    territory: str = pa.Field(description="a territory, or 'region' for the whole")
    n_futures: int = pa.Field(ge=2)
    mean: float
    low: float = pa.Field(description="5 % quantile over futures")
    median: float
    high: float = pa.Field(description="95 % quantile over futures")
    p_1000: float = pa.Field(
        nullable=True, ge=0, le=1, description="share of futures with 1,000 deaths or more"
    )
    judgement: float = pa.Field(
        nullable=True, ge=0, le=1,
        description="share of the region's variance that rests on judgement, at least",
    )  # fmt: skip


class OutcomePath(Table):
    """One outcome of one portfolio month by month, for the whole region."""

    portfolio: str
    outcome: str
    unit: str
    step: int = pa.Field(ge=0, description="months from the start of the simulation")
    mean: float
    low: float
    high: float


class FuturePath(Table):
    """One future under one portfolio, quarter by quarter and territory by territory.

    It is one course that chance and parameters drew, and no forecast.
    """

    portfolio: str
    future: int = pa.Field(ge=0, description="its number, by which it can be played again")
    fewer: float = pa.Field(
        ge=0, le=1, description="share of futures with fewer deaths under the status quo"
    )
    territory: str
    gwno: int = pa.Field(ge=1)
    quarter: int = pa.Field(ge=0, description="quarters from the start of the simulation")
    deaths: float = pa.Field(ge=0)
    displaced: float = pa.Field(ge=0, description="people")


class Comparison(Table):
    """Difference of a portfolio to another in the same futures (common random numbers)."""

    portfolio: str
    against: str
    outcome: str
    unit: str
    n_futures: int = pa.Field(ge=2)
    mean: float
    low: float = pa.Field(description="5 % quantile of the paired difference")
    median: float = pa.Field(nullable=True)
    high: float = pa.Field(description="95 % quantile of the paired difference")
    p_better: float = pa.Field(
        ge=0, le=1, description="share of futures in which it does better; ties count as half"
    )
    p_better_low: float = pa.Field(
        nullable=True, ge=0, le=1, description="95 % lower bound, since so few futures were played"
    )
    p_better_2: float = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="of that bound, the least by priors of density ratio 2 at most",
    )
    p_better_4: float = pa.Field(
        nullable=True,
        ge=0,
        le=1,
        description="of that bound, the least by priors of density ratio 4 at most",
    )
    flips_at: float = pa.Field(
        nullable=True, ge=1, description="density ratio at which the order flips; empty: none does"
    )
    judgement: float = pa.Field(
        nullable=True, ge=0, le=1, description="share of the difference's variance, at least"
    )


class YearComparison(Table):
    """Difference of a portfolio to another by the end of a year, in the same futures.

    What is counted is added up from the start; of a level it is the mean of that year.
    """

    portfolio: str
    against: str
    outcome: str
    unit: str
    year: int = pa.Field(ge=1, description="years from the start of the simulation")
    n_futures: int = pa.Field(ge=2)
    mean: float
    low: float = pa.Field(description="5 % quantile of the paired difference")
    median: float
    high: float = pa.Field(description="95 % quantile of the paired difference")
    p_better: float = pa.Field(
        ge=0, le=1, description="share of futures in which it does better; ties count as half"
    )
    p_better_low: float = pa.Field(
        ge=0, le=1, description="95 % lower bound, since so few futures were played"
    )


class TerritoryComparison(Table):
    """Difference of a portfolio to another in one territory, in the same futures."""

    portfolio: str
    against: str
    outcome: str
    unit: str
    territory: str
    n_futures: int = pa.Field(ge=2)
    mean: float
    low: float = pa.Field(description="5 % quantile of the paired difference")
    median: float
    high: float = pa.Field(description="95 % quantile of the paired difference")
    p_better: float = pa.Field(
        ge=0, le=1, description="share of futures in which it does better; ties count as half"
    )
    p_better_low: float = pa.Field(
        ge=0, le=1, description="95 % lower bound, since so few futures were played"
    )


class PortfolioPart(Table):
    """What a portfolio has more of where one lever is left as it is today, or where it begins late.

    Differences to the whole portfolio in the same futures; first comes the status quo, which is the
    portfolio without all of its levers.
    """

    portfolio: str
    variant: str
    lever: str = pa.Field(nullable=True, description="left as it is today; empty: none or all")
    months: float = pa.Field(ge=0, description="by which it begins later; 0: not later")
    extra_cost: float = pa.Field(description="cost units a year beyond the whole portfolio's")
    crosses: str = pa.Field(nullable=True, description="a limit of the file that it crosses")
    outcome: str
    unit: str
    n_futures: int = pa.Field(ge=2)
    mean: float
    low: float = pa.Field(description="5 % quantile of the paired difference")
    median: float
    high: float = pa.Field(description="95 % quantile of the paired difference")
    p_better: float = pa.Field(
        ge=0, le=1, description="share of futures with less of it; ties count as half"
    )
    p_better_low: float = pa.Field(ge=0, le=1, description="95 % lower bound")
    p_worse: float = pa.Field(
        ge=0, le=1, description="share of futures with more of it; ties count as half"
    )
    p_worse_low: float = pa.Field(ge=0, le=1, description="95 % lower bound")


class Signpost(Table):
    """What to watch under a portfolio, and from which value on another does better afterwards.

    Found on half of the futures, measured on the other half; without a signal nothing tells.
    """

    portfolio: str
    against: str
    outcome: str
    month: int = pa.Field(ge=1, description="the mean of the year that ends here is watched")
    n_futures: int = pa.Field(ge=1, description="by which it is measured")
    p_better: float = pa.Field(ge=0, le=1, description="after that month, in all of them")
    signal: str = pa.Field(nullable=True, description="what is watched, as rules name it")
    unit: str = pa.Field(nullable=True)
    above: bool = pa.Field(nullable=True, description="beyond is above the value, or below it")
    value: float = pa.Field(nullable=True)
    share: float = pa.Field(nullable=True, ge=0, le=1, description="of futures that lie beyond")
    p_better_beyond: float = pa.Field(nullable=True, ge=0, le=1)
    p_better_beyond_low: float = pa.Field(nullable=True, ge=0, le=1, description="90 % interval")
    p_better_beyond_high: float = pa.Field(nullable=True, ge=0, le=1)
    p_better_within: float = pa.Field(nullable=True, ge=0, le=1)
    p_better_within_low: float = pa.Field(nullable=True, ge=0, le=1, description="90 % interval")
    p_better_within_high: float = pa.Field(nullable=True, ge=0, le=1)
    mean_beyond: float = pa.Field(nullable=True, description="difference after that month")
    mean_within: float = pa.Field(nullable=True, description="difference after that month")
    turns: bool = pa.Field(description="the other is shown to do better beyond, and not within")


class PortfolioLever(Table):
    """What a portfolio does: the effort put on each lever and its yearly cost."""

    portfolio: str
    lever: str
    effort: float = pa.Field(ge=0, le=1)
    cost: float = pa.Field(ge=0, description="cost units a year (1 = full effort on one lever)")


class RuleFiring(Table):
    """How often an adaptive rule of a portfolio fires, and when."""

    portfolio: str
    number: int = pa.Field(ge=1, description="its place among the portfolio's rules")
    sentence: str
    signal: str = pa.Field(description="what it watches")
    n_futures: int = pa.Field(ge=1)
    share: float = pa.Field(ge=0, le=1, description="of futures in which it fires")
    month_low: float = pa.Field(nullable=True, ge=0, description="5 % quantile; empty: never")
    month_median: float = pa.Field(nullable=True, ge=0)
    month_high: float = pa.Field(nullable=True, ge=0, description="95 % quantile")


class Regret(Table):
    """What a portfolio may be regretted for in one outcome, against the best of each future."""

    portfolio: str
    outcome: str
    unit: str
    n_futures: int = pa.Field(ge=2)
    mean: float = pa.Field(ge=0)
    p90: float = pa.Field(ge=0, description="not exceeded in 90 % of futures")
    greatest: float = pa.Field(ge=0)
    good_enough: float = pa.Field(
        ge=0, le=1, description="share of futures no worse than the status quo's mean"
    )


class ParameterSwing(Table):
    """How a portfolio's difference to another depends on one parameter of the model."""

    portfolio: str
    against: str
    outcome: str
    unit: str
    parameter: str
    basis: str = pa.Field(description="what its prior rests on")
    mean: float = pa.Field(description="difference over all futures")
    low: float = pa.Field(description="where the parameter lies in its lowest fifth")
    high: float = pa.Field(description="where it lies in its highest fifth")
    error: float = pa.Field(ge=0, description="standard error of high less low")
