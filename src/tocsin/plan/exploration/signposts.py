"""What to watch under a portfolio, and from which value on another would have done better.

A signpost (Walker, Rahman and Cave 2001, European Journal of Operational Research 128) is looked
for among what rules can watch, in each outcome that is compared: a value in one of the first years
beyond which the portfolio does worse than a rival in the years after. Half of the futures find it
and the other half measure it, so that it is not chance made to fit. Nothing is switched here: the
rival had its own course from the start, and whether a switch helps is what a rule of the file of
portfolios plays.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.plan.compare import SOURCE, lower_bound, share_better
from tocsin.plan.portfolios.rules import SIGNALS
from tocsin.plan.region.outcomes import OUTCOMES
from tocsin.schema import TABLES, conform, empty
from tocsin.schema.vocabulary.portfolio import STATUS_QUO

if TYPE_CHECKING:
    from tocsin.plan.compare import PortfolioRun

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]
A_YEAR = 12
WATCHED_YEARS = (1, 2, 3, 5)
"""Years of which the mean is watched; what comes after them is what is asked about."""
USUAL_YEAR = 2
"""The year after which is told who does better where nothing tells."""
PARTS = (0.1, 0.2, 0.3, 0.4, 0.5)
"""A value counts from which on this share of the futures lies beyond, on either side."""
FEWEST = 200
"""Futures from which on something is looked for."""
SURE = NormalDist().inv_cdf(1 - 0.01 / len(OUTCOMES))
"""Standard errors by which futures beyond must differ from the others in the measured half: one of
a hundred pairs of portfolios would have as much by chance in any outcome (Bonferroni)."""
TEXTS = {"signal": pl.String, "unit": pl.String, "above": pl.Boolean}
ENDS = ("", "_low", "_high")
NUMBERS = (
    "value", "share", *(f"p_better_{side}{end}" for side in ("beyond", "within") for end in ENDS),
    "mean_beyond", "mean_within",
)  # fmt: skip
"""What is empty where nothing tells."""


class _Sign(NamedTuple):
    """This is a value of a signal in a year, and which futures lie beyond it."""

    month: int
    signal: str
    above: bool
    value: float
    beyond: Marks


def signposts(runs: Mapping[str, PortfolioRun]) -> pl.DataFrame:
    """Look for what tells, under each portfolio, that another would do better, by outcome.

    Args:
        runs: of each portfolio, with paths of at least two years; the status quo is among them.

    Returns:
        The table `signposts`: a row for each portfolio but the status quo, each other one and each
        outcome; where nothing tells more than chance does, its signal is empty. Shares have
        intervals of 90 %, from the futures by which they are measured.
    """
    rows = []
    for name, run in runs.items():
        futures = run.paths["deaths"].shape[0]
        if name == STATUS_QUO or futures < FEWEST:
            continue
        half = np.arange(futures) % 2 == 0
        signs = list(_signs(run, half))
        told = _by_month(signs)
        for rival, other in runs.items():
            for outcome in OUTCOMES if rival != name else ():
                if outcome in run.paths:
                    found = _find(run, other, outcome, half, told)
                    row = {"portfolio": name, "against": rival, "outcome": outcome}
                    rows.append(row | _row(run, other, outcome, half, found))
    if not rows:
        return empty(TABLES["signposts"])
    types = TEXTS | dict.fromkeys(NUMBERS, pl.Float64)
    return conform(TABLES["signposts"], pl.DataFrame(rows, schema_overrides=types))


def _signs(run: PortfolioRun, half: Marks) -> Iterator[_Sign]:
    """All values that are looked at, from the futures of one half."""
    months = run.paths["deaths"].shape[1]
    for year in WATCHED_YEARS:
        end = year * A_YEAR
        if end + A_YEAR > months:
            return
        for signal, outcome in SIGNALS.items():
            if outcome not in run.paths:
                continue
            seen = run.paths[outcome][:, end - A_YEAR : end].mean(axis=1)
            for part in PARTS:
                for above in (True, False):
                    value = float(np.quantile(seen[half], 1 - part if above else part))
                    beyond = seen > value if above else seen < value
                    # Where many futures have the same value, hardly any may lie beyond it.
                    if (beyond & half).sum() >= PARTS[0] * half.sum() / 2:
                        yield _Sign(end, signal, above, value, beyond)


def _by_month(signs: Sequence[_Sign]) -> dict[int, list[_Sign]]:
    """The signs of each year that is watched."""
    found: dict[int, list[_Sign]] = {}
    for one in signs:
        found.setdefault(one.month, []).append(one)
    return found


def _later(run: PortfolioRun, other: PortfolioRun, outcome: str, month: int) -> Floats:
    """The difference to another in the months after one, of each future."""
    change = (run.paths[outcome] - other.paths[outcome])[:, month:]
    how = OUTCOMES[outcome].how
    if how == "last":
        return np.asarray(change[:, -1])
    return np.asarray(change.sum(axis=1) if how == "sum" else change.mean(axis=1))


def _better(change: Floats) -> Floats:
    """Whether a future does better; a tie counts as half."""
    return np.asarray((change < 0) + 0.5 * (change == 0))


def _find(
    run: PortfolioRun,
    other: PortfolioRun,
    outcome: str,
    half: Marks,
    told: Mapping[int, Sequence[_Sign]],
) -> _Sign | None:
    """The sign that one half of the futures finds.

    Of those beyond which the other does better, and not within, it is the one by which a switch
    would serve most: by the share of futures beyond, how much more often than not the other does
    better there, and the time that is left. Where there is none it is the one that tells most: how
    much worse it goes beyond, in standard errors of a share.
    """
    best, most, served, serves = None, 0.0, None, 0.0
    months = run.paths[outcome].shape[1]
    for month, signs in told.items():
        better = _better(_later(run, other, outcome, month))[half]
        beyond = np.stack([one.beyond[half] for one in signs]).astype(np.float64)
        counts, inside = beyond.sum(axis=1), beyond @ better
        out, within = inside / counts, (better.sum() - inside) / (len(better) - counts)
        tells = (better.mean() - out) * np.sqrt(counts)
        turns = (within >= 0.5) & (out + 1.645 * np.sqrt(out * (1 - out) / counts) < 0.5)
        serving = np.where(turns, (0.5 - out) * counts * (1 - month / months), 0.0)
        if serving.max() > serves:
            served, serves = signs[int(serving.argmax())], float(serving.max())
        if tells.max() > most:
            best, most = signs[int(tells.argmax())], float(tells.max())
    return served or best


def _row(
    run: PortfolioRun, other: PortfolioRun, outcome: str, half: Marks, found: _Sign | None
) -> dict[str, Any]:
    """The sign that was found in one half of the futures, as the other half has it.

    A sign that the other half does not confirm is no sign, and leaves no trace in the row.
    """
    rest = ~half
    usual = min(USUAL_YEAR * A_YEAR, run.paths[outcome].shape[1] // 2)
    silent = dict.fromkeys((*TEXTS, *NUMBERS)) | {"turns": False}
    row = _told_after(_later(run, other, outcome, usual)[rest], usual) | silent
    if found is None:
        return row
    change = _later(run, other, outcome, found.month)
    better, inside, beyond = _better(change), rest & ~found.beyond, rest & found.beyond
    if not _differs(better[inside], better[beyond]):
        return row
    unit = OUTCOMES[SIGNALS[found.signal]].monthly if SIGNALS[found.signal] in OUTCOMES else ""
    out, within = _interval(better[beyond]), _interval(better[inside])
    return _told_after(change[rest], found.month) | {
        "signal": found.signal,
        "unit": unit or "share, 0 to 1",
        "above": found.above,
        "value": found.value,
        "share": float(beyond.sum() / rest.sum()),
        **{f"p_better_beyond{end}": one for end, one in zip(ENDS, out, strict=True)},
        **{f"p_better_within{end}": one for end, one in zip(ENDS, within, strict=True)},
        "mean_beyond": float(change[beyond].mean()),
        "mean_within": float(change[inside].mean()),
        # The other is shown to do better there, and not only that the lead is smaller; where it
        # does better on this side too, the value is no place to switch.
        "turns": within[0] >= 0.5 and out[2] < 0.5,
    }


def _told_after(change: Floats, month: int) -> dict[str, Any]:
    """What is told in any case of the futures that measure: who does better after a month."""
    better = {"n_futures": len(change), "p_better": share_better(change)}
    return {"month": month, "source": SOURCE} | better


def _interval(better: Floats) -> tuple[float, float, float]:
    """A share of futures with its 90 % interval (Clopper and Pearson 1934)."""
    share, count = float(better.mean()), len(better)
    return share, lower_bound(share, count), 1.0 - lower_bound(1.0 - share, count)


def _differs(inside: Floats, beyond: Floats) -> bool:
    """Whether it goes worse beyond than inside by more than chance makes."""
    if len(inside) < 10 or len(beyond) < 10:
        return False
    error = math.sqrt(inside.var() / len(inside) + beyond.var() / len(beyond))
    return bool(inside.mean() - beyond.mean() > max(SURE * error, 1e-12))
