"""Cases of all countries, for a rule whose own workspace has too few for a record.

A workspace of one country has a handful of events, from which no record follows. The rule's event
is the same everywhere, so that how often a model was right elsewhere tells how far it may be
believed here. Its cases are those of the series of all countries (the side file `WORLD_FILE`), told
by one of the simple models, which look at each country alone and are quick to replay; what it says
of its own territories is told by the same model, so that record and level belong together.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from tocsin.anticipate.alerts.records.evidence import Evidence, gather_evidence
from tocsin.anticipate.alerts.records.replay import best_before, origins, replay
from tocsin.anticipate.alerts.rules.declared import Rule
from tocsin.anticipate.data.history import history_of
from tocsin.anticipate.data.panel import Panel
from tocsin.anticipate.models.baselines import MODELS
from tocsin.errors import SourceRefused
from tocsin.schema.geography.territory import resolve

WORLD_FILE = "all_countries.csv.gz"
"""A workspace may have a newer one: `country, month, ged_sb`, as `tocsin forecast` reads it."""
SHIPPED = Path(__file__).parents[3] / "observe/example/ged_sb_country_month.csv.gz"
TARGET = "ged_sb"
YEARS = 5
"""Years at the end of the series of all countries of which the cases are."""


def read_world(path: Path) -> Panel:
    """Read the deaths of all countries from which records are borrowed.

    Args:
        path: a CSV file `country, month, ged_sb`, plain or packed.

    Returns:
        The panel of all its countries and months, with their Gleditsch-Ward numbers.

    Raises:
        UsageError: a column is missing.
        SourceRefused: the file cannot be read, or holds what is no count or month.
    """
    try:
        table = pl.read_csv(path, infer_schema=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SourceRefused(
            "The deaths of all countries cannot be read.",
            where=path.name,
            remedy="Write country, month and ged_sb as CSV, or take the file away.",
        ) from error
    history = history_of(table, TARGET, name=path.name)
    numbers = tuple(resolve(name).gwno for name in history.territories)
    return Panel(numbers, history.territories, history.months, TARGET, history.deaths)


def borrow_evidence(
    rules: Sequence[Rule], history: Panel, world: Panel, track: pl.DataFrame, *, seed: int
) -> tuple[str, list[Evidence]]:
    """Gather the evidence on rules from the cases of all countries, beside a workspace's own.

    Args:
        rules: rules about deaths.
        history: the workspace's own counts.
        world: those of all countries; those that the workspace has itself are left out.
        track: the table `track_record` of the workspace, by which the model is chosen.
        seed: start of all random numbers.

    Returns:
        The name of the simple model that tells all cases; and one `Evidence` for each rule. Its
        origins are those of both, its territories first the workspace's own, then the others. The
        last origin is the workspace's.
    """
    simple = track.filter(pl.col("model").is_in(list(MODELS)))
    name = best_before(simple)(history.months[-1].year + 1)
    others = _without(world.upto(min(world.months[-1], history.months[-1])), history.gwnos)
    told = []
    for panel in (history, others):
        first = max(panel.months[0].year + 2, panel.months[-1].year - YEARS + 1)
        said = replay(
            panel,
            lambda _year: name,
            origins(panel, first, {name}),
            horizon=max(rule.within for rule in rules),
            seed=seed,
        )
        told.append(gather_evidence(rules, panel, said))
    return name, [_both(own, other) for own, other in zip(*told, strict=True)]


def _without(world: Panel, gwnos: Sequence[int]) -> Panel:
    kept = [at for at, gwno in enumerate(world.gwnos) if gwno not in gwnos]
    return Panel(
        tuple(world.gwnos[at] for at in kept),
        tuple(world.territories[at] for at in kept),
        world.months,
        world.target,
        world.deaths[kept],
    )


def _both(own: Evidence, other: Evidence) -> Evidence:
    """One evidence of both, NaN where an origin is of the other alone."""
    when = tuple(sorted({*own.origins, *other.origins}))
    shape, cut = (len(when), len(own.gwnos) + len(other.gwnos)), len(own.gwnos)
    joined = []
    for name in ("probability", "event", "reference"):
        values = np.full(shape, np.nan)
        values[[when.index(one) for one in own.origins], :cut] = getattr(own, name)
        values[[when.index(one) for one in other.origins], cut:] = getattr(other, name)
        joined.append(values)
    return Evidence(
        own.rule, when, own.gwnos + other.gwnos, own.territories + other.territories, *joined
    )
