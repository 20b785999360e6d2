"""What the tests of the server share: a database with its tables, and cheap passwords."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient

from share.server.transport import Transport
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import VERBS
from tocsin.share.server.accounts import people, secrets, signing_in
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database import objects
from tocsin.share.server.database.connection import SQLITE_FILE, Database, connect
from tocsin.share.server.database.objects import Draft, Object
from tocsin.share.server.database.schema import upgrade
from tocsin.share.server.running.app import make_app
from tocsin.share.server.settings import ServerSettings
from tocsin.share.server.web.asking import Service

PASSWORD = "correct horse battery staple"
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


class Site:
    """A server for tests: accounts in it, and programs that speak for them."""

    def __init__(self, database: Database, settings: ServerSettings | None = None) -> None:
        self.database = database
        chosen = settings or ServerSettings(
            organisation="Health", requests_per_minute=1_000_000, sign_ins_per_hour=1_000_000
        )
        self.service = Service(database, chosen, address="https://testserver")
        self.app = make_app(self.service)
        self._signed: dict[str, SignedIn] = {}

    def account(self, name: str, organisation: str = "Health", role: str = "analyst",
                password: str = PASSWORD, **sets: frozenset[str]) -> SignedIn:  # fmt: skip
        """Add an account, or give the one of this name."""
        if name not in self._signed:
            with self.database.writing() as connection:
                place = Place(organisation, role, **sets)
                id = people.add(self.database, connection, name, place, secrets.stretch(password))
                row = people.account(connection, id)
                assert row is not None
            self._signed[name] = SignedIn(people.reader_of(row), id)
        return self._signed[name]

    def token(self, name: str, scopes: frozenset[str] = frozenset(VERBS)) -> str:
        with self.database.writing() as connection:
            id = self._signed[name].account
            return signing_in.issue(self.database, connection, id, scopes)

    def client(self, name: str = "", scopes: frozenset[str] = frozenset(VERBS)) -> TestClient:
        """A program that speaks for an account, or for nobody."""
        headers = {"authorization": f"Bearer {self.token(name, scopes)}"} if name else {}
        client = TestClient(
            self.app, base_url="https://testserver", headers=headers, follow_redirects=False,
        )  # fmt: skip
        client._transport = Transport(self.app)  # type: ignore[assignment]
        return client

    def put(self, id: str, level: str = "GREEN", **more: object) -> Object:
        """Write an object of the ministry of health."""
        fields: dict[str, Any] = {
            "type": id.partition("--")[0], "owner": "Health", "payload": b"{}",
            "audience": Audience.of(Marking(level, "Health")),
        } | more  # fmt: skip
        with self.database.writing() as connection:
            return objects.put(self.database, connection, Draft(id, **fields))


@pytest.fixture
def site(database: Database) -> Site:
    return Site(database)
