"""Actors: names, aliases and relations as weighed, dated statements, never a hard merge.

>>> from tocsin.assess.actors import aliases, fold
>>> fold("Jaysh al-Islam") in aliases("Jaish al-Islam (Army of Islam)")
True
"""

from __future__ import annotations

import polars as pl

from tocsin.assess.actors.directory import confidence, organisations, sources, view
from tocsin.assess.actors.names import (
    aliases,
    fold,
    is_placeholder,
    members,
    skeleton,
)
from tocsin.assess.actors.statements import (
    current,
    decision,
    statements,
    withdrawal,
    withdrawn_ids,
)
from tocsin.assess.actors.states import is_state_body, state_body, state_number
from tocsin.schema.step import Given, Made, Step, Tables

__all__ = [
    "SAID_IN",
    "STEP",
    "aliases",
    "confidence",
    "current",
    "decision",
    "fold",
    "is_placeholder",
    "is_state_body",
    "members",
    "organisations",
    "skeleton",
    "sources",
    "state_body",
    "state_number",
    "statements",
    "view",
    "withdrawal",
]


SAID_IN = ("actors", "actor_relations", "reports", "actor_decisions")
"""The tables that `statements` takes, in its order."""


def _decide(tables: Tables, given: Given) -> Made:
    """A decision: `assert` (name, relation, other) or, by an id, `withdraw` or `accept`."""
    from tocsin.assess.actors.desk import accept, assertion, withdraw

    held = statements(*(tables[name] for name in SAID_IN))
    gone = withdrawn_ids(tables["actor_decisions"])
    matches = tables["actor_matches"].filter(~pl.col("statement_id").is_in(gone))
    how = given.asked["how"]
    if "withdraw" in given.asked:
        row = withdraw(held, given.asked["withdraw"], matches, **how)
    elif "accept" in given.asked:
        row = accept(matches, given.asked["accept"], **how)
    else:
        row = assertion(held, *given.asked["assert"], **how)
    said = row.to_dicts()[0]
    parameters = {name: str(said[name]) for name in ("statement_id", "decision", "asserted_at")}
    return Made([{"actor_decisions": row}], parameters=parameters, answer=said)


STEP = Step(
    name="decide",
    room="assess",
    function=_decide,
    reads=(*SAID_IN, "actor_matches"),
    writes=("actor_decisions",),
    takes=True,
)
