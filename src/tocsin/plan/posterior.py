"""What data say of the regional model's parameters: joint draws, with where they come from.

`posterior.json` ships with tocsin (scripts/build_posterior.py); `tocsin plan calibrate` writes one
of a workspace's own incidents.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tocsin.base.nearest import advice
from tocsin.base.threads import on_one_thread
from tocsin.base.toml import read_text
from tocsin.errors import UsageError

Floats = npt.NDArray[np.float64]
POSTERIOR_FILE = "posterior.json"
"""Its name in the folder of a workspace."""
SHIPPED_FILE = Path(__file__).with_name(POSTERIOR_FILE)
FORMAT = 1
REMEDY = "Make it anew with: tocsin plan calibrate"
DIGITS = 5
"""Significant digits of what is kept."""


class Wide(NamedTuple):
    """This is the prior of one parameter before any data: it is uniform from `low` to `high`."""

    low: float
    high: float


INFERRED = {
    "excitation": Wide(0.2, 0.99),
    "memory": Wide(1.0, 16.0),
    "overdispersion": Wide(0.05, 1.6),
    "spillover": Wide(0.0, 1.0),
    "tail": Wide(2.02, 4.0),
    "deaths_each": Wide(1.5, 25.0),
}
"""The parameters of which weekly counts and sizes of incidents tell, in the units that they have in
the files of mechanisms. The priors there may have been set by looking at the same data; these know
the meaning of a parameter and nothing of the data."""


@dataclass(frozen=True)
class Posterior:
    """This holds joint draws of some parameters."""

    names: tuple[str, ...]
    """The parameters, D of them."""
    draws: Floats
    """In their own units, shape (S, D)."""
    provenance: Mapping[str, Any]
    """From which data, by which settings and versions; values of JSON."""

    def text(self) -> str:
        """Write it as JSON, a draw a line, as `read_posterior` reads it."""
        rows = [
            json.dumps([float(f"{one:.{DIGITS}g}") for one in row]) for row in self.draws.tolist()
        ]
        head = {"format": FORMAT, "provenance": self.provenance, "parameters": list(self.names)}
        body = json.dumps(head, indent=1, ensure_ascii=False)[:-2]
        return body + ',\n "draws": [\n  ' + ",\n  ".join(rows) + "\n ]\n}\n"


def read_posterior(path: Path) -> Posterior:
    """Read a posterior.

    Args:
        path: a file that `Posterior.text` made.

    Returns:
        The posterior.

    Raises:
        UsageError: it is no such file, names a parameter that is not inferred, or holds a value
            outside the range that the parameter can have.
    """
    where = str(path)
    try:
        held = json.loads(read_text(path))
    except (json.JSONDecodeError, RecursionError) as error:
        raise UsageError(f"This is no JSON: {error}.", where=where, remedy=REMEDY) from error
    if not isinstance(held, dict) or held.get("format") != FORMAT:
        raise UsageError(f"This is no posterior of format {FORMAT}.", where=where, remedy=REMEDY)
    names, provenance = held.get("parameters"), held.get("provenance")
    if not isinstance(names, list) or not names or not isinstance(provenance, dict):
        raise UsageError("It lacks `parameters` or `provenance`.", where=where, remedy=REMEDY)
    for name in names:
        if name not in INFERRED:
            raise UsageError(
                f"No parameter '{name}' is inferred from data.", where=where,
                remedy=advice(str(name), INFERRED),
            )  # fmt: skip
    try:
        draws = np.array(held.get("draws"), np.float64)
    except (TypeError, ValueError) as error:
        raise UsageError("Its `draws` are no table of numbers.", where=where) from error
    if draws.ndim != 2 or not len(draws) or draws.shape[1] != len(names):
        raise UsageError(f"Each of its `draws` needs {len(names)} numbers.", where=where)
    for place, name in enumerate(names):
        low, high = INFERRED[name]
        bad = np.flatnonzero(~((draws[:, place] >= low) & (draws[:, place] <= high)))
        if len(bad):
            value = draws[bad[0], place]
            raise UsageError(
                f"'{name}' is {value:g}; it lies between {low:g} and {high:g}.",
                where=f"{where}, draw {bad[0] + 1}", remedy=REMEDY,
            )  # fmt: skip
    return Posterior(tuple(names), draws, provenance)


@cache
def shipped_posterior() -> Posterior:
    """The posterior that ships with tocsin, of regions of UCDP GED up to 2018."""
    return read_posterior(SHIPPED_FILE)


def own(folder: Path) -> Posterior:
    """The posterior that holds in a workspace: its own where it has one, else the shipped one.

    Args:
        folder: of the workspace.

    Raises:
        UsageError: its file is not understood.
    """
    path = folder / POSTERIOR_FILE
    return read_posterior(path) if path.exists() else shipped_posterior()


@on_one_thread
def order_draws(ranks: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Order joint draws by their first principal component, so that neighbours are alike.

    Args:
        ranks: of each parameter over the draws, shape (S, D).

    Returns:
        The numbers of the draws in their order, shape (S,).
    """
    middle = ranks - ranks.mean(axis=0)
    _, _, ways = np.linalg.svd(middle, full_matrices=False)
    # A component has no sign of its own: its largest part is made positive.
    way = ways[0] * np.sign(ways[0][np.abs(ways[0]).argmax()])
    return np.argsort(middle @ way, kind="stable")


def rows_at(places: npt.NDArray[Any], count: int) -> npt.NDArray[np.int64]:
    """Say which of so many draws lies at a place, where all draws have equal room from 0 to 1.

    >>> rows_at(np.array([0.0, 0.5, 0.99, 1.0]), 4).tolist()
    [0, 2, 3, 3]
    """
    return (places * count).astype(np.int64).clip(0, count - 1)


def pool(found: Mapping[str, Posterior]) -> Posterior:
    """Pool the posteriors of several regions with equal weights: a new region may be like any.

    The parameters of regions differ by more than each region's data leave open, so the mixture
    (Stone 1961, The opinion pool, Annals of Mathematical Statistics 32) is taken, and not the
    product, which would take them for one.

    Args:
        found: the posterior of each region by its name. One may lack a parameter of which its data
            do not tell; its draws of that are then taken from the regions that tell of it.

    Returns:
        The draws of all regions, one after another.
    """
    names = tuple(name for name in INFERRED if any(name in one.names for one in found.values()))
    columns = []
    for name in names:
        told = [one.draws[:, one.names.index(name)] for one in found.values() if name in one.names]
        source, parts = np.concatenate(told), []
        for one in found.values():
            if name in one.names:
                parts.append(one.draws[:, one.names.index(name)])
            else:
                evenly = np.linspace(0, len(source) - 1, len(one.draws)).round().astype(int)
                parts.append(source[evenly])
        columns.append(np.concatenate(parts))
    provenance = {"regions": {key: dict(one.provenance) for key, one in found.items()}}
    return Posterior(names, np.stack(columns, 1), provenance)
