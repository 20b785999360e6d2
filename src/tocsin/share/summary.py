"""The brief in about twenty lines, for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tocsin.base.display.quantity import quantity
from tocsin.schema.geography.grammar import with_the
from tocsin.schema.tables.anticipated.forecast import SERIOUS
from tocsin.schema.tables.assessed.adoption import say_own
from tocsin.schema.tables.planned.parameter import parameter_label
from tocsin.schema.vocabulary.portfolio import STATUS_QUO
from tocsin.share.facts.portfolios import LITTLE
from tocsin.share.facts.risk import FALLEN, with_other_violence
from tocsin.share.facts.words import Facts, cautious_share, figure, percent, percent_bound

FIRST = 5
"""Territories shown."""
NOBODY = "of none of the deadliest is there a candidate"
"""Said where the brief lists no organisation for any of them."""
NAMES = 34
"""Columns for the name of an entry."""
ENTRIES = 4
"""Entries of the adoption ledger shown."""


def lines(facts: Facts) -> list[str]:
    """Write the summary of a brief, line by line.

    Args:
        facts: the facts of a brief.

    Returns:
        The lines of text, without line ends.
    """
    return [*_read(facts), "", *_risk(facts), "", *_technology(facts), "", *portfolio_lines(facts)]


def _read(facts: Facts) -> list[str]:
    files = facts["files"]
    rows, kept = sum(f["rows"] for f in files), sum(f["accepted"] for f in files)
    found = [
        f"{facts['region']}: brief of {facts['made']} on data to {facts['origin']:%B %Y}",
        f"Read {quantity(len(files), 'file')}, {quantity(rows, 'row')}: {kept:,} kept, "
        f"{rows - kept:,} in quarantine.",
    ]
    if facts["old"]:
        found.append(f"The data end {facts['months_old']} months before this brief was made.")
    if facts["unseen"]:
        found.append(f"Nothing was read of {', '.join(facts['unseen'])}.")
    return found


def _say_reports(facts: Facts) -> list[str]:
    found = ["No forecast was made. What was reported"]
    found += [
        f"  {row['territory']:<26} {quantity(row['incidents'], 'incident')}, "
        f"{quantity(row['deaths'], 'death')}, "
        f"{row['first']} to {row['last']}"
        for row in facts["reported"][:FIRST]
    ]
    if not facts["reported"]:
        found += [
            f"  {row['territory']:<26} {quantity(row['deaths'], 'death')} in "
            f"{facts['violence']} in the "
            f"latest year of the data"
            for row in facts["recorded"][:FIRST]
        ]
    return found


def _risk(facts: Facts) -> list[str]:
    if not facts["risk"]:
        return _say_reports(facts)
    found = [
        f"Most at risk: {SERIOUS} deaths or more in {facts['violence']}, "
        f"{facts['first']:%B %Y} to {facts['last']:%B %Y}"
    ]
    found += [
        f"  {row['territory']:<26} {percent(row['probability']):>5} {row['word']:<22} "
        f"median {row['median']:,.0f} (90%: {row['low']:,.0f} to {row['high']:,.0f})"
        for row in facts["risk"][:FIRST]
    ]
    if others := with_other_violence(facts["risk"]):
        told = (f"{row['territory']} {row['all_3']:,} ({row['last_3']:,})" for row in others)
        found.append(
            f"In all organised violence, deaths of the last three months (of them in "
            f"{facts['violence']}): {', '.join(told)}"
        )
    found += [
        f"Track record of '{row['model']}' ({row['region']}), {row['from']} to {row['to']}: "
        f"mean CRPS {row['crps']:.2f} deaths, 90% intervals held {row['coverage']:.0%} "
        f"of {row['n']:,}."
        for row in facts["record"]
        if row["chosen"]
    ]
    found += [
        f"To expect the last twelve months again was nearer ({row['region']}): mean CRPS "
        f"{row['simple']:.2f} against {row['own']:.2f}."
        for row in facts.get("outdone", ())
    ]
    return found


def _technology(facts: Facts) -> list[str]:
    if not facts["reported"]:
        return ["No events were assessed, so nothing is said of technology or perpetrators."]
    found = ["Technology and non-state groups, as reports mention them"]
    shown = facts["adoption"][:ENTRIES]
    times = Counter((row["named"], row["label"]) for row in shown)
    found += [
        f"  {_fit(row['named']):<{NAMES}} {row['label']:<24} "
        f"{_where(row) if times[row['named'], row['label']] > 1 else ''}has it: "
        f"{cautious_share(row['confidence'])}; {_naming(row)}"
        for row in shown
    ]
    if not facts["adoption"]:
        found.append(
            f"  named in {_classes(facts['mentioned'])}; of no organisation is it likely enough"
            if facts["mentioned"]
            else "  none seen: no report names one"
        )
    open_ones = facts["unattributed"]
    if open_ones["count"]:
        told = any(row["candidates"] for row in open_ones["shown"])
        found.append(
            "Perpetrator missing, suspected or contested: "
            f"{open_ones['count']:,} of {open_ones['of']:,} "
            f"incidents; {'the brief says who may have done them' if told else NOBODY}."
        )
    return found


def _fit(named: str) -> str:
    """Shorten a long name to its column; what follows the name stays ('not told apart')."""
    if len(named) <= NAMES:
        return named
    name, comma, said = named.rpartition(", ")
    end = f"{comma}{said}" if name and len(said) < NAMES / 2 else ""
    return f"{named[: NAMES - len(end) - 1].rstrip()}…{end}"


def _where(row: Facts) -> str:
    """The territory of an entry that has the same name and class as another one beside it."""
    return f"in {row['territory']}: "


def _naming(row: Facts) -> str:
    """How many reports say that an organisation was the user, by its name or as 'rebels', of how
    many incidents with the class, and how many of all its incidents can be read as its own use."""
    of = f"of {quantity(row['n_incidents'], 'incident')}"
    said = f"said to be the user by {quantity(row['n_named'], 'report')} {of}"
    if not row["n_named"]:
        said = f"no report {of} says that it was the user"
    own = row["rests"] or say_own(row["n_own"])
    return f"{said}; {own}" if own else said


def _classes(mentioned: list[Facts]) -> str:
    """How many incidents name which class."""
    told = [f"{row['label'].lower()} {row['incidents']:,}" for row in mentioned]
    return f"reports of incidents ({', '.join(told)})"


def doubt_words(row: Facts) -> str:
    """Say what must stand beside each share of futures in which a portfolio does better.

    Args:
        row: of `comparisons`, as `facts.portfolios` lists them.

    Returns:
        How small the share gets where how likely the futures are is misjudged by a factor of 2 and
        of 4, in the way that is worst for it, and up to which factor the order of the two is shown
        to hold; empty in a workspace of an earlier tocsin.
    """
    two, four, holds = (row.get(name) for name in ("p_better_2", "p_better_4", "flips_at"))
    if two is None or four is None:
        return ""
    order = "is not shown"
    if holds and holds > 1:
        order = f"holds up to a factor of {figure(holds, bound='least')}"
        if row["p_better"] < 0.5:
            order = f"with it as the worse one {order}"
    return (
        f", at least in {percent_bound(two)} and {percent_bound(four)} where likelihoods are "
        f"misjudged by a factor of 2 and 4 (the order {order})"
    )


def _say_judgement(row: Facts) -> str:
    """How much of the spread rests on judgement."""
    share = row.get("judgement")
    if share is None:
        return ""
    if share < LITTLE:
        return "; of the spread less than 1% is traced to judgement"
    return f"; at least {percent_bound(share, decimals=0)} of the spread is judgement"


def _say_driver(row: Facts) -> str:
    """Where most of the difference lies, and whether that is a war which may just have ended."""
    found = row.get("driver")
    if not found or not found["carries"]:
        return ""
    over = ", whose war may just have ended" if (found["risk"] or {}).get("far") == FALLEN else ""
    if found["only"]:
        return over
    return f"; {percent(found['share'])} of it in {with_the(found['territory'])}{over}"


def portfolio_lines(facts: Facts) -> list[str]:
    """Write what each portfolio changes in deaths, line by line.

    Args:
        facts: `comparisons` and `outcomes`, as `facts.portfolios` lists them.

    Returns:
        The lines of text, without line ends.
    """
    found = [
        row
        for row in facts["comparisons"]
        if row["outcome"] == "deaths" and row["against"] == STATUS_QUO
    ]
    if not found:
        return ["Portfolios were not compared here."]
    return [
        f"Portfolios against the {STATUS_QUO}, in the same futures of a model that rests mostly "
        "on judgement",
        *[
            f"  {row['portfolio']:<20} median {figure(row['median'])} {row['unit']} "
            f"(90%: {figure(row['low'])} to {figure(row['high'])}; mean {figure(row['mean'])})"
            f"{_many(row)}{_say_judgement(row)}"
            for row in facts["outcomes"]
            if row["outcome"] == "deaths" and row["portfolio"] == STATUS_QUO
        ],
        *[
            f"  {row['portfolio']:<20} {figure(row['mean'], signed=True)} {row['unit']} on average"
            f" (90%: {figure(row['low'], signed=True)} to {figure(row['high'], signed=True)}), "
            f"fewer in {percent(row['p_better'])} of the futures played, ties as half"
            f"{doubt_words(row)}{_say_judgement(row)}{_say_driver(row)}"
            for row in found
        ],
        "Read the limits in the brief before you act; a person decides.",
    ]


def _many(row: Facts) -> str:
    """The chance of many deaths, where most futures have few."""
    chance = row.get("p_1000")
    if chance is None or not 0 < chance < 0.5:
        return ""
    return f"; 1,000 or more in {percent(chance)} of the futures"


INPUTS = {
    "chance": "what happens by chance, with the place in the forecast's first year",
    "years after the first": "how violence goes on after the forecast's first year",
    "calibrated together": "all parameters that data tell of, together",
}
"""Inputs of a sensitivity analysis that are no parameters."""
HALF = 0.5
INDICES = {
    "first": "share of the spread, by itself", "total": "with what it acts together with",
    "ranked": "the same, of ranks",
    "effect": "effect over its whole prior (mu*)", "spread": "how far other inputs change it",
}  # fmt: skip
"""What is estimated of an input; an estimate has a half width of its 95 % interval behind it."""


def index_rows(rows: Sequence[Facts]) -> tuple[list[str], list[list[str]]]:
    """Put what a sensitivity analysis found into the words of a table.

    Args:
        rows: of `indices` or `kinds` of `tocsin.plan.exploration.sensitivity`, or of `screening`.

    Returns:
        The names of columns, and rows of texts: a parameter in words with its name in
        docs/model.md, what it rests on, and each estimate with its error.
    """
    header = {"input": "input", "kind": "rests on"} | INDICES
    kept = [name for name in header if rows and name in rows[0]]

    def show(row: Facts, name: str) -> str:
        value = row[name]
        if name == "input":
            label = parameter_label(value)
            return INPUTS.get(value, label if label == value else f"{label} ({value})")
        if name == "kind":
            return INPUTS.get(value, str(value))
        error = row.get(f"{name}_error")
        return figure(value) + ("" if error is None else f" ± {figure(error)}")

    return [header[name] for name in kept], [[show(row, name) for name in kept] for row in rows]


def alone_lines(kinds: Sequence[Facts], indices: Sequence[Facts]) -> tuple[str, str]:
    """Say what inputs explain of a difference one at a time, and what that means for a reader.

    Args:
        kinds, indices: of `tocsin.plan.exploration.sensitivity`.

    Returns:
        Two sentences. By ranks, since a few futures decide shares of the variance.
    """
    alone = sum(row["ranked_first"] for row in kinds)
    error = sum(row["ranked_first_error"] ** 2 for row in kinds) ** 0.5
    told, most = (min(max(one, 0.0), 1.0) for one in (alone, alone + error))
    said = (
        "Taken one at a time, the kinds of input explain "
        f"{told:.0%} of which future is worse (of ranks; 95%: at most {most:.0%}); all else is "
        "what they do together."
    )
    largest = max(indices, key=lambda row: row["ranked_first"])
    name = INPUTS.get(largest["input"], parameter_label(largest["input"]))
    share, doubt = largest["ranked_first"], largest["ranked_first_error"]
    if share + doubt <= HALF:
        return said, (
            "No single input explains half of it: whoever learnt one of them and nothing of the "
            "others would hardly know the difference better."
        )
    if share - doubt >= HALF:
        return said, f"By itself, '{name}' explains half of it or more."
    return said, f"Whether '{name}' alone explains half of it, so few samples do not tell."


def part_lines(
    rows: Sequence[Facts], portfolio: str, outcome: str
) -> tuple[list[list[str]], list[str]]:
    """Say what each lever of a portfolio adds, and what a late start costs.

    Args:
        rows: as `tocsin.plan.effects.compare_parts` gives them.
        portfolio: the name of the portfolio.
        outcome: the outcome that is told.

    Returns:
        Rows of a table (variant, cost a year beyond the portfolio's, difference to it on average
        and its 90 % interval, share of futures in which it is more), and sentences below it.
    """
    told = [row for row in rows if row["outcome"] == outcome]
    table = [
        [
            row["variant"],
            *(figure(row[name], signed=True) for name in ("extra_cost", "mean")),
            f"{figure(row['low'], signed=True)} to {figure(row['high'], signed=True)}",
            f"{percent(row['p_worse'])}; {percent_bound(row['p_worse_low'])}",
        ]
        for row in told
    ]  # fmt: skip
    found = [
        f"Unit: {told[0]['unit']}, beside '{portfolio}' in the same {told[0]['n_futures']:,} "
        "futures; below 0 the variant does better. 'More in' counts a tie as half; after it "
        "stands what so many futures show at least. Costs are those of a year at whole effort; "
        "what begins later is paid from then on."
    ]
    alone = [row for row in told if row["lever"]]
    better = [row["lever"] for row in alone if row["p_better_low"] > 0.5]
    idle = [row["lever"] for row in alone if row["low"] == row["high"] == row["mean"] == 0]
    unshown = [
        row["lever"]
        for row in alone
        if max(row["p_better_low"], row["p_worse_low"]) <= 0.5 and row["lever"] not in idle
    ]
    if better:
        found.append(
            f"In most futures '{portfolio}' does better without: {', '.join(better)}. That may "
            "serve another outcome (--outcome)."
        )
    if unshown:
        found.append(
            "With so many futures it is not shown that these change the outcome either way: "
            f"{', '.join(unshown)}."
        )
    if idle:
        found.append(f"These change nothing of it here: {', '.join(idle)}.")
    if alone:
        whole, summed = told[0]["mean"], sum(row["mean"] for row in alone)
        found.append(
            f"Levers act together: without all of them, as in the status quo, it is "
            f"{figure(whole, signed=True)}, while the differences of each by itself add up to "
            f"{figure(summed, signed=True)}."
        )
    crossed = [f"'{row['variant']}' ({row['crosses']})" for row in told if row["crosses"]]
    if crossed:
        found.append(f"These would cross a limit of the file: {', '.join(crossed)}.")
    found.append(
        "That levers help is assumed and not found: dialogue, inclusion and services may do harm "
        "in the ranges that are drawn, enforcement may feed grievance, and of the rest only the "
        "size is drawn."
    )
    return table, found
