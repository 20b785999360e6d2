"""What a search found, as tables and as a file of portfolios that `tocsin plan` reads."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tocsin.plan.exploration.search import FRESH, Floats, Found, Task
from tocsin.plan.exploration.search.task import FIRST_FRESH, objectives

COMPROMISE = "compromise"
"""The portfolio whose greatest shortfall over all objectives is the least."""


def found_table(task: Task, found: Found) -> pl.DataFrame:
    """Lay out what a search found.

    Args:
        task: what was searched.
        found: what it found.

    Returns:
        A row a portfolio, the cheapest first: `portfolio`, a column an objective (the 90th
        percentile over futures of the difference to the status quo in the outcome's unit, and
        `cost` in units a year), the upper bound beyond each ceiling (`bound_…`), and a column a
        lever with its effort.
    """
    rows = {name: found.objectives[:, place] for place, name in enumerate(task.objectives)}
    rows |= {f"bound_{name}": by for name, by in found.bounds.items()}
    rows |= {name: found.efforts[:, place] for place, name in enumerate(task.bounds.names)}
    table = pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.Float64)).sort(
        "cost", maintain_order=True
    )
    names = pl.Series("portfolio", [f"found-{place + 1}" for place in range(table.height)])
    return table.with_columns(names).select("portfolio", *rows)


def representatives(task: Task, found: Found) -> dict[str, int]:
    """Choose a few portfolios of many: the best in each way, and a compromise.

    Args:
        task: what was searched.
        found: what it found.

    Returns:
        A name, such as 'least-deaths', and the portfolio's place in `found`. The compromise is the
        one whose greatest regret over objectives, each counted from the best to the worst found,
        is the least. A portfolio comes once, under the first of its names, and the status quo,
        which costs least where less is not allowed, not at all.
    """
    if not len(found.efforts):
        return {}
    low, span = found.objectives.min(axis=0), np.ptp(found.objectives, axis=0)
    unit = (found.objectives - low) / np.where(span > 0, span, 1.0)
    chosen = {COMPROMISE: int(unit.max(axis=1).argmin())}
    for place, name in enumerate(task.objectives):
        best = int(np.lexsort((unit.sum(axis=1), unit[:, place]))[0])
        if best not in chosen.values() and not np.allclose(found.efforts[best], task.bounds.today):
            chosen[f"least-{name.replace('_', '-')}"] = best
    return chosen


def fresh_objectives(
    task: Task, found: Found, chosen: Mapping[str, int], *, futures: int = FRESH
) -> dict[str, Floats]:
    """Play those that were chosen in futures that the search has not seen.

    What is chosen as the best of many in some futures looks better in these than in others (the
    winner's curse: Thaler 1988, Journal of Economic Perspectives 2(1)).

    Args:
        task: what was searched.
        found: what it found.
        chosen: names and places, as `representatives` gives them.
        futures: how many; the first of those on which ceilings are checked.

    Returns:
        A name, and its objectives in these futures, (O,).
    """
    if not chosen:
        return {}
    efforts = found.efforts[list(chosen.values())]
    rows = objectives(task, efforts, np.arange(futures, dtype=np.int64) + FIRST_FRESH)
    return dict(zip(chosen, rows, strict=True))


def portfolios_text(task: Task, found: Found, chosen: Mapping[str, int]) -> str:
    """Write portfolios as sections of a file of portfolios.

    Args:
        task: what was searched.
        found: what it found.
        chosen: names and places, as `representatives` gives them.

    Returns:
        TOML, to be added to the file that was searched from. Efforts have three digits where that
        keeps the limits, else all.
    """
    parts = []
    for name, place in chosen.items():
        whole = found.efforts[place]
        short = np.round(whole, 3)
        efforts = short if task.bounds.within(short[None])[0] else whole
        lines = [f'[portfolios."found-{name}"]', f'label = "Found: {name}"', "",
                 f'[portfolios."found-{name}".levers]']  # fmt: skip
        lines += [
            f"{lever} = {float(one)!r}"
            for lever, one in zip(task.bounds.names, efforts, strict=True)
            if one > 0
        ]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
