"""Adaptive pathways: what is done until which tipping point, and what then.

A pathway is a row of actions; each holds until its tipping point, at which another takes its place
(Haasnoot, Kwakkel, Walker and ter Maat 2013, Global Environmental Change 23). They are read and
written in the text form of Deltares' pathways generator (the package `adaptation_pathways`): one
text of actions, `name #aarrggbb`, and one of sequences, `from to tipping-point`. The n-th use of
an action is `name[n]`; a combination of actions is `name(one&other)`; what stands after a hash mark
and a space is a comment.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from tocsin.base.display.colours import GREY, PALETTE
from tocsin.base.nearest import advice
from tocsin.errors import UsageError

CURRENT = "current"
"""What the generator's own examples call the action that is in force now."""
_ACTION = re.compile(r"([^\s\[\]()&#]+)(?:\(([^\s()]+)\))?(?:\s+#([0-9A-Fa-f]{8}|[0-9A-Fa-f]{6}))?")
_USE = re.compile(r"([^\s\[\]()&#]+)(?:\[(\d{1,6})\])?")

Use = tuple[str, int]
"""The name of an action, and which use of it (0: the only one)."""


@dataclass(frozen=True)
class Turn:
    """At the tipping point of one action another begins; `until` is the tipping point of that."""

    before: Use
    after: Use
    until: float | None
    signpost: str = ""
    """What is watched, and tells that it is time; the generator's form does not hold it."""


@dataclass(frozen=True)
class Pathways:
    """These are actions with colours, and the turns between them."""

    colours: dict[str, str]
    """The colour of each action as aarrggbb; empty where it has none."""
    turns: tuple[Turn, ...]
    """The first of them leads from an action to itself where it gives the tipping point of what is
    in force now."""
    combined: dict[str, tuple[str, ...]]
    """The actions of each combination."""


def read_pathways(
    actions: str, sequences: str, *, where: tuple[str, str] = ("actions", "sequences")
) -> Pathways:
    """Read pathways in the text form of Deltares' generator.

    Args:
        actions: the text of actions.
        sequences: the text of sequences.
        where: what both are called in errors.

    Returns:
        The pathways.

    Raises:
        UsageError: a line is not understood, an action is not declared, comes twice or follows
            itself, or a tipping point lies before that of the action before. The error names the
            line.

    >>> read = read_pathways("current #ff123456\\na", "current current 2030\\ncurrent a 2040")
    >>> read.turns[1].until
    2040.0
    """
    colours: dict[str, str] = {}
    combined: dict[str, tuple[str, ...]] = {}
    for number, line in _lines(actions):
        place = f"{where[0]}, line {number}"
        found = _ACTION.fullmatch(line)
        if found is None:
            raise UsageError(f"“{line}” is no action.", where=place, remedy="Write: name #aarrggbb")
        name, parts, colour = found.groups()
        if name in colours:
            raise UsageError(f"The action '{name}' comes twice.", where=place)
        if parts:
            combined[name] = tuple(parts.split("&"))
            for one in combined[name]:
                if one not in colours:
                    raise UsageError(
                        f"There is no action '{one}' before this line.",
                        where=place,
                        remedy=advice(one, colours),
                    )
        colours[name] = (colour or "").lower().rjust(8, "f") if colour else ""
    told = [
        (f"{where[1]}, line {number}", _turn(line, colours, f"{where[1]}, line {number}"))
        for number, line in _lines(sequences)
    ]
    if not told:
        raise UsageError(
            "There is no sequence in it.", where=where[1], remedy="Write: from to tipping-point"
        )
    _check(told)
    return Pathways(colours, tuple(turn for _, turn in told), combined)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that are neither empty nor a comment, and their numbers."""
    for number, line in enumerate(text.splitlines(), 1):
        bare = re.sub(r"^\s*#.*|\s#(?=\s|$).*", "", line).strip()
        if bare:
            yield number, bare


def _turn(line: str, colours: dict[str, str], place: str) -> Turn:
    words = line.split()
    if len(words) not in (2, 3):
        raise UsageError(
            f"“{line}” is no sequence.", where=place, remedy="Write: from to tipping-point"
        )
    uses = []
    for word in words[:2]:
        found = _USE.fullmatch(word)
        if found is None or found[1] not in colours:
            raise UsageError(
                f"There is no action '{word}'.", where=place, remedy=advice(word, colours)
            )
        uses.append((found[1], int(found[2] or 0)))
    until = None
    if len(words) == 3:
        try:
            until = float(words[2])
        except ValueError:
            until = math.nan
        if not math.isfinite(until):
            raise UsageError(f"'{words[2]}' is no tipping point.", where=place,
                             remedy="Give a year, as 2035 or 2035.5.")  # fmt: skip
    return Turn(uses[0], uses[1], until)


def _check(told: list[tuple[str, Turn]]) -> None:
    """Refuse what can be no pathway: two beginnings, rings, and tips that go back in time.

    Each turn stands behind its file and line.
    """
    until: dict[Use, float | None] = {}
    came: set[Use] = set()
    for place, (where, turn) in enumerate(told):
        if turn.before == turn.after or (place == 0 and turn.before[0] == turn.after[0]):
            # Both 'current current 2030' and 'current[1] current' begin a text of the generator.
            if place:
                raise UsageError(f"'{write_use(turn.after)}' follows itself.", where=where,
                                 remedy="Number its uses: name[1], name[2].")  # fmt: skip
            until[turn.after] = turn.until
            came.add(turn.after)
            continue
        if place == 0:
            came.add(turn.before)
        if turn.before not in came:
            raise UsageError(
                f"'{write_use(turn.before)}' ends before anything has led to it.",
                where=where,
                remedy="Name first what leads to it.",
            )
        if turn.after in came:
            raise UsageError(f"'{write_use(turn.after)}' begins twice.", where=where,
                             remedy="Number its uses: name[1], name[2].")  # fmt: skip
        came.add(turn.after)
        until[turn.after] = turn.until
        first = until.get(turn.before)
        if first is not None and turn.until is not None and turn.until < first:
            raise UsageError(
                f"'{write_use(turn.after)}' tips in {turn.until:g}, before "
                f"'{write_use(turn.before)}' does ({first:g}).",
                where=where,
            )


def write_use(use: Use) -> str:
    """Write a use of an action as the generator does.

    >>> write_use(("a", 0)), write_use(("a", 2))
    ('a', 'a[2]')
    """
    return f"{use[0]}[{use[1]}]" if use[1] else use[0]


def write_pathways(pathways: Pathways) -> tuple[str, str]:
    """Write pathways in the text form of Deltares' generator.

    Args:
        pathways: the pathways.

    Returns:
        The text of actions and the text of sequences.
    """
    actions = []
    for name, colour in pathways.colours.items():
        whole = (
            f"{name}({'&'.join(pathways.combined[name])})" if name in pathways.combined else name
        )
        actions.append(f"{whole} #{colour}" if colour else whole)
    sequences = [
        " ".join(
            [
                write_use(one.before),
                write_use(one.after),
                *([f"{one.until:.10g}"] if one.until is not None else []),
            ]
        )
        for one in pathways.turns
    ]
    return "\n".join([*actions, ""]), "\n".join([*sequences, ""])


def pathways_of_rules(rule_firings: pl.DataFrame, begin: float, years: float) -> Pathways:
    """Make the pathways that adaptive rules open: from today to portfolios, and rule by rule on.

    The tipping point of what a rule ends is the median month at which it fires, over the futures
    in which it does; rules that fire in fewer than half of the futures open a pathway all the same,
    since most of what is planned for may not come.

    Args:
        rule_firings: the table of that name.
        begin: the year in which the simulation begins, as 2026.9.
        years: how many years are simulated; what does not tip holds until then.

    Returns:
        The pathways, with each rule's sentence, and the share of futures in which it fires, as
        the signpost of its turn.
    """
    end = begin + years
    colours, turns = {CURRENT: _opaque(GREY)}, [Turn((CURRENT, 0), (CURRENT, 0), begin)]
    for place, ((name,), rows) in enumerate(
        rule_firings.group_by("portfolio", maintain_order=True)
    ):
        action = _plain(str(name))
        fired = rows.filter(pl.col("month_median").is_not_null()).sort("month_median")
        tips = [begin + month / 12 for month in fired["month_median"]]
        colours[action] = _opaque(PALETTE[place % len(PALETTE)])
        turns.append(Turn((CURRENT, 0), (action, 0), tips[0] if tips else end))
        before: Use = (action, 0)
        for row, until in zip(fired.to_dicts(), [*tips[1:], end], strict=True):
            after: Use = (f"{action}-rule-{row['number']}", 0)
            colours[after[0]] = _opaque(PALETTE[(place + row["number"]) % len(PALETTE)])
            sign = f"{row['sentence']} (fires in {row['share']:.0%} of futures)"
            turns.append(Turn(before, after, until, sign))
            before = after
    return Pathways(colours, tuple(turns), {})


def _opaque(colour: str) -> str:
    """A colour #rrggbb in the generator's form, aarrggbb."""
    return f"ff{colour.removeprefix('#')}"


def _plain(name: str) -> str:
    """A name without white space and marks that the generator's form has a meaning for."""
    return re.sub(r"[\s\[\]()&#]+", "-", name.strip()) or "-"


def pathway_rows(pathways: Pathways) -> pl.DataFrame:
    """Lay pathways out as a table, for a picture.

    Args:
        pathways: the pathways.

    Returns:
        A row for each use of an action, in the order of the sequences: `use`, `action`, `after`
        (the use that it follows; empty for the first), `begin` (the tipping point of that) and
        `end` (its own; both empty where none is given), `colour` (#rrggbb) and `signpost`.
    """
    until: dict[Use, float | None] = {}
    rows = []
    for place, turn in enumerate(pathways.turns):
        first = place == 0 and turn.before[0] == turn.after[0]
        if place == 0 and not first:
            rows.append(_row(pathways, turn.before, None, (None, None), ""))
        until[turn.after] = turn.until
        before = None if first else turn.before
        begin = until.get(turn.before) if before else None
        rows.append(_row(pathways, turn.after, before, (begin, turn.until), turn.signpost))
    texts = dict.fromkeys(("use", "action", "after", "colour", "signpost"), pl.String)
    return pl.DataFrame(rows, schema=texts | {"begin": pl.Float64, "end": pl.Float64})


def _row(
    pathways: Pathways,
    use: Use,
    before: Use | None,
    until: tuple[float | None, float | None],
    sign: str,
) -> dict[str, str | float | None]:
    places = list(pathways.colours)
    own, usual = pathways.colours[use[0]][2:], (*PALETTE, GREY)
    colour = f"#{own}" if own else usual[places.index(use[0]) % len(usual)]
    return {
        "use": write_use(use), "action": use[0], "after": write_use(before) if before else None,
        "begin": until[0], "end": until[1], "colour": colour, "signpost": sign,
    }  # fmt: skip
