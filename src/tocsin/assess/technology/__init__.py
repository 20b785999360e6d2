"""Technology: which classes a text names, who used them, and the adoption ledger."""

from __future__ import annotations

from tocsin.assess.technology.tags import by_incident, tag
from tocsin.schema.step import Given, Made, Step, Tables

__all__ = ["STEP", "by_incident", "tag"]


def _judge(tables: Tables, given: Given) -> Made:
    """A decision, `asked` as `assert` (name, what it says, class) or `withdraw` (its id)."""
    from tocsin.assess.actors.desk import find_organisation
    from tocsin.assess.actors.statements import statements
    from tocsin.assess.technology.decisions import decision, withdrawal

    names = ("actors", "actor_relations", "reports", "actor_decisions")
    known = statements(*(tables[name] for name in names))
    held, how = tables["technology_decisions"], given.asked["how"]
    if "withdraw" in given.asked:
        row = withdrawal(held, given.asked["withdraw"], **how)
    else:
        name, says, technology = given.asked["assert"]
        row = decision(find_organisation(known, name), says, technology, **how)
    said = row.to_dicts()[0]
    parameters = {name: str(said[name]) for name in ("statement_id", "decision", "asserted_at")}
    return Made([{"technology_decisions": row}], parameters=parameters, answer=said)


STEP = Step(
    name="judge",
    room="assess",
    function=_judge,
    reads=("actors", "actor_relations", "reports", "actor_decisions", "technology_decisions"),
    writes=("technology_decisions",),
    takes=True,
)
