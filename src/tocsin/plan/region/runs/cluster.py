"""Chunks on a cluster of Dask: the same bits, or nothing is played.

The user starts the cluster and says where it is; nothing else is asked over a network. What a
worker computes is taken only where it has the same code, the same libraries and a processor of the
same abilities as this machine, since another one may give other last bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from tocsin.base.cache import code, versions
from tocsin.base.compiled import machine
from tocsin.errors import TocsinError, UsageError, require

T = TypeVar("T")
R = TypeVar("R")


def say_what_computes() -> dict[str, str]:
    """Say what a process computes with, as far as it decides the bits of a run.

    Returns:
        Digests or versions by the words in which a difference is told.
    """
    return {
        "code of tocsin": code(Path(__file__).parents[2]),
        "version of a library": repr(sorted(versions().items())),
        "kind of processor": machine(),
    }


def check_workers(client: Any) -> list[str]:
    """Ask each worker what it computes with.

    Args:
        client: a `distributed.Client`.

    Returns:
        The addresses of the workers.

    Raises:
        UsageError: there is no worker, tocsin is not installed there, or a worker computes with
            something else than this process.
    """
    here = say_what_computes()
    try:
        there = client.run(say_what_computes)
    except Exception as error:
        raise UsageError(
            f"A worker of Dask cannot play futures: {error!r}.",
            remedy="Install the same tocsin there, with the extra `plan`.",
        ) from error
    if not there:
        raise UsageError("The cluster has no worker.", remedy="Start one: dask worker ADDRESS")
    for address, told in there.items():
        other = [words for words, one in here.items() if told.get(words) != one]
        if other:
            raise UsageError(
                f"The worker {address} has another {other[0]} than this machine, and its results "
                "could differ.",
                remedy="Give all workers, and the machine on which you ask, the same.",
            )
    return list(there)


def play_on(client: Any, play: Callable[[T], R], asked: Sequence[T]) -> Iterator[tuple[int, R]]:
    """Play chunks on the workers of a client.

    Args:
        client: a `distributed.Client`.
        play: plays one.
        asked: the chunks.

    Yields:
        The place of each among those asked, and what came of it, in the order in which they end.

    Raises:
        UsageError: as `check_workers` does; nothing was played.
        TocsinError: a chunk could not be played.
    """
    distributed = require("distributed", extra="anticipate")
    workers = check_workers(client)
    running = {
        client.submit(play, one, pure=False, workers=workers): place
        for place, one in enumerate(asked)
    }
    for future in distributed.as_completed(list(running), loop=client.loop):
        try:
            found = future.result()
        except TocsinError:
            raise
        except Exception as error:
            raise TocsinError(
                f"A worker of Dask did not end its part: {error!r}.",
                remedy="What was played before is kept: run again to go on.",
            ) from error
        yield running[future], found
        future.release()


@contextmanager
def connecting(address: str) -> Iterator[Any]:
    """Connect to a cluster of Dask that runs already.

    Args:
        address: of its scheduler, such as 'tcp://127.0.0.1:8786'.

    Yields:
        The client, which is closed at the end.

    Raises:
        UsageError: nothing answers there within ten seconds.
        MissingExtra: Dask is not installed (extra `anticipate`).
    """
    distributed = require("distributed", extra="anticipate")
    try:
        client = distributed.Client(address, timeout=10, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise UsageError(
            f"No scheduler of Dask answers at '{address}'.",
            remedy="Start one (`dask scheduler`) and give its address: tcp://HOST:8786.",
        ) from error
    with client:
        yield client
