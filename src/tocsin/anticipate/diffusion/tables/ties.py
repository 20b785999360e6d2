"""Ties between organisations, by channel, as far as the cases know both ends."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.anticipate.diffusion.tables.cases import Cases, Places
from tocsin.anticipate.diffusion.tables.headings import TIES, arrange, with_one
from tocsin.anticipate.diffusion.tables.names import note_of_spellings, plain_names
from tocsin.anticipate.diffusion.tables.spans import hold_whole_periods, read_span
from tocsin.anticipate.diffusion.tables.times import Floats, empty, is_endless
from tocsin.base.display.quantity import quantity
from tocsin.errors import StageNotReady
from tocsin.schema.handmade import refuse_missing

ALIKE = 0.99
"""Channels whose weights correlate by this much or more cannot be told apart."""
UNLIKE = 1e4
"""A channel is told of whose largest weight is as many times its least."""
NEARLY_ALL = 0.999
COLUMNS = ("channel", "source", "target", "weight", "start", "end")


@dataclass(frozen=True)
class Ties:
    """These are the ties between organisations: a row for each tie; arrays have shape (m,).

    Args:
        channels: names of the channels. Channels that are copies of each other carry one joint
            name, as 'alliance = training'.
        channel, source, target: numbers of the channel and of the organisations (in
            `Cases.actors`).
        weight: how much the target is exposed to the source, above 0.
        start, end: times between which the tie held, in units of the clock; infinite where the tie
            is not dated.
        notes: what was done to doubtful rows, in sentences.
        refused: rows that could not be used: `row` (from 1), `column`, `value`, `reason`.
    """

    channels: tuple[str, ...]
    channel: Places
    source: Places
    target: Places
    weight: Floats
    start: Floats
    end: Floats
    notes: tuple[str, ...]
    refused: pl.DataFrame


def read_ties(table: pl.DataFrame, cases: Cases, *, undirected: bool = False) -> Ties:
    """Check a table of ties.

    Args:
        table: the columns `source, target, channel`, and optionally `weight` (1 if empty) and
            `from, to` (the times between which the tie held). The target is exposed to the source.
            Columns may have other names of `headings.TIES`, and texts be written as an office does.
        cases: the organisations at risk; ties of other organisations are left out.
        undirected: True if each tie exposes both of its ends to each other.

    Returns:
        The ties. Rows that could not be used are in `refused` with their reason.

    Raises:
        SourceRefused: a column is missing.
        StageNotReady: no tie joins two organisations of the cases.
    """
    where = "the table of ties"
    made = arrange(table, TIES, where, numbers=["weight"])
    notes = list(made.assumed)
    table, both = _directions(made.rows, notes)
    table = with_one(table, "channel", list(TIES), where, notes)
    refuse_missing(table.columns, ("source", "target", "channel"), where)
    read, refused = _read_rows(table, cases, notes)
    if "weight" in table.columns and 0 < (blank := int(_untold(table).sum())) < len(table):
        notes.append(f"{quantity(blank, 'tie tells', 'ties tell')} no weight: it is taken as 1.")
    ends = {name for side in ("source", "target") for name in read[side].to_list()}
    notes += note_of_spellings(ends - set(cases.actors), cases.actors, where)
    notes += note_of_spellings(read["channel"], read["channel"], where)
    number = {name: place for place, name in enumerate(cases.actors)}
    read = read.with_columns(
        pl.col("source", "target").replace_strict(number, default=None, return_dtype=pl.Int64)
    )
    read = _leave_out(read, cases, notes)
    if undirected or both is not None:
        turned = read.with_columns(source=pl.col("target"), target=pl.col("source"))
        if both is not None and not undirected:
            turned = turned.filter(pl.col("row").is_in(both))
        # Told from both ends is told once; where the two differ, both ends have the larger weight.
        read = _count_once(read, notes)
        turned = _count_once(turned, [])
        read = _count_once(pl.concat([read, turned]), [])
    if read.is_empty():
        raise _no_tie(cases.refused, refused, notes)
    read = _count_once(read, notes)
    read = _join_copies(read, notes)
    _tell_of_weights(read, notes)
    channels = tuple(read["channel"].unique().sort().to_list())
    place = {name: number for number, name in enumerate(channels)}
    weight, start, end = (
        read[name].to_numpy().astype(np.float64) for name in ("weight", "start", "end")
    )
    return Ties(
        channels,
        np.array([place[name] for name in read["channel"]], dtype=np.int64),
        read["source"].to_numpy().astype(np.int64),
        read["target"].to_numpy().astype(np.int64),
        weight,
        start,
        end,
        tuple(notes),
        refused,
    )


def _leave_out(read: pl.DataFrame, cases: Cases, notes: list[str]) -> pl.DataFrame:
    """The ties without those that can expose nobody of the cases, which the notes count."""
    left_out = {
        ("names", "name", "an organisation that is in no row of adoptions"): pl.any_horizontal(
            pl.col("source", "target").is_null()
        ),
        ("joins", "join", "an organisation to itself"): pl.col("source") == pl.col("target"),
        ("holds", "hold", "only outside the window"): (
            (pl.col("start") > cases.end) | (pl.col("end") < cases.start)
        ),
        ("has", "have", "a weight of 0, which exposes nobody,"): pl.col("weight") == 0,
    }
    for (one, many, what), holds in left_out.items():
        if count := read.filter(holds).height:
            said = quantity(count, f"tie {one} {what} and is", f"ties {many} {what} and are")
            notes.append(f"{said} left out.")
    return read.filter(~pl.any_horizontal(*left_out.values()))


def join_spells(ties: Ties) -> Ties:
    """Make one tie of all that follow each other or overlap with the same weight.

    A tie that is told anew for each year is one tie. Where weights differ, they add up while both
    hold, which a note says.

    Args:
        ties: the ties, m rows.

    Returns:
        The ties, m rows or fewer, sorted by channel and ends where any were joined.
    """
    told = pl.DataFrame({name: getattr(ties, name) for name in COLUMNS})
    of = ["channel", "source", "target", "weight"]
    before = pl.col("end").cum_max().over(of).shift(1).over(of)
    marked = told.sort(*of, "start").with_columns(
        spell=(pl.col("start") > before).fill_null(True).cum_sum()
    )
    joined = marked.group_by(*of, "spell", maintain_order=True).agg(
        pl.col("start").min(), pl.col("end").max()
    )
    notes = list(ties.notes)
    if len(joined) < len(told):
        words = quantity(len(told) - len(joined), "tie follows", "ties follow")
        notes.append(
            f"{words} another of the same channel, ends and weight without a gap, or overlaps it: "
            "they are one."
        )
        told = joined
    both = of[:3]
    sorted_ = told.sort(*both, "start")
    overlaps = (pl.col("start") < pl.col("end").shift(1).over(both)).sum()
    if count := int(sorted_.select(overlaps).item()):
        words = quantity(count, "tie overlaps", "ties overlap")
        notes.append(
            f"{words} in time with another of the same channel between the same two, of another "
            "weight: they add up while both hold. If they are one tie, give it once."
        )
    channel, source, target, weight, start, end = (told[name].to_numpy() for name in COLUMNS)
    return replace(
        ties, channel=channel, source=source, target=target, weight=weight, start=start, end=end,
        notes=tuple(notes),
    )  # fmt: skip


def _directions(table: pl.DataFrame, notes: list[str]) -> tuple[pl.DataFrame, list[int] | None]:
    """Rows (from 1) that a column of Gephi's calls undirected, which so is no column of channels.

    Beside them it writes an id and a label of each tie, and these are left out.
    """
    if "channel" not in table.columns or not table.height:
        return table, None
    told = table["channel"].cast(pl.String).str.strip_chars().str.to_lowercase()
    if not told.is_in(["directed", "undirected"]).all():
        return table, None
    rows = [row for row, word in enumerate(told, 1) if word == "undirected"]
    notes.append(
        f"The column of channels says which ties are directed, and is none: {len(rows)} of "
        f"{table.height} are undirected and expose both ends."
    )
    return table.drop("channel", *({"Id", "Label"} & set(table.columns))), rows


def _count_once(read: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """A tie that is told twice for the same time exposes once; the larger weight counts."""
    of = ["channel", "source", "target", "start", "end"]
    once = read.group_by(of, maintain_order=True).agg(pl.col("weight").max())
    if twice := read.height - once.height:
        words = quantity(twice, "tie that is", "ties that are")
        notes.append(f"{words} told again for the same time: counted once.")
    return once


def _tell_of_weights(read: pl.DataFrame, notes: list[str]) -> None:
    """Say where a few ties of a channel are so heavy that all others count for nothing."""
    positive = read.filter(pl.col("weight") > 0).sort("channel")
    for (channel,), ties in positive.group_by("channel", maintain_order=True):
        weight = ties["weight"].sort(descending=True)
        if weight[0] < UNLIKE * weight[-1]:
            continue
        carry = int((weight.cum_sum() < NEARLY_ALL * float(weight.sum())).sum()) + 1
        notes.append(
            f"Weights of '{channel}' go from {weight[-1]:.3g} to {weight[0]:.3g}, and the strength "
            f"of a channel is per unit: {carry} of its {quantity(ties.height, 'tie')} carry 99.9% "
            "of all weight. If weights are a scale, give them as steps that are alike."
        )


def _no_tie(adoptions: pl.DataFrame, ties: pl.DataFrame, notes: list[str]) -> StageNotReady:
    """Say that nothing is tied, and what is left out or refused, which may be the reason."""
    left_out = [note for note in notes if "left out" in note or "nearly like" in note]
    remedy = " ".join(left_out) or "Write the names alike in both files."
    for refused, table in ((ties, "ties"), (adoptions, "adoptions")):
        for row, column, value, reason in refused.head(1).iter_rows():
            remedy = (
                f"Mend the rows of {table} that were refused ({refused['row'].n_unique()}): row "
                f"{row}, column {column}, '{value}': {reason}."
            )
    return StageNotReady("No tie joins two organisations of the table of adoptions.", remedy=remedy)


def _read_rows(
    table: pl.DataFrame, cases: Cases, notes: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    wrong: list[tuple[int, str, str | None, str]] = []

    def refuse(bad: npt.NDArray[np.bool_], column: str, reason: str) -> None:
        values = table[column].cast(pl.String)
        wrong.extend((int(i) + 1, column, values[int(i)], reason) for i in np.flatnonzero(bad))

    names = {name: plain_names(table[name]) for name in ("source", "target", "channel")}
    for name, column in names.items():
        refuse(column.fill_null("").eq("").to_numpy(), name, "it is empty")
    weight = np.ones(table.height)
    if "weight" in table.columns:
        blank = _untold(table)
        text = table["weight"].cast(pl.String).str.strip_chars()
        share = text.str.ends_with("%").fill_null(False).to_numpy()
        number = text.str.strip_suffix("%").str.strip_chars().cast(pl.Float64, strict=False)
        weight = np.where(blank, 1.0, number.fill_null(np.nan).to_numpy())
        weight = np.where(share, weight / 100.0, weight)
        refuse(~(np.isfinite(weight) & (weight >= 0)), "weight", "it is no number of 0 or more")
    times = {}
    for name, otherwise in (("from", -np.inf), ("to", np.inf)):
        times[name] = np.full(table.height, otherwise)
        if name in table.columns:
            time, blank = read_span(table[name], cases, last=name == "to"), empty(table[name])
            refuse(np.isnan(time) & ~blank, name, "no time of the adoptions' kind can be read")
            times[name] = np.where(blank, otherwise, time)
    if "to" in table.columns:
        refuse(times["to"] < times["from"], "to", "it is before 'from'")
    start, end = hold_whole_periods(times["from"], times["to"], cases, notes)
    refused = pl.DataFrame(
        wrong,
        schema={"row": pl.Int64, "column": pl.String, "value": pl.String, "reason": pl.String},
        orient="row",
    ).sort("row")
    rows = pl.DataFrame(
        {
            "row": pl.int_range(1, table.height + 1, eager=True),
            **names,
            "weight": weight,
            "start": start,
            "end": end,
        }
    )
    return rows.filter(~pl.col("row").is_in(refused["row"].implode())), refused


def _untold(table: pl.DataFrame) -> npt.NDArray[np.bool_]:
    """Which ties tell no weight; one without end is no weight, and not an untold one."""
    return np.asarray(empty(table["weight"]) & ~is_endless(table["weight"]), dtype=bool)


def _join_copies(read: pl.DataFrame, notes: list[str]) -> pl.DataFrame:
    """Channels that are copies of each other, up to a factor, become one."""
    summed = read.group_by("channel", "source", "target").agg(pl.col("weight").sum())
    wide = summed.pivot(on="channel", index=["source", "target"], values="weight").fill_null(0.0)
    names = sorted(set(wide.columns) - {"source", "target"})
    leader = {name: name for name in names}
    for at, name in enumerate(names):
        for other in names[:at]:
            if leader[other] == other and _alike(wide[name].to_numpy(), wide[other].to_numpy()):
                leader[name] = other
                break
    joint = {
        one: " = ".join(name for name in names if leader[name] == one)
        for one in names
        if leader[one] == one
    }
    for one, label in joint.items():
        if label != one:
            notes.append(
                f"The channels {label} join the same organisations with the same weights. They "
                "cannot be told apart, so they are one channel with one share."
            )
    kept = read.filter(pl.col("channel").is_in(list(joint)))
    return kept.with_columns(pl.col("channel").replace(joint))


def _alike(one: Floats, other: Floats) -> bool:
    """Cosine of the weights over all pairs that either of them joins."""
    size = float(np.linalg.norm(one) * np.linalg.norm(other))
    return size > 0 and float(one @ other) / size >= ALIKE
