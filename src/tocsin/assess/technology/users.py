"""Users: whom the words of a report name as the user of a technology, if anybody.

A plain rule on the text around the words that name the technology: 'by X' after them names X;
otherwise the side that stands last before them, unless the words between say that it suffered
('killed in', 'hit by'), then the other side. It says 'state', 'non-state' side a or b, or
nothing; docs/methods/adoption.md says how far that is believed.
"""

from __future__ import annotations

import re
from functools import lru_cache

import polars as pl

from tocsin.assess.actors.names import aliases, plain, state_number
from tocsin.schema.geography.territory import by_gwno
from tocsin.schema.vocabulary.folding import fold_in_place

_STATE = (
    r"regime|government|gouvernement|gobierno|army|armee|military|air ?force|air ?strikes?|"
    r"warplanes?|jets?|police|soldiers?|troops"
)
_GROUP = (
    r"rebels?|rebelles?|insurgents?|opposition|militants?|jihadists?|gunmen|extremists?|"
    r"terrorists?|militia\w*|fighters?|suicide"
)
_NOT_STATE = r"(?!\w*\W+(?:rebel|opposition|insurgent|democratic|kurd|activist|town|city|civilian))"
_SUFFERED = re.compile(
    r"(?i)\b(?:kill\w* (?:in|by)|dead in|dies? in|died in|hit by|targeted (?:in|by)|"
    r"wounded (?:in|by)|injured (?:in|by)|struck by|attacked (?:with|by)|"
    r"tues? (?:dans|par)|muert\w* (?:en|por))\b"
)
_VICTIMS = re.compile(
    r"(?i)\b(?:members?|soldiers?|fighters?|elements?|gunmen|militants)(?: \w+){0,2} "
    r"(?:of|from|in) (?:the )?\w+(?: forces)?(?: and [^,;]{0,40})?"
)
"""Words that count the dead of a side: they say who suffered, not who did it."""
SILENT = ("improvised-explosives",)
"""Classes of which the text is not asked: reports of a bomb name its victims first."""
_SHORT = 4
"""Letters of a name that is looked for in capitals only."""


def named_users(reports: pl.DataFrame, tags: pl.DataFrame, incidents: pl.DataFrame) -> pl.DataFrame:
    """Which side of an incident a report's words name as the user.

    Args:
        reports: `report_id, headline, notes`.
        tags: the table `technology_tags`.
        incidents: `incident_id, actor_a, actor_b`.

    Returns:
        Columns `incident_id, technology, named` ('a' or 'b'), one row a pair; pairs of which
        no report, or different reports different sides, name anybody are left out.
    """
    texts = reports.unpivot(
        ["headline", "notes"], index="report_id", variable_name="field", value_name="text"
    )
    rows = (
        tags.filter(~pl.col("technology").is_in(SILENT))
        .select("incident_id", "report_id", "technology", "field", "start", "end")
        .join(texts, on=["report_id", "field"])
        .join(incidents.select("incident_id", "actor_a", "actor_b"), on="incident_id")
        .sort("incident_id", "technology", "report_id")
    )
    found = [
        (row["incident_id"], row["technology"], named)
        for row in rows.iter_rows(named=True)
        if (
            named := _named(row["text"], (row["start"], row["end"]), row["actor_a"], row["actor_b"])
        )
    ]
    schema = {"incident_id": pl.String, "technology": pl.String, "named": pl.String}
    frame = pl.DataFrame(found, schema=schema, orient="row")
    agreed = frame.group_by("incident_id", "technology").agg(
        pl.col("named").n_unique().alias("n"), pl.col("named").first()
    )
    return agreed.filter(pl.col("n") == 1).drop("n").sort("incident_id", "technology")


def _named(text: str, span: tuple[int, int], a: str | None, b: str | None) -> str | None:
    level = fold_in_place(text)
    before, after = _VICTIMS.sub(" ", level[: span[0]]), level[span[1] :]
    sides = [(side, _forms(name)) for side, name in (("a", a), ("b", b)) if name]
    for side, forms in sides:
        if re.match(rf"\W*(?:\w+\W+){{0,3}}by (?:the )?(?:\w+ )?{forms[1]}", after):
            return side
    last = {side: _last(before, *forms) for side, forms in sides}
    nearest = max(last, key=lambda side: last[side], default=None)
    if nearest is None or last[nearest] < 0 or list(last.values()).count(last[nearest]) > 1:
        return None
    if _SUFFERED.search(before[last[nearest] :]):
        others = [side for side, _ in sides if side != nearest]
        return others[0] if others else None
    return nearest


def _last(before: str, own: str, close: str) -> int:
    """Where a side's name stands last; a general word counts only just before the end."""
    ends = [found.end() for found in re.finditer(own, before)]
    near = re.search(rf"{close}(?:\W+\w+){{0,2}}\W*$", before)
    return max([*ends, *([near.end(1)] if near else [])], default=-1)


@lru_cache(maxsize=4096)
def _forms(name: str) -> tuple[str, str]:
    """Patterns of one side's own names, and of these and general words such as 'rebels'."""
    number = state_number(name)
    if number is not None:
        people = plain(by_gwno(number).name)
        stem = re.escape(people[: max(4, len(people) - 2)])
        own = rf"(\b(?i:{_STATE}|{stem}\w*{_NOT_STATE})\b)"
        return own, own
    forms = sorted(aliases(name), key=len, reverse=True)
    long = "|".join(re.escape(form) for form in forms if len(form) > _SHORT)
    # 'IS' is a group and 'is' a verb: short names count in capitals only.
    short = "|".join(re.escape(form.upper()) for form in forms if 2 <= len(form) <= _SHORT)
    own = "|".join(part for part in (f"(?i:{long})" if long else "", short) if part) or "(?!)"
    return rf"(\b(?:{own})\b)", rf"(\b(?:{own}|(?i:{_GROUP}))\b)"
