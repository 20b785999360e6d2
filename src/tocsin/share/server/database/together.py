"""Writing together: what several requests write at one time becomes one transaction.

A transaction ends when the disk says that it has it, which takes milliseconds, and one that writes
waits for the one before it. So whoever comes while a transaction is written waits in a queue, and
what stands in the queue is written next, in one transaction: the disk is asked once for all of it.
Nobody gets an answer before the transaction with their part has ended.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection

MOST = 64
"""Parts of one transaction, at most, so that nobody waits for a crowd."""
T = TypeVar("T")

Begin = Callable[[], AbstractContextManager[Connection]]
"""Begins a transaction that writes, all or nothing."""


@dataclass
class _Part:
    """This is what one request writes, and what became of it."""

    work: Callable[[Connection], Any]
    result: Any = None
    error: BaseException | None = None
    is_done: bool = False

    def done(self, result: Any = None, error: BaseException | None = None) -> None:
        self.result, self.error, self.is_done = result, error, True


class _Unfit(Exception):
    """One part of several failed, so that nothing of them is kept."""


@dataclass
class Together:
    """This is a queue of parts; whoever waits longest writes for all that wait."""

    begin: Begin
    _waiting: list[_Part] = field(default_factory=list)
    _turn: threading.Condition = field(default_factory=threading.Condition)
    _is_taken: bool = False

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
        part = _Part(work)
        with self._turn:
            self._waiting.append(part)
            self._turn.wait_for(lambda: part.is_done or not self._is_taken)
            if not part.is_done:
                self._is_taken = True
                parts, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        if not part.is_done:
            self._write(part, parts)
        if part.error is not None:
            raise part.error
        found: T = part.result
        return found

    def _write(self, own: _Part, parts: list[_Part]) -> None:
        try:
            # In a crowd one's own part may stand behind those that are written now.
            self._write_all(parts if own in parts else [*parts, own])
        finally:
            with self._turn:
                self._waiting = [one for one in self._waiting if not one.is_done]
                self._is_taken = False
                self._turn.notify_all()

    def _write_all(self, parts: list[_Part]) -> None:
        try:
            self._write_as_one(parts)
        except _Unfit:
            for one in parts:
                self._write_as_one([one])

    def _write_as_one(self, parts: list[_Part]) -> None:
        results = []
        try:
            with self.begin() as connection:
                for one in parts:
                    try:
                        results.append(one.work(connection))
                    except Exception as error:
                        if len(parts) > 1:
                            raise _Unfit from error
                        raise
        except _Unfit:
            raise
        # An error of the transaction itself is everybody's, whose parts are not kept.
        except BaseException as error:
            for one in parts:
                one.done(error=error)
        else:
            for one, result in zip(parts, results, strict=True):
                one.done(result)
