"""Every outcome by portfolio, future, territory and year, in files that are written one by one.

All of it may be larger than memory: each file has so many futures, in all of which the same is
played as in the plan, and what is in memory does not grow with their number, but for where each of
them begins. A file that is there and of the same inputs is not written again.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from tocsin.base.about import VERSION
from tocsin.base.atomic import check_folder, replace
from tocsin.base.cache import code, versions
from tocsin.base.compiled import jax_for, machine
from tocsin.errors import UsageError, require
from tocsin.plan.play import Stage, check_finite, set_stage
from tocsin.plan.portfolios.declared import PortfolioFile
from tocsin.plan.posterior import Posterior
from tocsin.schema.step import Tell, say_nothing

if TYPE_CHECKING:
    import xarray

AT_ONCE = 64_000_000
"""Bytes of the outcomes of one file, about; some six times as much is in memory."""
WRITTEN = f"futures-{'[0-9]' * 7}.nc"
"""Names of the files: the number of the first future in each, in seven digits."""


def write_yearly(
    tables: Mapping[str, pl.DataFrame],
    folder: Path,
    *,
    gwnos: list[int],
    futures: int,
    seed: int,
    portfolios: PortfolioFile | Mapping[str, Mapping[str, float]] | None = None,
    mechanisms: Sequence[str] = (),
    posterior: Posterior | None = None,
    workers: Any = 1,
    about: Mapping[str, Any] | None = None,
    tell: Tell = say_nothing,
) -> list[Path]:
    """Play portfolios as `plan` does, and write every outcome by territory and year.

    With the same arguments they are the futures of `plan`; each is played once more, by another
    program that keeps years by territory, so that no number of a plan hangs on it.

    Args:
        tables: as `plan` takes them, like all that follows but `folder` and `about`.
        folder: where the files are written; it is made if it is not there.
        gwnos: the Gleditsch-Ward numbers of the region's territories.
        futures: how many futures are simulated for each portfolio.
        seed: start of all random numbers.
        portfolios: a file of portfolios, or efforts by lever; None: those that ship.
        mechanisms: names of mechanisms of other packages.
        posterior: of the calibrated parameters; None: the one that ships with tocsin.
        workers: processes, or a client of Dask; the results are the same for any number of them.
        about: attributes that each file has beside its own, such as the name of the region.
        tell: is told what is being done, and what part of it is done.

    Returns:
        The files, netCDF, in the order of their futures. `open_yearly` reads them as one.

    Raises:
        StageNotReady, UsageError, PluginFailed: as `plan` does; and where the disk has less room
            than they take, before anything is played.
        MissingExtra: the extra `plan` is not installed.
    """
    require("xarray", extra="plan")
    require("scipy", extra="plan")
    jax_for("plan")
    check_folder(folder)
    # How many territories and portfolios there are is known before any future begins.
    count = _count(portfolios)
    _check_room(folder, 4 * futures * count * _numbers(len(gwnos)))
    stage, level = set_stage(
        tables, gwnos=gwnos, futures=futures, seed=seed, portfolios=portfolios,
        mechanisms=mechanisms, posterior=posterior, workers=workers, tell=tell,
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    made_of = "" if stage.guests else _digest(stage, level)
    size = max(1, AT_ONCE // (4 * count * _numbers(len(stage.region.territories))))
    written = []
    for first in range(0, futures, size):
        tell("Writing years by territory", first / futures)
        which = slice(first, min(first + size, futures))
        target = folder / f"futures-{first:07d}.nc"
        name = made_of and f"{made_of}-{which.start}-{which.stop}"
        if not (name and _is_there(target, name)):
            found = _label(stage, level, which)
            found.attrs |= dict(about or {}) | {"made_of": name}
            with replace(target) as part:
                found.to_netcdf(part, engine="scipy", format="NETCDF3_64BIT")
        written.append(target)
    for other in sorted(folder.glob(WRITTEN)):  # of more futures, or of another division
        if other not in written:
            other.unlink()
    return written


def open_yearly(folder: Path) -> xarray.Dataset:
    """Open the files of `write_yearly` as one data set, of which nothing is read before it is used.

    Args:
        folder: where they lie.

    Returns:
        For each outcome, such as `deaths`: by portfolio, future, territory and year (1 to 10);
        `trade_lost` is of the region and has no territory. Beside them `parameters`, by parameter
        and future.

    Raises:
        UsageError: there is none.
        MissingExtra: xarray or Dask is not installed (extras `plan` and `anticipate`).
    """
    array = require("xarray", extra="plan")
    require("dask", extra="anticipate")
    files = sorted(folder.glob(WRITTEN))
    if not files:
        raise UsageError("There is no file of futures.", where=str(folder))
    found: xarray.Dataset = array.open_mfdataset(
        files, engine="scipy", combine="nested", concat_dim="future", data_vars="minimal",
        coords="minimal", compat="override", combine_attrs="override",
    )  # fmt: skip
    return found


def _count(portfolios: PortfolioFile | Mapping[str, Any] | None) -> int:
    """How many portfolios are played, the status quo among them."""
    from tocsin.plan.portfolios import SHIPPED
    from tocsin.schema.vocabulary.portfolio import STATUS_QUO

    names = SHIPPED.portfolios if portfolios is None else portfolios
    if isinstance(names, PortfolioFile):
        names = names.portfolios
    return len({*names, STATUS_QUO})


def _numbers(territories: int) -> int:
    """Numbers that there are of a future under a portfolio."""
    from tocsin.plan.region.outcomes import OUTCOMES, REGIONAL, YEARS

    return YEARS * ((len(OUTCOMES) - len(REGIONAL)) * territories + len(REGIONAL))


def _check_room(folder: Path, size: int) -> None:
    """Refuse what the disk has no room for."""
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free
    if size > 0.95 * free:
        raise UsageError(
            f"The files would take {size / 1e9:,.1f} GB, and {free / 1e9:,.1f} GB are free.",
            where=str(folder),
            remedy="Play fewer --futures or portfolios, or choose a folder on another disk.",
        )


def _digest(stage: Stage, level: Any) -> str:
    """A name for all that the numbers of these futures depend on."""
    parts = repr((stage.file, stage.levers, stage.seed, versions(), machine()))
    found = hashlib.sha256(f"{parts}{code(Path(__file__).parents[1])}".encode())
    for array in (stage.drawn.values, *(level or ()), *stage.region.begin(stage.plans()[0, :, 0])):
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()[:32]


def _is_there(target: Path, name: str) -> bool:
    """Whether a file of the same inputs is there whole."""
    array = require("xarray", extra="plan")
    try:
        with array.open_dataset(target, engine="scipy") as there:
            return bool(there.attrs.get("made_of") == name)
    except (OSError, ValueError, TypeError, EOFError):
        return False


def _label(stage: Stage, level: Any, which: slice) -> xarray.Dataset:
    """Play some of the futures, and label what came of them."""
    array = require("xarray", extra="plan")
    from tocsin.plan.compare import SOURCE
    from tocsin.plan.play.labelled import HOW, coordinates
    from tocsin.plan.region.outcomes import OUTCOMES, REGIONAL, WATCHED

    words = "Simulating years by territory"
    paths = stage.play(stage.plans(), level, words=words, which=which, yearly=True).paths
    assert paths is not None, "years are asked for"
    for place, portfolio in enumerate(stage.file.portfolios.values()):
        if portfolio.rules:
            paths[:, :, :, place] = _follow_rules(stage, portfolio, level, which)
    made: dict[str, Any] = {}
    over = ("portfolio", "future", "territory", "year")
    for name, how in OUTCOMES.items():
        values = paths[:, WATCHED.index(name)].transpose(2, 3, 1, 0)  # (Y, N, P, F)
        regional = name in REGIONAL
        values = np.ascontiguousarray(values[:, :, 0] if regional else values)
        dims = tuple(one for one in over if not (regional and one == "territory"))
        unit = how.monthly.replace(" a month", " a year")
        made[name] = dims, values, {"units": unit, "long_name": HOW[how.how]}
    check_finite({name: one[1] for name, one in made.items()}, stage.guests)
    values = stage.drawn.values[:, which]
    made["parameters"] = ("parameter", "future"), values, {"long_name": "value, in its unit"}
    named = coordinates(stage)
    named["future"] = np.arange(stage.futures, dtype=np.int32)[which]
    found: xarray.Dataset = array.Dataset(
        made, named,
        {"title": "Simulated futures of portfolios, by territory and year", "source": SOURCE,
         "tocsin": VERSION, "seed": stage.seed, "futures": stage.futures, "note": "Less of every "
         "outcome is better. Take differences of portfolios future by future."},
    )  # fmt: skip
    return found


def _follow_rules(stage: Stage, portfolio: Any, level: Any, which: slice) -> Any:
    """Years of a portfolio with rules, played once more from when each rule fires."""
    from tocsin.plan.region.levels import ruled_levels

    _, fired = stage.adapt(portfolio, level, which)
    some = len(range(stage.futures)[which])
    plans = ruled_levels(stage.file, portfolio, stage.levers, fired, some)
    words = "Simulating years by territory"
    found = stage.play(plans, level, words=words, which=which, yearly=True).paths
    assert found is not None, "years are asked for"
    return found[:, :, :, 0]
