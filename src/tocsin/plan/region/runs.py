"""Many futures: in chunks of a fixed size, on one or several processes, kept as they are done.

The numbers of a future do not depend on how many futures or processes there are: a chunk always
holds the same futures and has the same size, each process has one thread, and results are put
together by their numbers.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tocsin.base.atomic import replace
from tocsin.base.cache import code
from tocsin.base.threads import children_on_one_thread
from tocsin.plan.posterior import shipped_posterior
from tocsin.plan.region.model import WHOLE, Begun, Model, play
from tocsin.plan.region.outcomes import WEEKS
from tocsin.plan.region.parameters import draw

Floats = npt.NDArray[np.float32]
AT_ONCE = 16_384
"""Territories × portfolios × futures that are stepped at once: their state fits a cache."""
BY_FUTURE = ("level", "sizes", "channels", "pace", "course", "swell")
"""Fields of `Begun` whose last axis is that of the futures, or of one for all."""
SHOWN = 256
"""Futures, the first ones, of which each territory's path is kept: as many as people may be shown
some of, and few enough for any memory."""


class Played(NamedTuple):
    """This is what came of futures, in the order of their numbers."""

    totals: Floats
    """Each outcome over the whole run by territory, (O, N, P, F)."""
    paths: Floats | None
    """Each outcome by month: of the region (M, O, P, F), or by territory (M, O, N, P, F)."""
    quarters: Floats | None = None
    """Beside paths of the region: what is summed up, by quarter and territory, of the first
    futures, as many as were to be shown, (Q, S, N, P, F)."""


def chunk_size(territories: int, portfolios: int) -> int:
    """How many futures are played at once, which the size of the state alone decides.

    >>> chunk_size(50, 20), chunk_size(3, 3), chunk_size(1000, 20)
    (16, 256, 8)
    """
    fitting = AT_ONCE // max(1, territories * portfolios)
    return int(min(256, max(8, 1 << max(0, fitting.bit_length() - 1))))


def play_futures(
    numbers: npt.NDArray[np.int64],
    plans: Floats,
    begun: Begun,
    *,
    seed: int,
    values: Floats | None = None,
    weeks: int = WEEKS,
    model: Model = WHOLE,
    workers: int = 1,
    keep: Path | None = None,
    shown: int = SHOWN,
    only: int | None = None,
    on_done: Callable[[int, int], object] | None = None,
) -> Played:
    """Play futures, whatever their number, in bounded memory.

    Args:
        numbers: which futures, whole numbers of shape (F,).
        plans: the level of each lever by week, shape (P, L, T), or (P, L, T, F) where it differs
            by future.
        begun: where the run begins; `level`, `sizes`, `channels`, `pace`, `course` and `swell` are
            of each future, or of all.
        seed: start of all random numbers.
        values: parameters of each future, shape (Q, F); None: drawn from the posterior that ships
            with tocsin, and where it says nothing, from their priors.
        weeks: how many are played, whole quarters of 13.
        model: which mechanisms act, and what is kept.
        workers: processes.
        keep: a folder in which each chunk is kept when it is done; a run that was stopped goes on
            from there. What belongs to other inputs or another model is not taken.
        shown: how many of the first futures' quarters are kept.
        only: the place of the one portfolio whose quarters are kept; None: those of all are.
        on_done: is told how many chunks are done, and of how many.

    Returns:
        What came of them; the same bits for any number of workers.
    """
    size = chunk_size(begun.level.shape[0], plans.shape[0])
    asked = (seed, numbers, values, plans, begun, weeks, model)
    chunks = [_chunk(asked, start, size) for start in range(0, len(numbers), size)]
    found: dict[int, Played] = {}
    for place, one in _each(chunks, workers, keep):
        each = None if one.quarters is None or place * size >= shown else one.quarters
        if each is not None and only is not None:
            each = each[:, :, :, [only]]
        found[place] = one._replace(quarters=each)
        if on_done is not None:
            on_done(len(found), len(chunks))
    parts = [found[place] for place in range(len(chunks))]
    paths = [part.paths for part in parts if part.paths is not None]
    quarters = [part.quarters for part in parts if part.quarters is not None]
    return Played(
        np.concatenate([part.totals for part in parts], axis=-1)[..., : len(numbers)],
        np.concatenate(paths, axis=-1)[..., : len(numbers)] if paths else None,
        np.concatenate(quarters, axis=-1)[..., : min(len(numbers), shown)] if quarters else None,
    )


def lower(plans: Floats, begun: Begun, values: Floats, *, seed: int, model: Model) -> Any:
    """Prepare to compile the program that plays futures of arrays of these shapes.

    Args:
        plans, begun, values, seed, model: as `play_futures` takes them; only their shapes count.

    Returns:
        The program for the compiler, as JAX lowers it.
    """
    size = chunk_size(begun.level.shape[0], plans.shape[0])
    numbers = np.arange(values.shape[1])
    *given, weeks, _ = _chunk((seed, numbers, values, plans, begun, WEEKS, model), 0, size)
    return play.lower(*given, weeks=weeks, model=model)


Chunk = tuple[int | np.uint32, npt.NDArray[np.int64], "Floats | None", Floats, Begun, int, Model]


def _chunk(asked: Chunk, start: int, size: int) -> Chunk:
    """So many of the futures, from a place on, with what is theirs.

    The last chunk is filled with its own last future: one program serves all.
    """
    seed, numbers, values, plans, begun, weeks, model = asked
    which = np.minimum(np.arange(start, start + size), len(numbers) - 1)
    own_start = {
        name: value if value.shape[-1] == 1 else value[..., which]
        for name, value in begun._asdict().items()
        if name in BY_FUTURE
    }
    own = None if values is None else values[:, which]
    some = plans[..., None] if plans.ndim == 3 else plans[..., which]
    # A seed may take all of 32 bits, and JAX takes a whole number of Python's for one with a sign.
    return np.uint32(seed), numbers[which], own, some, begun._replace(**own_start), weeks, model


def _each(chunks: list[Chunk], workers: int, keep: Path | None) -> Iterator[tuple[int, Played]]:
    """Each chunk with its place, in the order in which they are done."""
    files = [None if keep is None else keep / f"{_digest(chunk)}.npz" for chunk in chunks]
    waiting = []
    for place, file in enumerate(files):
        kept = None if file is None else _read(file)
        if kept is None:
            waiting.append(place)
        else:
            yield place, kept
    if workers == 1 or len(waiting) < 2:
        for place in waiting:
            yield place, _keep(_play(chunks[place]), files[place])
        return
    spawn = multiprocessing.get_context("spawn")
    with children_on_one_thread(), ProcessPoolExecutor(min(workers, len(waiting)), spawn) as pool:
        running = {pool.submit(_play, chunks[place]): place for place in waiting}
        for done in as_completed(running):
            place = running[done]
            yield place, _keep(done.result(), files[place])


def _play(chunk: Chunk) -> Played:
    from tocsin.base.compiled import jax_for

    jax_for("plan")
    seed, numbers, values, plans, begun, weeks, model = chunk
    if values is None:
        values = np.asarray(
            draw(int(seed), numbers, model.parameters, posterior=shipped_posterior())
        )
    found = play(seed, numbers, values, plans, begun, weeks=weeks, model=model)
    paths, quarters = (
        None if one is None else np.asarray(one) for one in (found.paths, found.quarters)
    )
    return Played(np.asarray(found.totals), paths, quarters)


def _digest(chunk: Chunk) -> str:
    """A name for all that a chunk's numbers depend on."""
    found = hashlib.sha256(
        code(Path(__file__).parent).encode() + shipped_posterior().draws.tobytes()
    )
    for part in (*chunk[:4], *chunk[4], *chunk[5:]):
        array = np.asarray(part) if isinstance(part, np.ndarray) else None
        found.update(repr(part).encode() if array is None else array.tobytes())
        found.update(repr(None if array is None else (array.shape, array.dtype.str)).encode())
    return found.hexdigest()


def _keep(played: Played, file: Path | None) -> Played:
    if file is not None:
        arrays = {name: value for name, value in played._asdict().items() if value is not None}
        with replace(file) as part, part.open("wb") as out:
            np.savez(out, **arrays)
    return played


def _read(file: Path) -> Played | None:
    if not file.is_file():
        return None
    with np.load(file, allow_pickle=False) as held:
        return Played(held["totals"], held.get("paths"), held.get("quarters"))
