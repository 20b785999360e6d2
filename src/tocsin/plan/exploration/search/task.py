"""What is searched, what is found, and what has been played on the way."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tocsin.base.atomic import write_bytes
from tocsin.plan.exploration.archive import Bounds
from tocsin.plan.exploration.robustness import baseline_regret

Floats = npt.NDArray[np.float64]
Play = Callable[[Floats, npt.NDArray[np.int64]], Mapping[str, Floats]]
FIRST_FRESH = 10**6
"""From this number on no search sees a future."""
PERCENTILE = 90.0
"""Of the difference to the status quo over futures."""
COST = "cost"
"""The name of the objective that is not simulated."""


@dataclass(frozen=True)
class Task:
    """This is what is searched: levers, limits, and a model that plays."""

    play: Play
    """Gives each outcome by portfolio and future, (P, F), for efforts (P, L) and the numbers of
    futures, (F,). A future of one number is the same at every call."""
    outcomes: tuple[str, ...]
    """Outcomes that are objectives; less is better."""
    bounds: Bounds
    declared: Floats
    """Portfolios to start from, shape (D, L)."""
    digest: str
    """Changes with the model and the region, so that kept results of another are not used."""

    @property
    def objectives(self) -> tuple[str, ...]:
        """Return the names of the objectives, in the order of columns."""
        return (*self.outcomes, COST)

    def cost(self, efforts: Floats) -> Floats:
        """What portfolios cost a year, shape (P,)."""
        prices = [self.bounds.levers[name].cost for name in self.bounds.names]
        return np.asarray(efforts @ np.array(prices))


@dataclass(frozen=True)
class Found:
    """This is what a search found."""

    efforts: Floats
    """Portfolios that no other is better than, and that meet all limits and ceilings, (P, L)."""
    objectives: Floats
    """Their objectives, (P, O), in the outcomes' units and cost units a year."""
    bounds: Mapping[str, Floats] = field(default_factory=dict)
    """For each ceiling the upper bound of what lies above it, on fresh futures; at most 0."""
    looked_at: int = 0
    """How many portfolios were played."""
    dropped: int = 0
    """How many of the front were dropped, since they do not meet a ceiling on fresh futures."""


def objectives(
    task: Task,
    efforts: Floats,
    numbers: npt.NDArray[np.int64],
    base: Mapping[str, Floats] | None = None,
) -> Floats:
    """Play portfolios, and give their objectives.

    Args:
        task: what is searched.
        efforts: the portfolios, (P, L).
        numbers: of the futures, (F,).
        base: each outcome of the status quo in them, (1, F); None: it is played, too.

    Returns:
        The 90th percentile over futures of each outcome's difference to the status quo, and the
        cost a year, (P, O).
    """
    base = base or task.play(task.bounds.today[None], numbers)
    seen = task.play(efforts, numbers)
    columns = [baseline_regret(seen[name], base[name][0], PERCENTILE) for name in task.outcomes]
    return np.column_stack([*columns, task.cost(efforts)])


class Played:
    """This is what has been played so far; each portfolio once, kept in a file where asked."""

    def __init__(self, task: Task, futures: int, work: Path | None, name: str) -> None:
        self.task, self.numbers = task, np.arange(futures, dtype=np.int64)
        self.path = work / f"search-{name}.npz" if work else None
        self.rows: dict[bytes, Floats] = {}
        self.order: list[Floats] = []
        self.old: dict[bytes, Floats] = {}
        self.base: Mapping[str, Floats] = {}
        if self.path is not None and self.path.exists():
            with np.load(self.path) as held:
                self.old = {
                    one.tobytes(): row
                    for one, row in zip(held["efforts"], held["objectives"], strict=True)
                }

    def __call__(self, efforts: Floats) -> Floats:
        """The objectives of portfolios, (P, O)."""
        efforts = np.ascontiguousarray(efforts, np.float64)
        keys = [one.tobytes() for one in efforts]
        new = [place for place, key in enumerate(keys) if key not in self.old]
        if new:
            if not self.base:
                self.base = self.task.play(self.task.bounds.today[None], self.numbers)
            for place, row in zip(
                new, objectives(self.task, efforts[new], self.numbers, self.base), strict=True
            ):
                self.old[keys[place]] = row
        for place, key in enumerate(keys):
            if key not in self.rows:
                self.rows[key] = self.old[key]
                self.order.append(efforts[place])
        if new and self.path is not None:
            self._save()
        return np.stack([self.rows[key] for key in keys])

    def recall(self, evaluations: int) -> bool:
        """Take what was kept for the whole search, where so many plays were kept.

        Args:
            evaluations: how many plays the search has.

        Returns:
            Whether they were; then there is nothing left to search.
        """
        if len(self.old) < evaluations:
            return False
        self.rows = dict(self.old)
        self.order = [np.frombuffer(key) for key in self.old]
        return True

    def _save(self) -> None:
        assert self.path is not None
        self.path.parent.mkdir(parents=True, exist_ok=True)
        efforts, objectives = self.table()
        held = io.BytesIO()
        np.savez(held, efforts=efforts, objectives=objectives)
        write_bytes(self.path, held.getvalue())

    def table(self) -> tuple[Floats, Floats]:
        """Give all portfolios and their objectives, in the order in which they were played.

        Returns:
            Efforts of shape (portfolios, levers), and objectives of shape (portfolios, objectives).
        """
        return np.array(self.order), np.array([self.rows[one.tobytes()] for one in self.order])
