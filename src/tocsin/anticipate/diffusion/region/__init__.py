"""Diffusion in the region of a workspace: the step that reads its ledger and its ties.

The road takes the fast way: Gibbs sampling (`hazard.gibbs`) on ten draws of the ledger, and
controls on a few of them, with fewer made worlds. `diffusion = "nuts"` in the settings takes the
slow way. The verdict comes first: where the network does not beat its controls, 'the data do not
show it'.
"""

from __future__ import annotations

import polars as pl

from tocsin.anticipate.diffusion.region.answer import METHODS, answer_region
from tocsin.anticipate.diffusion.region.portfolios import capability_index, technology_portfolios
from tocsin.anticipate.diffusion.region.together import technology_couse, technology_synchrony
from tocsin.errors import StageNotReady
from tocsin.schema import TABLES, columns, conform, empty
from tocsin.schema.step import Given, Step, Tables
from tocsin.schema.tables.observed.actor import is_organisation

__all__ = ["STEP"]

READS = (
    "actor_spells",
    "actors",
    "adoption",
    "adoption_draws",
    "adoption_quarters",
    "incidents",
    "suspects",
    "ties",
)
WRITES = (
    "diffusion_verdict",
    "diffusion_notes",
    "diffusion_shares",
    "diffusion_alternatives",
    "diffusion_draws",
    "diffusion_hazards",
    "next_adopters",
    "diffusion_expected",
    "diffusion_cuts",
    "diffusion_record",
    "diffusion_hindcasts",
    "diffusion_growth",
    "technology_portfolios",
    "technology_couse",
    "technology_synchrony",
    "capability_index",
)

OF_THE_LEDGER = "draws of the adoption ledger"
OTHERWISE = {
    "technology_portfolios": OF_THE_LEDGER,
    "technology_couse": OF_THE_LEDGER,
    "technology_synchrony": "expected uses in the adoption ledger",
    "capability_index": "ranks of incidents by year, and draws of the adoption ledger",
}
"""What makes the rows of the tables in which the hazard has no part."""


def _diffuse(tables: Tables, given: Given) -> Tables:
    read = {name: tables[name] for name in READS}
    # A people, a clan or a faith is no organisation, and nothing is said of what it may use; of
    # those whom a source does not tell apart, none is the one that takes a class up.
    organisations = is_organisation(read["actors"], read["incidents"])
    for name in ("actor_spells", "adoption", "adoption_draws", "adoption_quarters"):
        read[name] = read[name].filter(organisations)
    method, seed = given.settings.diffusion, given.settings.seed
    made = {
        "technology_portfolios": technology_portfolios(read),
        "technology_couse": technology_couse(read),
        "technology_synchrony": technology_synchrony(read, seed=seed),
        "capability_index": capability_index(read, seed=seed),
    }
    try:
        made |= answer_region(read, METHODS[method], seed=seed, tell=given.tell)
    except StageNotReady as error:
        # A region without first uses or ties is no fault: the brief says why there is no answer.
        made["diffusion_notes"] = pl.DataFrame({"note": [error.what]})
    return {table: _complete(table, made.get(table), method) for table in WRITES}


def _complete(table: str, frame: pl.DataFrame | None, method: str) -> pl.DataFrame:
    if frame is None or frame.is_empty():
        return empty(TABLES[table])
    made_by = OTHERWISE.get(table, f"additive hazard, {method}")
    complete = frame.with_columns(pl.lit(made_by).alias("source"))
    return conform(TABLES[table], complete.select(columns(TABLES[table])))


STEP = Step(
    name="diffuse",
    room="anticipate",
    function=_diffuse,
    reads=READS,
    writes=WRITES,
    settings=("diffusion",),
    seeded=True,
    cached=True,
)
