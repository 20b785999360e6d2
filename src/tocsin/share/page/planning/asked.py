"""What who decides asks of a plan: what it buys and when, who bears it, what to watch, how wrong.

Each answer is a few plain values from tables, and `answers` puts them into a language's sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from tocsin.schema.vocabulary.portfolio import STATUS_QUO
from tocsin.share.facts.words import Facts
from tocsin.share.page.planning.words import PlanWords

Tables = Mapping[str, pl.DataFrame]
SHOWN_YEARS = (1, 2, 3, 5, 10)
"""Years by whose end it is told what was changed."""
MOST_RIVALS = 3
"""Rivals that are named under one portfolio, beside the status quo."""
RARELY = 0.05
"""The share of futures beyond the upper end of a difference, which is its 95 % quantile."""
RECORD: dict[str, dict[str, tuple[float, float]]] = {
    "log": {"model": (0.255, 0.331), "forecast": (0.257, 0.331), "last_year": (0.338, 0.416)},
    "deaths": {"model": (405, 866), "forecast": (409, 886), "last_year": (460, 956)},
    "held": {"all": (0.97, 0.96), "at_war": (0.90, 0.89)},
}
"""How wrong the model was in years two and three from the ends of 2017, 2018 and 2019, years that
it was not fitted to: the mean error (CRPS) of log(1 + deaths) and of deaths a year, and how many of
its 90 % intervals held. From `tocsin bench plan --section years`; docs/methods/calibration.md has
the machine and the day, and a test holds these to it."""


def bought(tables: Tables) -> list[Facts]:
    """List what each portfolio changes in deaths by the end of years, and per unit of cost.

    Args:
        tables: `comparison_years` and `portfolio_levers`.

    Returns:
        Rows of `portfolio`; `extra`, what it costs a year beyond the status quo, in cost units;
        `years`, rows of `year, mean, low, high, p_better` (difference in deaths, added up from the
        start); and `each`, how many fewer deaths there are for each unit of extra cost over all
        years, as `mean, low, high` (None where it costs no more).
    """
    costs = dict(tables["portfolio_levers"].group_by("portfolio").agg(pl.col("cost").sum()).rows())
    deaths = tables["comparison_years"].filter(pl.col("outcome") == "deaths").sort("year")
    found = []
    for (name,), part in deaths.group_by("portfolio", maintain_order=True):
        rows = part.select("year", "mean", "low", "high", "p_better").to_dicts()
        extra = costs.get(name, 0.0) - costs.get(STATUS_QUO, 0.0)
        last, each = rows[-1], None
        if extra > 0:
            spent = extra * last["year"]
            ends = {"mean": last["mean"], "low": last["high"], "high": last["low"]}
            each = {end: -value / spent for end, value in ends.items()}
        years = [row for row in rows if row["year"] in SHOWN_YEARS or row is last]
        found.append({"portfolio": name, "extra": extra, "years": years, "each": each})
    order = list(dict.fromkeys(tables["portfolio_levers"]["portfolio"]))
    return sorted(found, key=lambda row: order.index(row["portfolio"]))


def borne(tables: Tables) -> list[Facts]:
    """List what each portfolio changes in each territory, and what it makes worse there.

    Args:
        tables: `comparison_territories`.

    Returns:
        Rows of `portfolio, territory`; `deaths` and `displaced`, each with `mean, low, high`; and
        `worse`, pairs of an outcome and the share of futures in which it is worse (a tie counts as
        half), where it is so on average or in most futures. None stands for a share of at most
        `RARELY`: the upper end of the difference is not above 0, and ties make up nearly all.
    """
    found = []
    groups = tables["comparison_territories"].group_by(
        "portfolio", "territory", maintain_order=True
    )
    for (name, territory), part in groups:
        rows = {row["outcome"]: row for row in part.to_dicts()}
        worse = [
            (key, 1 - row["p_better"] if row["high"] > 0 else None)
            for key, row in rows.items()
            if row["mean"] > 0 or row["p_better"] < 0.5
        ]
        row = {"portfolio": name, "territory": territory, "worse": worse}
        for outcome in ("deaths", "displaced"):
            row[outcome] = {end: rows[outcome][end] for end in ("mean", "low", "high")}
        found.append(row)
    return found


def watched(tables: Tables) -> list[Facts]:
    """List what to watch under each portfolio.

    Args:
        tables: `signposts`.

    Returns:
        Of each portfolio its row on deaths against the status quo, those on other outcomes in
        which the status quo does better beyond a value, and of other rivals those that have fewer
        deaths beyond one, at most `MOST_RIVALS`; outcomes of which all is alike are `outcomes` of
        one row. Then a row with the `firm` outcomes, in which no value was found beyond which the
        status quo does better, and one with the `worse` ones, in which that does better anyhow.
    """
    found = []
    for _, part in tables["signposts"].group_by("portfolio", maintain_order=True):
        rows = part.to_dicts()
        base = [row for row in rows if row["against"] == STATUS_QUO]
        others = [row for row in rows if row["against"] != STATUS_QUO and row["turns"]]
        others = [row for row in others if row["outcome"] == "deaths"]
        others.sort(key=lambda row: row["p_better_beyond"])
        told = [row for row in base if row["outcome"] == "deaths" or row["turns"]]
        found += _join_outcomes(told + others[:MOST_RIVALS])
        rest = [row for row in base if row["outcome"] != "deaths" and not row["turns"]]
        for name, worse in (("firm", False), ("worse", True)):
            some = [row["outcome"] for row in rest if (row["p_better"] < 0.5) == worse]
            if some:
                found.append({"portfolio": base[0]["portfolio"], name: some})
    return found


def _join_outcomes(rows: Sequence[Facts]) -> list[Facts]:
    """One row for outcomes of which all is alike, as people displaced often follow deaths."""
    found: dict[str, Facts] = {}
    for row in rows:
        alike = {key: row[key] for key in row if key != "outcome" and not key.startswith("mean_")}
        found.setdefault(repr(alike), {**row, "outcomes": []})["outcomes"].append(row["outcome"])
    return list(found.values())


def turned(tables: Tables) -> list[Facts]:
    """List which parameter by itself turns the mean answer on deaths.

    Args:
        tables: `parameter_swings`.

    Returns:
        For each portfolio with fewer deaths on average: its `portfolio`, and `ends`, rows of
        `parameter`, `end` ('lowest' or 'highest', the fifth of its draws) and `more`, the mean
        difference there, which is above 0.
    """
    some = tables["parameter_swings"].filter(
        pl.col("outcome") == "deaths", pl.col("against") == STATUS_QUO, pl.col("mean") < 0
    )
    found = []
    for (name,), part in some.group_by("portfolio", maintain_order=True):
        ends = [
            {"parameter": row["parameter"], "end": end, "more": row[side]}
            for row in part.to_dicts()
            for end, side in (("lowest", "low"), ("highest", "high"))
            if row[side] > 0
        ]
        found.append({"portfolio": name, "ends": sorted(ends, key=lambda one: -one["more"])})
    return found


def answers(tables: Tables, words: PlanWords, risk: Sequence[Facts] = ()) -> Facts:
    """Put the answers into the sentences of a language.

    Args:
        tables: as far as they are there, those that the functions above take.
        words: the sentences of the language.
        risk: the territories with their `gwno`, for their names in the language.

    Returns:
        `bought`, `borne` (rows of texts), `watch`, `turns` and `record` (sentences); what is not
        known is empty.
    """
    there = {name for name, table in tables.items() if not table.is_empty()}
    names = {row["territory"]: words.territory(row) for row in risk}
    return {
        "years": [row["year"] for row in bought(tables)[0]["years"]]
        if "comparison_years" in there else [],
        "bought": [_say_bought(row, words) for row in bought(tables)]
        if "comparison_years" in there else [],
        "borne": [_say_borne(row, words, names) for row in borne(tables)]
        if "comparison_territories" in there else [],
        "watch": [_say_watch(row, words) for row in watched(tables)]
        if "signposts" in there else [],
        "turns": [one for row in turned(tables) for one in _say_turned(row, words)]
        if "parameter_swings" in there else [],
        "record": say_record(words),
    }  # fmt: skip


def _say_bought(row: Facts, words: PlanWords) -> Facts:
    """One row of the table on what is bought, as texts."""
    return {
        "portfolio": words.portfolio(row["portfolio"]),
        "extra": words.amount(row["extra"]),
        "years": [
            f"{_span(one, words)}{words.apart}{words.bound(one['p_better'])}"
            for one in row["years"]
        ],
        "each": "–" if row["each"] is None else _span(row["each"], words),
    }


def _say_borne(row: Facts, words: PlanWords, names: Mapping[str, str]) -> Facts:
    """One row of the table on who bears it, as texts."""
    few = words.say("borne_few", share=words.per_cent(RARELY))
    worse = [
        f"{words.outcome(key)} ({few if share is None else words.bound(share)})"
        for key, share in row["worse"]
    ]
    return {
        "portfolio": words.portfolio(row["portfolio"]),
        "territory": names.get(row["territory"], row["territory"]),
        "worse": ("، " if words.direction == "rtl" else ", ").join(worse) or "–",
        **{outcome: _span(row[outcome], words) for outcome in ("deaths", "displaced")},
    }


def _span(row: Facts, words: PlanWords) -> str:
    """A mean with its interval."""
    low, high = words.amount(row["low"]), words.amount(row["high"])
    return f"{words.amount(row['mean'])} ({words.say('to', low=low, high=high)})"


def _say_watch(row: Facts, words: PlanWords) -> Facts:
    """One sentence on what to watch, and the rule that would watch it."""
    named = {"portfolio": words.portfolio(row["portfolio"]),
             "rival": words.portfolio(row.get("against", STATUS_QUO))}  # fmt: skip
    for name in ("firm", "worse"):
        if name in row:
            on = _quote_outcomes(row[name], words)
            return {"text": words.say(f"watch_{name}", outcomes=on, **named), "rule": ""}
    on = _quote_outcomes(row["outcomes"], words)
    if row["signal"] is None:
        told = {"share": words.bound(row["p_better"]), "year": words.number(row["month"] / 12)}
        return {"text": words.say("watch_silent", outcome=on, **told, **named), "rule": ""}
    value = float(f"{row['value']:.3g}")
    told = {
        "signal": words.word("signal_name", row["signal"]), "unit": words.unit(row["unit"]),
        "value": words.amount(value, "least"), "share": words.percent(row["share"]),
        "beyond": _share(row, "p_better_beyond", words),
        "within": _share(row, "p_better_within", words),
        "year": words.number(row["month"] / 12), "outcome": on,
    }  # fmt: skip
    side = "over" if row["above"] else "under"
    key = "watch_turns" if row["turns"] else "watch_holds"
    if row["p_better_within"] < 0.5:
        key = "watch_either"
    turn, rule = words.say(key, **named), f"if {row['signal']} {side} {value:g} for 3 months then …"
    return {"text": f"{words.say(f'watch_{side}', **named, **told)} {turn}", "rule": rule}


def _quote_outcomes(names: Sequence[str], words: PlanWords) -> str:
    """Outcomes as a list in the language."""
    return words.list_items([words.say("quoted", name=words.outcome(one)) for one in names])


def _share(row: Facts, name: str, words: PlanWords) -> str:
    """A share of futures with its interval, where the workspace has one."""
    said, low, high = words.bound(row[name]), row.get(f"{name}_low"), row.get(f"{name}_high")
    if low is None or high is None:
        return said
    ends = words.say("to", low=words.bound(low), high=words.bound(high, most=True))
    return f"{said} ({ends})"


def _say_turned(row: Facts, words: PlanWords) -> list[str]:
    """Which parameter turns the mean answer, or that none does."""
    name = words.portfolio(row["portfolio"])
    if not row["ends"]:
        return [words.say("turned_never", portfolio=name)]
    return [
        words.say(
            f"turned_{one['end']}", portfolio=name, parameter=words.parameter(one["parameter"]),
            more=words.amount(one["more"]),
        )
        for one in row["ends"][:MOST_RIVALS]
    ]  # fmt: skip


def say_record(words: PlanWords) -> str:
    """Say how wrong the model was in its second and third year on years that it had not seen.

    Args:
        words: the sentences of the language.
    """
    told: dict[str, str] = {}
    for score, form in (("log", words.decimals), ("deaths", words.amount)):
        for peer, values in RECORD[score].items():
            told |= {f"{peer}_{score}_{year}": form(one) for year, one in enumerate(values, 2)}
    for group, values in RECORD["held"].items():
        told |= {f"{group}_{year}": words.per_cent(one) for year, one in enumerate(values, 2)}
    return words.say("record", **told)
