"""All futures of a comparison as one labelled data set of xarray, for who works on with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tocsin.base.about import VERSION
from tocsin.errors import require
from tocsin.plan.play import Runs, Stage, play_portfolios
from tocsin.plan.portfolios.declared import PortfolioFile
from tocsin.plan.posterior import Posterior
from tocsin.schema.step import Tell, say_nothing

if TYPE_CHECKING:
    import xarray

A_YEAR = 12
HOW = {
    "sum": "added up over the year",
    "mean": "mean of the year",
    "last": "mean of the year's last month",
}
"""How months become a year, by how an outcome is counted."""
WHOLE = {
    "sum": "added up over ten years",
    "mean": "mean of ten years",
    "last": "at the end of ten years",
}
"""How ten years become one number."""


def dataset(
    tables: Mapping[str, pl.DataFrame],
    *,
    gwnos: list[int],
    futures: int,
    seed: int,
    portfolios: PortfolioFile | Mapping[str, Mapping[str, float]] | None = None,
    mechanisms: Sequence[str] = (),
    posterior: Posterior | None = None,
    workers: Any = 1,
    tell: Tell = say_nothing,
) -> xarray.Dataset:
    """Play portfolios as `plan` does, and give every future and not their summary.

    With the same arguments they are the futures of `plan`, to the bit. Weeks are added up while
    they are played and are not held, so that memory grows with the number of futures alone: for P
    portfolios, F futures and N territories some 12 · P · F · (9 · N + 1,080) bytes, which is 250 MB
    for 4 portfolios, 4,000 futures and 14 territories. A call that was stopped goes on from what
    was played.

    Args:
        tables: as `plan` takes them, like all that follows.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        futures: how many futures are simulated for each portfolio.
        seed: start of all random numbers.
        portfolios: a file of portfolios, or efforts by lever; None: those that ship.
        mechanisms: names of mechanisms of other packages.
        posterior: of the calibrated parameters; None: the one that ships with tocsin.
        workers: processes, or a client of Dask; the results are the same for any number of them.
        tell: is told what is being done.

    Returns:
        For each outcome, such as `deaths`: `deaths`, over ten years, by portfolio, future and
        territory (`trade_lost` is of the region, and has no territory); and `deaths_by_year`, of
        the region, by portfolio, future and year (1 to 10). What is counted (`deaths` and
        `displaced`) is there by territory and year too for the first 256 futures, as
        `deaths_by_territory_and_year`, along `followed`; `tocsin.plan.play.yearly` writes all
        outcomes so, of all futures. Beside them are `parameters`, by parameter
        and future, with what each prior rests on, and `effort` and `cost`, by portfolio and lever.
        Each has its `units`; the whole has source, version, seed and territories. To netCDF:
        `found.to_netcdf("futures.nc")`.

    Raises:
        StageNotReady, UsageError, PluginFailed: as `plan` does.
        MissingExtra: the extra `plan` is not installed.
    """
    require("xarray", extra="plan")
    from tocsin.plan.region.runs.kept import keeping

    with keeping() as keep:
        played = play_portfolios(
            tables, gwnos=gwnos, futures=futures, seed=seed, portfolios=portfolios,
            mechanisms=mechanisms, posterior=posterior, workers=workers, keep=keep, tell=tell,
        )  # fmt: skip
    return label(played)


def label(played: Runs) -> xarray.Dataset:
    """Label what came of portfolios.

    Args:
        played: the runs of all portfolios, with paths.

    Returns:
        The data set, as `dataset` gives it.
    """
    array = require("xarray", extra="plan")
    from tocsin.plan.compare import SOURCE
    from tocsin.plan.region.outcomes import OUTCOMES

    stage, runs = played.stage, list(played.runs.values())
    made: dict[str, tuple[tuple[str, ...], Any, dict[str, str]]] = {}
    for name, how in OUTCOMES.items():
        whole = np.stack([run.totals[name] for run in runs]).astype(np.float32)
        over = ("portfolio", "future", "territory")[: whole.ndim]
        made[name] = over, whole, _words(how.unit, WHOLE[how.how])
        years = np.stack([_by_year(run.paths[name], how.how) for run in runs])
        unit = how.monthly.replace(" a month", " a year")
        said = f"of the region, {HOW[how.how]}"
        made[f"{name}_by_year"] = ("portfolio", "future", "year"), years, _words(unit, said)
    followed = _add_followed(played, made)
    coordinates = _coordinates(played, followed)
    made |= _inputs(played)
    found: xarray.Dataset = array.Dataset(
        made, coordinates,
        {"title": "Simulated futures of portfolios", "source": SOURCE, "tocsin": VERSION,
         "seed": stage.seed, "note": "Less of every outcome is better. All portfolios meet the "
         "same futures: take differences future by future."},
    )  # fmt: skip
    return found


def _words(unit: str, words: str) -> dict[str, str]:
    return {"units": unit, "long_name": words}


def _by_year(monthly: Any, how: str) -> Any:
    """Months (F, M) as years (F, Y), each by itself."""
    whole = monthly[:, : monthly.shape[1] // A_YEAR * A_YEAR]
    years = whole.reshape(len(monthly), -1, A_YEAR)
    found = years[:, :, -1] if how == "last" else years.sum(2) if how == "sum" else years.mean(2)
    return np.asarray(found, np.float32)


def _add_followed(played: Runs, made: dict[str, Any]) -> int:
    """Add what is counted by territory and year; how many futures have that."""
    from tocsin.plan.region.outcomes import OUTCOMES

    some = [run.quarters for run in played.runs.values() if run.quarters is not None]
    if len(some) < len(played.runs):
        return 0
    quarters = np.stack(some)  # (P, Q, S, N, F)
    P, Q, S, N, F = quarters.shape
    years = quarters.reshape(P, Q // 4, 4, S, N, F).sum(axis=2)
    over = ("portfolio", "followed", "territory", "year")
    for place, name in enumerate(one for one, how in OUTCOMES.items() if how.how == "sum"):
        unit = OUTCOMES[name].monthly.replace(" a month", " a year")
        values = np.ascontiguousarray(years[:, :, place].transpose(0, 3, 2, 1))
        made[f"{name}_by_territory_and_year"] = over, values, _words(unit, HOW["sum"])
    return int(F)


def _coordinates(played: Runs, followed: int) -> dict[str, Any]:
    """The names along each axis, with those futures that are followed by territory and year."""
    told = "numbers of those futures that are kept by territory and year"
    numbers = np.arange(followed, dtype=np.int32)
    return coordinates(played.stage) | {"followed": ("followed", numbers, {"long_name": told})}


def coordinates(stage: Stage) -> dict[str, Any]:
    """Name what lies along each axis of a data set of futures.

    Args:
        stage: what all runs share.

    Returns:
        Coordinates by name, as xarray takes them.
    """
    from tocsin.plan.region.outcomes import YEARS

    parameters = stage.model.parameters
    names = list(stage.file.portfolios)
    return {
        "portfolio": names,
        "label": ("portfolio", [stage.file.portfolios[name].label for name in names]),
        "future": np.arange(stage.futures, dtype=np.int32),
        "territory": list(stage.region.territories),
        "gwno": ("territory", np.array(stage.region.gwnos, np.int32),
                 {"long_name": "Gleditsch-Ward number"}),
        "year": ("year", np.arange(1, YEARS + 1, dtype=np.int32),
                 {"long_name": "year of the simulation, which begins with the forecast"}),
        "parameter": [one.name for one in parameters],
        "basis": ("parameter", list(stage.drawn.bases)),
        "unit": ("parameter", [one.unit for one in parameters]),
        "lever": list(stage.file.levers),
    }  # fmt: skip


def _inputs(played: Runs) -> dict[str, Any]:
    """What futures drew, and what portfolios do and cost."""
    stage = played.stage
    effort = [
        [stage.file.portfolios[name].efforts.get(lever, 0.0) for lever in stage.file.levers]
        for name in played.runs
    ]
    costs = np.array([terms.cost for terms in stage.file.levers.values()], np.float32)
    efforts = np.array(effort, np.float32)
    both = ("portfolio", "lever")
    return {
        "parameters": (("parameter", "future"), stage.drawn.values,
                       {"long_name": "value of each parameter, in its unit"}),
        "effort": (both, efforts, _words("0 to 1", "effort where no rule has fired")),
        "cost": (both, efforts * costs, _words("cost units a year", "cost of that effort")),
    }  # fmt: skip
