"""The page on portfolios: one file that opens anywhere, offline, in each language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from tocsin.base.about import VERSION
from tocsin.schema.days.periods import month_after
from tocsin.schema.geography.shapes import neighbour_shares
from tocsin.schema.vocabulary.portfolio import STATUS_QUO
from tocsin.share.facts.portfolios import comparisons, outcomes, parts
from tocsin.share.facts.words import Facts
from tocsin.share.page.language import LANGUAGES, other_languages, page_name
from tocsin.share.page.planning import facts
from tocsin.share.page.planning.asked import answers
from tocsin.share.page.planning.charts import all_charts
from tocsin.share.page.planning.parts import say_parts
from tocsin.share.page.planning.story import story
from tocsin.share.page.planning.timeline import EDGES, colour, timeline
from tocsin.share.page.planning.words import PlanWords
from tocsin.share.page.script import bundle
from tocsin.share.page.template import fill

Tables = Mapping[str, pl.DataFrame]


def planning_facts(tables: Tables) -> Facts:
    """Gather what the page says.

    Args:
        tables: `comparisons` and `portfolio_levers`, and as far as they are there `regrets`,
            `parameter_swings`, `rule_firings`, `failures` with `failure_boxes`, and `pathways`
            (`use, action, after, begin, end, colour, signpost`).

    Returns:
        Lists by part of the page; a part of which nothing is known is empty.
    """
    told = {name for name, table in tables.items() if not table.is_empty()}
    return {
        "trade_offs": facts.trade_offs(tables),
        "levers": facts.levers(tables),
        "regrets": facts.regrets(tables) if "regrets" in told else [],
        "swings": facts.swings(tables) if "parameter_swings" in told else {},
        "boxes": facts.boxes(tables) if "failures" in told else [],
        "rules": tables["rule_firings"].to_dicts() if "rule_firings" in told else [],
        "pathways": tables["pathways"].to_dicts() if "pathways" in told else [],
    }


def localise(told: Facts, words: PlanWords) -> Facts:
    """Put names of portfolios, outcomes, units, levers and bases into the words of a language.

    Args:
        told: as `planning_facts` gives it.
        words: the sentences of the language.

    Returns:
        The same parts. The status quo has no swings of its own.
    """

    def name_row(row: Facts) -> Facts:
        found = row | {"portfolio": words.portfolio(row["portfolio"])}
        found |= {"unit": words.unit(row["unit"])} if "unit" in row else {}
        # In English the facts' own labels stand, which are short where room is scarce.
        if "label" in row and words.language != LANGUAGES[0]:
            found["label"] = words.outcome(row["outcome"])
        found |= {"basis": words.word("basis_name", row["basis"])} if "basis" in row else {}
        return found | _name_parameter(row, words)

    def name_box(box: Facts) -> Facts:
        limits = [
            one | {"unit": words.unit(one["unit"])} | _name_parameter(one, words)
            for one in box["limits"]
        ]
        return box | {"limits": limits}

    return told | {
        "trade_offs": [name_row(row) for row in told["trade_offs"]],
        "levers": [
            name_row(row)
            | {"levers": [(words.lever(name), effort) for name, effort in row["levers"]]}
            for row in told["levers"]
        ],
        "regrets": [name_row(row) for row in told["regrets"]],
        "swings": {
            words.portfolio(name): [name_row(row) for row in rows]
            for name, rows in told["swings"].items() if name != STATUS_QUO
        },
        "boxes": [
            name_row(row) | {"boxes": [name_box(box) for box in row["boxes"]]}
            for row in told["boxes"]
        ],
        "rules": [name_row(row) for row in told["rules"]],
    }  # fmt: skip


def _name_parameter(row: Facts, words: PlanWords) -> Facts:
    """A parameter in words, beside the name (`code`) under which docs/model.md lists it."""
    if "parameter" not in row:
        return {}
    return {"parameter": words.parameter(row["parameter"]), "code": row["parameter"]}


def planning_page(
    tables: Tables,
    *,
    region: str,
    language: str = LANGUAGES[0],
    risk: Sequence[Facts] = (),
    violence: str = "",
    made: date | None = None,
    origin: date | None = None,
    beside: Sequence[str] = (),
) -> str:
    """Write the page on portfolios; nothing in it asks for another address.

    Args:
        tables: as `planning_facts` takes them, and as far as they are there `outcomes` and
            `future_paths`, `portfolio_parts`, and what `asked.answers` takes.
        region: the name of the region.
        language: one of `lead.LANGUAGES`.
        risk: the territories with their risk, as `facts.risk.risks` lists them.
        violence: the name of the target whose deaths are counted, such as 'ged_sb'.
        made: the day on which the page is made; None: it says none.
        origin: the last month that the forecast knew.
        beside: the languages in which the page stands beside this one, with the brief.

    Returns:
        A page of HTML.

    Raises:
        UsageError: there is no page in that language.
        MissingExtra: the extra `share` is not installed.
    """
    words = PlanWords(language)
    told = localise(planning_facts(tables), words)
    charts = all_charts(told, words)
    whole = {"outcomes": pl.DataFrame(schema=BARE), **tables}
    futures = int(tables["comparisons"]["n_futures"].max() or 0)  # type: ignore[arg-type]
    return fill(
        "planning.html.j2",
        told=told,
        asked=answers(tables, words, risk),
        parts=say_parts(parts(tables), words),
        story=story(
            comparisons(whole, risk), outcomes(whole), violence, words
        ),
        recorded=_recorded(tables, risk, violence, origin, words),
        timeline=_timeline(tables, words),
        colour=colour,
        edges=EDGES,
        wide=any(row["far"] for row in risk),
        alone=_alone(risk, words),
        charts={chart["id"]: chart for chart in charts},
        tornadoes=[chart for chart in charts if chart["id"].startswith("tornado")],
        region=region,
        futures=futures,
        words=words,
        made=made,
        origin=origin,
        others=other_languages("plan", language, beside),
        home=page_name("index", language),
        version=VERSION,
        script=bundle(),
    )  # fmt: skip


def _recorded(
    tables: Tables, risk: Sequence[Facts], violence: str, origin: date | None, words: PlanWords
) -> str:
    """What was recorded in as many years before, to compare the futures with; one sentence, or
    none where a month of a territory is not known."""
    if origin is None or "series" not in tables or not risk:
        return ""
    here = tables["series"].filter(
        pl.col("target") == violence,
        pl.col("gwno").is_in([row["gwno"] for row in risk]),
        pl.col("month").is_between(month_after(origin, 1 - PAST), origin),
        pl.col("deaths").is_not_null(),
    )
    if here.select("gwno", "month").unique().height < PAST * len(risk):
        return ""
    deaths = words.number(int(here["deaths"].sum()))
    return words.say("recorded", origin=words.month(origin), deaths=deaths)


def _alone(risk: Sequence[Facts], words: PlanWords) -> str:
    """Territories that share no land border with any other of the region, as one text."""
    shares = neighbour_shares([row["gwno"] for row in risk]).sum(axis=1) if len(risk) > 1 else []
    names = [words.territory(row) for row, share in zip(risk, shares, strict=False) if not share]
    return ("، " if words.direction == "rtl" else ", ").join(names)


PAST = 120
"""Months of the record that stand beside the futures: as many as are played."""
BARE = {
    "portfolio": pl.String, "outcome": pl.String, "unit": pl.String, "territory": pl.String,
    "n_futures": pl.Int64, "mean": pl.Float64, "low": pl.Float64, "median": pl.Float64,
    "high": pl.Float64, "p_1000": pl.Float64, "judgement": pl.Float64,
}  # fmt: skip
"""The columns of `outcomes`, for a page that is made without it."""


def timeline_page(paths: pl.DataFrame, *, region: str, language: str = LANGUAGES[0]) -> str:
    """Write the timeline by itself; nothing in it asks for another address.

    Args:
        paths: the table `future_paths`.
        region: the name of the region.
        language: one of `lead.LANGUAGES`.

    Returns:
        A page of HTML; it says so where no future was kept.

    Raises:
        UsageError: there is no page in that language.
        MissingExtra: the extra `share` is not installed.
    """
    words = PlanWords(language)
    return fill(
        "timeline_page.html.j2",
        timeline=_timeline({"future_paths": paths}, words),
        colour=colour,
        edges=EDGES,
        region=region,
        words=words,
        version=VERSION,
    )


def _timeline(tables: Tables, words: PlanWords) -> Facts | None:
    paths = tables.get("future_paths")
    return None if paths is None else timeline(paths, words)
