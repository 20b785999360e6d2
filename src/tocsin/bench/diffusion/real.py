"""Measured on the example region: chances told again at past origins, against what came."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import polars as pl

from tocsin.anticipate.diffusion.answer.next_users import MONTHS
from tocsin.anticipate.diffusion.answer.record import MODELS, tell_again
from tocsin.anticipate.diffusion.region.answer import origins_of
from tocsin.anticipate.diffusion.region.picture import Picture, make_picture
from tocsin.schema.tables.observed.actor import is_organisation

IMPUTATIONS = 20
RESAMPLES = 1000
Row = dict[str, float]


@lru_cache(maxsize=1)
def example_picture() -> Picture:
    """Read and assess the example region, and make its cases and ties."""
    from tocsin.assess import assess
    from tocsin.observe import example_files, observe

    seen = observe(example_files())
    names = ("actor_relations", "supports", "told_ties", "told_adoptions")
    found = assess(seen["reports"], seen["actors"], **{name: seen[name] for name in names})
    for name in ("actor_spells", "adoption", "adoption_draws"):
        found[name] = found[name].filter(is_organisation(seen["actors"], found["incidents"]))
    return make_picture(found, imputations=IMPUTATIONS)


def retell(imputation: int) -> Row:
    """Tell the chances of one imputation again, and sum up their errors.

    Args:
        imputation: its number, from 0 to 19.

    Returns:
        Sums by number of months, block (territory and year) and measure: `n`, `events`, and the
        squared errors of `record.MODELS`, under keys such as '12|652|2017|network'.
    """
    picture = example_picture()
    cases = picture.cases
    told = tell_again(
        cases,
        picture.links,
        picture.onsets[imputation],
        origins_of(picture),
        months=MONTHS,
        channels=len(picture.ties.channels),
    )
    sums: dict[str, float] = {}
    for one in told:
        year = cases.clock.write(one.origin)[:4]
        loss = (one.chance - one.came) ** 2
        for place in np.unique(cases.territory[one.case]):
            mine = cases.territory[one.case] == place
            block = f"{one.months}|{cases.territories[place]}|{year}"
            measures = {"n": float(mine.sum()), "events": float(one.came[mine].sum())}
            measures |= dict(zip(MODELS, loss[:, mine].sum(1).tolist(), strict=True))
            for name, value in measures.items():
                sums[f"{block}|{name}"] = sums.get(f"{block}|{name}", 0.0) + value
    return sums


def judge_told(rows: pl.DataFrame) -> Row:
    """Brier scores and the network's skill by months, with a bootstrap over territory × year.

    Args:
        rows: one row an imputation, from `retell`.

    Returns:
        For each number of months `n`, `events` (means over imputations), the scores of the models,
        and `skill` with its 90 % interval against the territory rate and the global rate.
    """
    long = (
        rows.unpivot()
        .drop_nulls("value")
        .with_columns(pl.col("variable").str.split("|"))
        .with_columns(
            *(
                pl.col("variable").list.get(i).alias(name)
                for i, name in enumerate(("months", "gwno", "year", "name"))
            )
        )
        .group_by("months", "gwno", "year", "name")
        .agg(pl.col("value").sum())
    )
    out: Row = {"imputations": float(rows.height)}
    for months in MONTHS:
        mine = long.filter(pl.col("months") == str(months)).drop("months")
        if mine.is_empty():
            continue
        wide = mine.pivot(on="name", index=["gwno", "year"], values="value").sort("gwno", "year")
        sums = wide.select("n", "events", *MODELS).to_numpy()
        random = np.random.default_rng(months)
        chosen = random.integers(0, len(sums), (RESAMPLES, len(sums)))
        drawn = sums[chosen].sum(1)
        whole = sums.sum(0)
        out |= {
            f"{months}_n": whole[0] / rows.height,
            f"{months}_events": whole[1] / rows.height,
            **{f"{months}_{name}": whole[2 + i] / whole[0] for i, name in enumerate(MODELS)},
        }
        for against in ("territory", "overall"):
            at = 2 + MODELS.index(against)
            skill = 1.0 - drawn[:, 2] / drawn[:, at]
            low, high = np.quantile(skill, [0.05, 0.95])
            out |= {
                f"{months}_skill_{against}": float(1.0 - whole[2] / whole[at]),
                f"{months}_skill_{against}_low": float(low),
                f"{months}_skill_{against}_high": float(high),
            }
    return {name: float(value) for name, value in out.items()}
