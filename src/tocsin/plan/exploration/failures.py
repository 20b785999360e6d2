"""Under which conditions each portfolio of a plan fails, as tables for a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from tocsin.plan.exploration.futures import contest, ranges
from tocsin.plan.exploration.weaknesses import weaknesses
from tocsin.plan.portfolios.declared import PortfolioFile
from tocsin.plan.posterior import Posterior, shipped_posterior
from tocsin.plan.region.start.spread import read_spread
from tocsin.schema.vocabulary.portfolio import STATUS_QUO


def failures(
    tables: Mapping[str, pl.DataFrame],
    gwnos: list[int],
    file: PortfolioFile,
    *,
    outcome: str = "deaths",
    futures: int = 2_048,
    seed: int = 0,
    posterior: Posterior | None = None,
    tell: Callable[[str], object] = lambda _words: None,
) -> dict[str, pl.DataFrame]:
    """Look for the conditions under which each portfolio does worse than the status quo.

    Args:
        tables: those from which the model begins, as `contest` takes them.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        file: the file of portfolios.
        outcome: the outcome in which they are compared.
        futures: how many futures are played for each.
        seed: start of all random numbers.
        posterior: of the calibrated parameters; None: the one that ships with tocsin.
        tell: is told what is being done.

    Returns:
        `failures`, a row a portfolio: `portfolio, against, outcome, share, looked_at,
        headline`, with `share_2`, `share_4` and `flips_at` (`Doubt`);
        and `failure_boxes`, a row a limit: those of `Weaknesses.boxes` with `portfolio` and the
        ends between which the parameter is drawn, `prior_low` and `prior_high`.

    Raises:
        StageNotReady: no territory of the region has a forecast.
        MissingExtra: the extra `explore` is not installed.
    """
    rows: list[dict[str, Any]] = []
    boxes: list[pl.DataFrame] = []
    held = posterior or shipped_posterior()
    ends = pl.DataFrame(
        [(name, *both) for name, both in (ranges(held) | read_spread(tables).ends()).items()],
        schema=["parameter", "prior_low", "prior_high"],
        orient="row",
    )
    for name in file.portfolios:
        if name == STATUS_QUO:
            continue
        tell(f"Looking for what breaks '{name}'")
        asked = contest(tables, gwnos, name, file=file, posterior=held)
        found = weaknesses(asked, outcome=outcome, futures=futures, seed=seed)
        rows.append(
            {
                "portfolio": name,
                "against": STATUS_QUO,
                "outcome": outcome,
                "share": found.share,
                **found.doubt._asdict(),
                "looked_at": found.looked_at,
                "headline": found.words[0],
            }
        )
        boxes.append(
            found.boxes.join(ends, on="parameter", how="left", maintain_order="left").select(
                pl.lit(name).alias("portfolio"), pl.all()
            )
        )
    texts = dict.fromkeys(("portfolio", "against", "outcome", "looked_at", "headline"), pl.String)
    return {
        "failures": pl.DataFrame(rows, schema_overrides=texts)
        if rows
        else pl.DataFrame(schema=texts),
        "failure_boxes": pl.concat(boxes)
        if boxes
        else pl.DataFrame(schema={"portfolio": pl.String}),
    }
