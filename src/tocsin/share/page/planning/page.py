"""The page on portfolios: one file that opens anywhere, offline."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tocsin.base.about import VERSION
from tocsin.share.facts.words import Facts
from tocsin.share.page.planning import facts
from tocsin.share.page.planning.charts import all_charts
from tocsin.share.page.render import bundle
from tocsin.share.page.template import fill


def planning_facts(tables: Mapping[str, pl.DataFrame]) -> Facts:
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


def planning_page(tables: Mapping[str, pl.DataFrame], *, region: str) -> str:
    """Write the page on portfolios; nothing in it asks for another address.

    Args:
        tables: as `planning_facts` takes them.
        region: the name of the region.

    Returns:
        A page of HTML.

    Raises:
        MissingExtra: the extra `share` is not installed.
    """
    told = planning_facts(tables)
    charts = all_charts(told)
    futures = int(tables["comparisons"]["n_futures"].max() or 0)  # type: ignore[arg-type]
    return fill(
        "planning.html.j2",
        told=told,
        charts={chart["id"]: chart for chart in charts},
        tornadoes=[chart for chart in charts if chart["id"].startswith("tornado")],
        region=region,
        futures=futures,
        version=VERSION,
        script=bundle(),
    )
