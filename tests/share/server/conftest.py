"""What the tests of the server share: a database with its tables, and cheap passwords."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from tocsin.share.server.accounts import secrets
from tocsin.share.server.database.connection import SQLITE_FILE, Database, connect
from tocsin.share.server.database.schema import upgrade

START = datetime(2026, 11, 26, 8, tzinfo=UTC)


class Hands:
    """A clock whose hands the test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a new database, to be copied."""
    folder = tmp_path_factory.mktemp("fresh")
    database = connect(folder)
    upgrade(database)
    database.close()
    return folder / SQLITE_FILE


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def database(fresh: Path, tmp_path: Path, hands: Hands) -> Iterator[Database]:
    shutil.copy(fresh, tmp_path / SQLITE_FILE)
    found = connect(tmp_path, clock=hands)
    yield found
    found.close()


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> Iterator[None]:
    """Argon2 with the least work: how much it does is the library's matter."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            secrets, "hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        )
        yield
