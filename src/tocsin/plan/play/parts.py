"""A portfolio in parts: without one of its levers, or begun later; and the step that plays them.

A brief does not wait for this step, which plays a dozen variants of each portfolio: who wants to
know runs `tocsin plan parts`, and pages tell of it as long as it belongs to the plan they show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from tocsin.plan.play import FILES, READS, play_portfolios
from tocsin.plan.portfolios import PORTFOLIOS_FILE, read_portfolios
from tocsin.plan.portfolios.declared import Measure, Portfolio, PortfolioFile
from tocsin.plan.portfolios.limits import crossed_limits
from tocsin.plan.posterior import POSTERIOR_FILE, Posterior, read_posterior
from tocsin.schema import TABLES, columns, conform
from tocsin.schema.step import Given, Step, Tables, Tell, say_nothing
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

if TYPE_CHECKING:
    from tocsin.plan.region.runs.kept import Kept

LATE = (12.0, 24.0)
"""Months by which a portfolio begins later, where nothing else is asked."""


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
    keep: Kept | None = None,
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
        keep: as `play_portfolios` takes it.
        tell: is told what is being done.

    Returns:
        The table `portfolio_parts`: a row for each variant and outcome, with `variant`, `lever`
        and `months` as `variants` has them, `extra_cost` (cost units a year beyond the whole
        portfolio; below 0 it is saved), `crosses` (a limit of the file that the variant crosses),
        and the difference, variant less whole, as the other tables of differences tell it: above 0
        the variant has more, which is what the lever or the early start averts. First comes the
        status quo, which is the portfolio without all of its levers. Levers act together, so what
        each adds last does not add up to what they do together.

    Raises:
        StageNotReady, UsageError, PluginFailed, MissingExtra: as `plan` does.
    """
    from tocsin.plan.compare import lower_bound, portfolio_levers, region_total
    from tocsin.plan.effects import tell_difference
    from tocsin.plan.region.outcomes import OUTCOMES

    some, today = variants(file, portfolio, late), file.portfolios[STATUS_QUO]
    named = {name: one for name, (_, _, one) in some.items()}
    asked = {STATUS_QUO: today, portfolio: file.find(portfolio), **named}
    played = play_portfolios(
        tables, gwnos=gwnos, futures=futures, seed=seed, start_of=file, posterior=posterior,
        portfolios=replace(file, portfolios=asked), workers=workers, keep=keep, tell=tell,
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
            "portfolio": portfolio, "variant": name, "lever": lever, "months": months,
            "extra_cost": prices[name] - prices[portfolio],
            "crosses": crossed and crossed[0],
        }  # fmt: skip
        for outcome, how in OUTCOMES.items():
            totals = (played.runs[of].totals[outcome] for of in (name, portfolio))
            variant, whole = (region_total(outcome, values) for values in totals)
            known = {key: one for key, one in tell_difference(variant - whole).items()
                     if key != "against"}  # fmt: skip
            worse = 1 - known["p_better"]
            known |= {"p_worse": worse, "p_worse_low": lower_bound(worse, len(variant))}
            rows.append(told | {"outcome": outcome, "unit": how.unit} | known)
    texts = dict.fromkeys(("lever", "crosses"), pl.String)
    return conform(TABLES["portfolio_parts"], pl.DataFrame(rows, schema_overrides=texts))


def _parts(tables: Tables, given: Given) -> Tables:
    """The parts of the portfolios that are `asked`, or of all: `portfolios`, `late`, `workers`.

    Those of others stay that were played from the same inputs, which the name of their run says.
    """
    from tocsin.plan.region.runs.kept import keeping

    held = tables["portfolio_parts"].filter(pl.col("run_id") == given.run_id)
    tables = {name: tables[name].select(columns(TABLES[name])) for name in READS}
    settings, file = given.settings, read_portfolios(given.files[PORTFOLIOS_FILE])
    names = given.asked.get("portfolios") or [one for one in file.portfolios if one != STATUS_QUO]
    with keeping() as keep:
        found = [
            compare_parts(
                tables, settings.region.gwnos, name, file=file, futures=settings.futures,
                seed=settings.seed, late=tuple(given.asked.get("late") or LATE),
                posterior=read_posterior(given.files[POSTERIOR_FILE]),
                workers=given.asked.get("workers", 1), keep=keep, tell=given.tell,
            )
            for name in dict.fromkeys(names)
        ]  # fmt: skip
    others = held.filter(~pl.col("portfolio").is_in(names)).select(found[0].columns)
    made = pl.concat([others, *found])
    order = {name: place for place, name in enumerate(file.portfolios)}
    place = pl.col("portfolio").replace_strict(order, default=0)
    return {"portfolio_parts": made.sort(place, maintain_order=True)}


STEP = Step(
    name="parts",
    room="plan",
    function=_parts,
    reads=(*READS, "portfolio_parts"),
    needs=("forecasts",),
    writes=("portfolio_parts",),
    provenance=True,
    settings=("region.gwnos", "futures"),
    seeded=True,
    files=FILES,
)
