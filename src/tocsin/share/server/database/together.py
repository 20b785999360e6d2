"""Together: what several requests write, or ask, at one time becomes one transaction.

A transaction ends when the disk says that it has it, which takes milliseconds, and one that writes
waits for the one before it. So whoever comes while a transaction is written waits in a queue, and
what stands in the queue is written next, in one transaction: the disk is asked once for all of it.
Nobody gets an answer before the transaction with their part has ended. Questions that come at one
time are asked in one transaction, too, which begins after each of them has come.

One thread does it for each queue. To change over between threads costs more than most questions.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection

MOST = 64
"""Parts of one transaction, at most, so that nobody waits for a crowd."""
T = TypeVar("T")

Begin = Callable[[], AbstractContextManager[Connection]]
"""Begins a transaction, all or nothing."""
Many = Callable[[Any, Connection, list[Any]], Sequence[Any]]
"""Does the parts of several askers at once: it is given the queue's owner, a connection and what
each asker handed in, and gives a result for each. A result that is an error is raised for its own
asker alone. Where it raises one, nothing of the transaction is kept and each part is done by
itself; so it changes nothing but the database."""


@dataclass(frozen=True)
class _Part:
    """This is what one request handed in, and where what became of it is told."""

    many: Many
    item: Any
    future: Future[Any] = field(default_factory=Future)
    waiter: asyncio.Future[Any] | None = None
    """Who waits in an event loop, and is told together with all others there."""


class _Unfit(Exception):
    """One part of several failed, so that nothing of them is kept."""


@dataclass
class Together:
    """This is a queue of parts, and the thread that does all that wait at once."""

    begin: Begin
    owner: Any = None
    """What is given to each `Many`, such as the database."""
    _waiting: list[_Part] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_running: bool = False
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=1))

    def write(self, work: Callable[[Connection], T]) -> T:
        """Write a part of a transaction, and wait until the transaction has ended.

        Args:
            work: writes on the connection that it is given. Where another part of the same
                transaction fails, nothing of it is kept and it is called once more; so it changes
                nothing but the database.

        Returns:
            What `work` gives.

        Raises:
            Exception: what `work` raises, or the database when the transaction ends.
        """
        found: T = self.do(_each, work)
        return found

    def do(self, many: Many, item: Any) -> Any:
        """Hand in a part as `join` does it, and wait for it in this thread."""
        part = _Part(many, item)
        self._hand_in(part)
        return part.future.result()

    async def join(self, many: Many, item: Any) -> Any:
        """Hand in a part, and wait without holding a thread until its transaction has ended.

        Args:
            many: does this part and others of its kind.
            item: the part.

        Returns:
            What `many` gives for the part.

        Raises:
            Exception: what `many` gives or raises, or the database when the transaction ends.
        """
        part = _Part(many, item, waiter=asyncio.get_running_loop().create_future())
        assert part.waiter is not None
        self._hand_in(part)
        try:
            return await part.waiter
        except asyncio.CancelledError:
            part.future.cancel()
            raise

    def close(self) -> None:
        """Do what waits, and end the thread."""
        self._thread.shutdown()

    def _hand_in(self, part: _Part) -> None:
        with self._lock:
            self._waiting.append(part)
            begins, self._is_running = not self._is_running, True
        if begins:
            self._thread.submit(self._run)

    def _run(self) -> None:
        while True:
            with self._lock:
                parts, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                self._is_running = bool(parts)
            if not parts:
                return
            # Whoever has left meanwhile has nothing done for them.
            self._do([one for one in parts if one.future.set_running_or_notify_cancel()])

    def _do(self, parts: list[_Part]) -> None:
        try:
            self._do_as_one(parts)
        except _Unfit:
            for one in parts:
                self._do_as_one([one])

    def _do_as_one(self, parts: list[_Part]) -> None:
        kinds: dict[Many, list[_Part]] = {}
        for one in parts:
            kinds.setdefault(one.many, []).append(one)
        found: list[tuple[_Part, Any]] = []
        try:
            with self.begin() as connection:
                for many, some in kinds.items():
                    try:
                        results = many(self.owner, connection, [one.item for one in some])
                    except Exception as error:
                        if len(parts) > 1:
                            raise _Unfit from error
                        raise
                    found += zip(some, results, strict=True)
        except _Unfit:
            raise
        # An error of the transaction itself is everybody's, whose parts are not kept.
        except BaseException as error:
            _tell([(one, error) for one in parts])
        else:
            _tell(found)


def _tell(found: Sequence[tuple[_Part, Any]]) -> None:
    """Tell each part's result, an error as such; each event loop is woken once for all of its own.

    To wake a loop is a call of the system, after which the two threads contend for the interpreter.
    """
    loops: dict[asyncio.AbstractEventLoop, list[tuple[asyncio.Future[Any], Any]]] = {}
    for one, result in found:
        if one.waiter is not None:
            loops.setdefault(one.waiter.get_loop(), []).append((one.waiter, result))
        else:
            _settle(one.future, result)
    for loop, some in loops.items():
        # A loop that was closed meanwhile has nobody any more who waits.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_settle_all, some)


def _settle_all(some: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for waiter, result in some:
        if not waiter.done():
            _settle(waiter, result)


def _settle(future: Future[Any] | asyncio.Future[Any], result: Any) -> None:
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)


def _each(
    _owner: Any, connection: Connection, works: list[Callable[[Connection], Any]]
) -> list[Any]:
    return [work(connection) for work in works]
