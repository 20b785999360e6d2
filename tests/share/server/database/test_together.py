"""What is written together is kept by each part or by none of it, and told to its own asker."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, cast

import pytest
from sqlalchemy import Connection

from tocsin.share.server.database.together import Together


class Disk:
    """A database of numbers whose transactions last until the test lets them end."""

    def __init__(self) -> None:
        self.kept: list[int] = []
        self.transactions: list[list[int]] = []
        self.end = threading.Event()
        self.begun = threading.Event()
        self.is_full = False

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        new: list[int] = []
        self.begun.set()
        yield cast(Connection, new)
        self.end.wait(10)
        if self.is_full:
            raise OSError("full")
        self.transactions.append(new)
        self.kept += new


def add(number: int, disk: Disk, together: Together) -> int:
    def work(connection: Connection) -> int:
        cast("list[int]", connection).append(number)
        if number < 0:
            raise ValueError(number)
        return 10 * number

    return together.write(work)


def crowd(disk: Disk, numbers: list[int]) -> list[int | BaseException]:
    """Let one begin, then all others come while its transaction lasts."""
    together = Together(disk.begin)
    with ThreadPoolExecutor(max_workers=len(numbers)) as pool:
        futures = [pool.submit(add, numbers[0], disk, together)]
        assert disk.begun.wait(10)
        futures += [pool.submit(add, one, disk, together) for one in numbers[1:]]
        while len(together._waiting) < len(numbers) - 1:
            threading.Event().wait(0.001)
        disk.end.set()
        return [one.exception() or one.result() for one in futures]


def test_whoever_comes_meanwhile_is_written_in_one_transaction() -> None:
    disk = Disk()
    assert crowd(disk, list(range(20))) == [10 * n for n in range(20)]
    assert [len(one) for one in disk.transactions] == [1, 19]


def test_no_more_than_allowed_are_written_in_one_transaction() -> None:
    disk = Disk()
    assert crowd(disk, list(range(100))) == [10 * n for n in range(100)]
    assert sorted(disk.kept) == list(range(100))
    assert max(len(one) for one in disk.transactions) <= 64


def test_a_part_that_fails_takes_no_other_with_it() -> None:
    disk = Disk()
    found = crowd(disk, [1, 2, -3, 4])
    assert [one for one in found if isinstance(one, int)] == [10, 20, 40]
    assert isinstance(found[2], ValueError)
    assert sorted(disk.kept) == [1, 2, 4]


def test_nobody_is_told_of_what_the_disk_did_not_take() -> None:
    disk = Disk()
    disk.is_full = True
    found = crowd(disk, [1, 2, 3])
    assert all(isinstance(one, OSError) for one in found)
    assert disk.kept == []


def test_an_error_leaves_the_queue_usable() -> None:
    disk = Disk()
    disk.end.set()
    together = Together(disk.begin)
    with pytest.raises(ValueError, match="-1"):
        add(-1, disk, together)
    assert add(2, disk, together) == 20


def double(disk: Disk, connection: Connection, numbers: list[int]) -> list[int | ValueError]:
    """Write some numbers at once; for what is odd there is no answer, and nothing is written."""
    if min(numbers) < 0:
        raise ValueError("negative")
    kept = [one for one in numbers if one % 2 == 0]
    cast("list[Any]", connection).append(kept)
    return [2 * one if one % 2 == 0 else ValueError(one) for one in numbers]


def joined(disk: Disk, numbers: list[int]) -> list[Any]:
    """What askers of one loop are told who come at one time."""
    together = Together(disk.begin, disk)

    async def all_of_them() -> list[Any]:
        asked = [together.join(double, one) for one in numbers]
        return await asyncio.gather(*asked, return_exceptions=True)

    try:
        return asyncio.run(all_of_them())
    finally:
        together.close()


def test_askers_of_one_kind_are_one_statement_and_an_error_is_its_askers_own() -> None:
    disk = Disk()
    disk.end.set()
    found = joined(disk, [0, 2, 3, 4])
    assert [one for one in found if isinstance(one, int)] == [0, 4, 8]
    assert isinstance(found[2], ValueError)
    told = [number for transaction in disk.kept for number in cast("list[int]", transaction)]
    assert told == [0, 2, 4]


def test_where_a_statement_fails_each_asker_has_an_own_one() -> None:
    disk = Disk()
    disk.end.set()
    found = joined(disk, [0, 2, -1, 4])
    assert found[:2] + found[3:] == [0, 4, 8]
    assert str(found[2]) == "negative"


def test_who_left_has_nothing_done_for_them_and_holds_up_nobody() -> None:
    disk = Disk()
    together = Together(disk.begin, disk)

    async def leave() -> int:
        first = asyncio.ensure_future(together.join(double, 0))
        await asyncio.to_thread(disk.begun.wait, 10)
        gone = asyncio.ensure_future(together.join(double, 2))
        stays = asyncio.ensure_future(together.join(double, 4))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        disk.end.set()
        await first
        found: int = await stays
        return found

    assert asyncio.run(leave()) == 8
    together.close()
    assert [2] not in disk.kept


def test_a_loop_is_woken_once_for_all_who_wait_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    disk, woken = Disk(), []
    together = Together(disk.begin, disk)

    async def ask() -> list[int]:
        loop = asyncio.get_running_loop()
        first = asyncio.ensure_future(together.join(double, 0))
        await asyncio.to_thread(disk.begun.wait, 10)
        rest = [asyncio.ensure_future(together.join(double, 2 * n)) for n in range(1, 20)]
        await asyncio.sleep(0)
        wake = loop.call_soon_threadsafe

        def count(*told: Any, **more: Any) -> Any:
            woken.append(threading.current_thread())
            return wake(*told, **more)

        monkeypatch.setattr(loop, "call_soon_threadsafe", count)
        disk.end.set()
        found = await asyncio.gather(first, *rest)
        monkeypatch.undo()
        return found

    assert asyncio.run(ask()) == [4 * n for n in range(20)]
    together.close()
    assert len(woken) == 2


def test_a_loop_that_was_closed_holds_up_nobody() -> None:
    disk = Disk()
    together = Together(disk.begin, disk)
    loop = asyncio.new_event_loop()
    asked = loop.create_task(together.join(double, 2))
    loop.run_until_complete(asyncio.sleep(0))
    assert disk.begun.wait(10)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        loop.run_until_complete(asked)
    loop.close()
    disk.end.set()
    assert together.do(double, 4) == 8
    together.close()
