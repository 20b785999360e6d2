"""Tests of conditions on the tables: values that are given when a query is run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Select, insert, select
from sqlalchemy.dialects import postgresql

from share.server.postgres import programs, running
from tocsin.share.server.database.connection import Database, connect
from tocsin.share.server.database.schema import upgrade
from tocsin.share.server.database.tables import among, audiences

DIGESTS = [f"{n:x}" * 64 for n in range(4)]


def _query(dialect: str) -> Select[tuple[str]]:
    return select(audiences.c.digest).where(
        among(audiences.c.digest, "of", dialect), among(audiences.c.number, "numbers", dialect)
    )


HERE = pytest.mark.skipif(programs() is None, reason="PostgreSQL is not installed")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[HERE, pytest.mark.slow])])
def filled(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield _fill(connect(tmp_path))
        return
    with running() as url:
        database = _fill(connect(url))
        yield database
        database.close()


def _fill(database: Database) -> Database:
    upgrade(database)
    with database.writing() as connection:
        rows = [{"number": n, "digest": one, "markings": ""} for n, one in enumerate(DIGESTS, 1)]
        connection.execute(insert(audiences), rows)
    return database


def test_rows_are_found_by_as_many_values_as_are_given_and_by_whole_ones_only(
    filled: Database,
) -> None:
    query = _query(filled.engine.dialect.name)
    with filled.reading() as connection:

        def found(digests: list[str], numbers: list[int]) -> set[str]:
            return set(connection.execute(query, {"of": digests, "numbers": numbers}).scalars())

        assert found(DIGESTS, [1, 2, 3, 4, 2**40]) == set(DIGESTS)
        assert found(DIGESTS[1:3], [3]) == {DIGESTS[2]}
        assert found([], [1]) == found(DIGESTS, []) == set()
        # A value that is longer than the column is not cut to its length and then found.
        assert found([DIGESTS[0] + "x"], [1, 2, 3, 4]) == set()


def test_a_query_of_postgresql_is_the_same_one_for_any_number_of_values() -> None:
    compiled = _query("postgresql").compile(
        dialect=postgresql.dialect(), compile_kwargs={"render_postcompile": True}
    )
    assert str(compiled).count("= any(") == 2
    assert " IN " not in str(compiled)
