"""Many futures: in chunks of a fixed size, on one or several processes, kept as they are done.

The numbers of a future do not depend on how many futures or processes there are: a chunk always
holds the same futures and has the same size, each process has one thread, and results are put
together by their numbers.
"""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tocsin.base.cache import code, versions
from tocsin.base.compiled import machine
from tocsin.base.threads import children_on_one_thread, end_with_parent
from tocsin.plan.posterior import shipped_posterior
from tocsin.plan.region.model import WHOLE, Begun, Model, play
from tocsin.plan.region.outcomes import WEEKS, by_year
from tocsin.plan.region.parameters import draw
from tocsin.plan.region.runs.cluster import play_on
from tocsin.plan.region.runs.kept import Kept

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


class Chunk(NamedTuple):
    """These are so many futures, with all that their numbers depend on."""

    seed: int | np.uint32
    numbers: npt.NDArray[np.int64]
    values: Floats | None
    plans: Floats
    begun: Begun
    weeks: int
    model: Model
    shown: int = SHOWN
    """Of how many of them quarters are kept."""
    only: int | None = None
    """The place of the one portfolio whose quarters are kept, and no paths; None: all of them."""
    yearly: bool = False
    """Paths are given by year and not by month."""


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
    workers: Any = 1,
    keep: Kept | None = None,
    shown: int = SHOWN,
    only: int | None = None,
    yearly: bool = False,
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
        workers: processes of this machine, some that run already (`pooled`), or a client of Dask
            (`distributed.Client`) on whose workers they are played.
        keep: where each chunk is kept when it is done; a run that was stopped goes on from there.
            What belongs to other inputs, code, libraries or processors is not taken.
        shown: how many of the first futures' quarters are kept.
        only: the place of the one portfolio whose quarters are kept, and no paths; None: those of
            all are, and paths.
        yearly: paths are given by year and not by month, (Y, O, …), a twelfth of the memory.
        on_done: is told how many chunks are done, and of how many.

    Returns:
        What came of them; the same bits for any number of workers.
    """
    size = chunk_size(begun.level.shape[0], plans.shape[0])
    asked = Chunk(seed, numbers, values, plans, begun, weeks, model, shown, only, yearly)
    starts = range(0, len(numbers), size)
    chunks = [_chunk(asked, start, size) for start in starts]
    whole: dict[str, Floats] = {}
    lengths = {"quarters": min(len(numbers), shown)}
    for done, (place, one) in enumerate(_each(chunks, workers, keep), 1):
        for name, part in one._asdict().items():
            _fill(whole, name, part, starts[place], lengths.get(name, len(numbers)))
        if on_done is not None:
            on_done(done, len(chunks))
    return Played(whole["totals"], whole.get("paths"), whole.get("quarters"))


def _fill(
    whole: dict[str, Floats], name: str, part: Floats | None, start: int, length: int
) -> None:
    """Put what came of a chunk where it belongs among all futures, of which there are so many."""
    some = 0 if part is None else min(part.shape[-1], length - start)
    if part is None or some <= 0:
        return
    if name not in whole:
        whole[name] = np.empty((*part.shape[:-1], length), part.dtype)
    whole[name][..., start : start + some] = part[..., :some]


def lower(plans: Floats, begun: Begun, values: Floats, *, seed: int, model: Model) -> Any:
    """Prepare to compile the program that plays futures of arrays of these shapes.

    Args:
        plans, begun, values, seed, model: as `play_futures` takes them; only their shapes count.

    Returns:
        The program for the compiler, as JAX lowers it.
    """
    size = chunk_size(begun.level.shape[0], plans.shape[0])
    numbers = np.arange(values.shape[1])
    one = _chunk(Chunk(seed, numbers, values, plans, begun, WEEKS, model), 0, size)
    return play.lower(*one[:5], weeks=one.weeks, model=model)


def _chunk(asked: Chunk, start: int, size: int) -> Chunk:
    """So many of the futures, from a place on, with what is theirs.

    The last chunk is filled with its own last future: one program serves all.
    """
    seed, numbers, values, plans, begun = asked[:5]
    which = np.minimum(np.arange(start, start + size), len(numbers) - 1)
    own = None if values is None else values[:, which]
    some = plans[..., None] if plans.ndim == 3 else plans[..., which]
    # A seed may take all of 32 bits, and JAX takes a whole number of Python's for one with a sign.
    return asked._replace(
        seed=np.uint32(seed), numbers=numbers[which], values=own, plans=some,
        begun=some_begun(begun, which), shown=min(size, max(0, asked.shown - start)),
    )  # fmt: skip


def some_begun(begun: Begun, which: slice | npt.NDArray[np.int64]) -> Begun:
    """Give where some of the futures begin.

    Args:
        begun: where all do.
        which: their places among all.

    Returns:
        The same arrays, of these futures alone where an array is of each future.
    """
    own = {
        name: value if value.shape[-1] == 1 else value[..., which]
        for name, value in begun._asdict().items()
        if name in BY_FUTURE
    }
    return begun._replace(**own)


def _each(chunks: list[Chunk], workers: Any, keep: Kept | None) -> Iterator[tuple[int, Played]]:
    """Each chunk with its place, in the order in which they are done."""
    names = [] if keep is None else [_digest(chunk) for chunk in chunks]
    waiting = []
    for place in range(len(chunks)):
        held = None if keep is None else keep.read(names[place])
        if held is None:
            waiting.append(place)
        else:
            yield place, Played(held["totals"], held.get("paths"), held.get("quarters"))
    for place, played in _play_all(chunks, waiting, workers):
        if keep is not None:
            arrays = {one: array for one, array in played._asdict().items() if array is not None}
            keep.write(names[place], arrays)
        yield place, played


def _play_all(
    chunks: list[Chunk], waiting: list[int], workers: Any
) -> Iterator[tuple[int, Played]]:
    here = isinstance(workers, int | Executor)
    if not here:
        for nth, played in play_on(workers, _play_one, [chunks[place] for place in waiting]):
            yield waiting[nth], played
        return
    if workers == 1 or len(waiting) < 2:
        for place in waiting:
            yield place, _play_one(chunks[place])
        return
    if isinstance(workers, int):
        with pooled(min(workers, len(waiting))) as pool:
            yield from _play_all(chunks, waiting, pool)
        return
    running = {workers.submit(_play_one, chunks[place]): place for place in waiting}
    for done in as_completed(running):
        yield running[done], done.result()


@contextmanager
def pooled(workers: int) -> Iterator[Any]:
    """Start processes that play futures for several calls: to start them costs seconds each time.

    Args:
        workers: how many.

    Yields:
        What `play_futures` takes for `workers`; 1, which starts nothing, for one process.
    """
    if workers == 1:
        yield 1
        return
    spawn = multiprocessing.get_context("spawn")
    with (
        children_on_one_thread(),
        ProcessPoolExecutor(workers, spawn, initializer=end_with_parent) as pool,
    ):
        yield pool


def _play_one(chunk: Chunk) -> Played:
    """Play a chunk, and leave out what nobody asked for before it goes anywhere."""
    played = _play(chunk)
    quarters = played.quarters if chunk.shown else None
    if quarters is not None:
        of = slice(None) if chunk.only is None else [chunk.only]
        quarters = np.ascontiguousarray(quarters[:, :, :, of, : chunk.shown])
    paths = played.paths if chunk.only is None else None
    return Played(played.totals, by_year(paths) if chunk.yearly and paths is not None else paths,
                  quarters)  # fmt: skip


def _play(chunk: Chunk) -> Played:
    from tocsin.base.compiled import jax_for

    jax_for("plan")
    seed, numbers, values, plans, begun, weeks, model = chunk[:7]
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
        code(Path(__file__).parents[1]).encode() + shipped_posterior().draws.tobytes()
    )
    found.update(repr((versions(), machine())).encode())
    for part in (*chunk[:4], *chunk.begun, *chunk[5:]):
        array = np.asarray(part) if isinstance(part, np.ndarray) else None
        found.update(repr(part).encode() if array is None else array.tobytes())
        found.update(repr(None if array is None else (array.shape, array.dtype.str)).encode())
    return found.hexdigest()
