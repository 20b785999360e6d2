"""A log that is checked in pieces, by one process or several, is checked as it is row by row."""

from __future__ import annotations

import hmac
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.bench.share.tampering import fill
from tocsin.share.audit import erase, pieces, sequence, verification, verify
from tocsin.share.audit.tables import create_tables
from tocsin.share.audit.tree import leaf_hash


def log(place: str, count: int) -> sa.Engine:
    engine = sa.create_engine(f"sqlite:///{place}")
    with engine.begin() as connection:
        create_tables(connection)
    fill(engine, count)
    return engine


@settings(max_examples=20)
@given(count=st.integers(1, 30), rows=st.integers(1, 40))
def test_pieces_of_any_size_make_the_whole(count: int, rows: int) -> None:
    engine = log("", count)
    with pytest.MonkeyPatch.context() as patched, engine.connect() as connection:
        patched.setattr(verification, "ROWS", rows)
        found = verify(connection)
        assert found.whole
        patched.setattr(verification, "ROWS", count)
        assert verify(connection) == found
    engine.dispose()


def test_what_is_erased_while_others_look_accuses_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may see that rows are gone before this one sees who erased them."""
    engine = log(str(tmp_path / "log.db"), 30)
    with engine.connect() as mine:
        mine.exec_driver_sql("PRAGMA journal_mode=WAL")

    def check_later(_connection: object, start: int, end: int) -> pieces.Piece:
        with engine.begin() as theirs:
            erase(theirs, "account-1", by="keeper")
        with engine.connect() as theirs:
            return pieces.check_piece(theirs, start, end)

    monkeypatch.setattr(verification, "check_piece", check_later)
    with engine.connect() as connection:
        found = verify(connection)
    assert (found.whole, found.erased) == (True, 0)
    engine.dispose()


def test_a_log_that_grows_meanwhile_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite's driver would let each question see another state."""
    engine = log(str(tmp_path / "log.db"), 5)
    with engine.connect() as mine:
        mine.exec_driver_sql("PRAGMA journal_mode=WAL")
    real = verification.check_piece

    def grow(connection: sa.Connection, start: int, end: int) -> pieces.Piece:
        fill(engine, 300, first=1000)
        return real(connection, start, end)

    monkeypatch.setattr(verification, "check_piece", grow)
    with engine.connect() as connection:
        found = verify(connection)
    assert (found.whole, found.size) == (True, 5)
    engine.dispose()


def test_identifiers_in_no_order_are_found_all_the_same() -> None:
    engine = log("", 8)
    fill(engine, 1, first=200)
    with engine.begin() as connection:
        # The last stands far from its neighbours, with many others in between.
        connection.exec_driver_sql(
            "INSERT INTO audit_identities "
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90) "
            "SELECT printf('%032x', 8 + i), 'x', 'x', x'00', x'00' FROM n"
        )
        found = pieces.check_piece(connection, 0, 9)
    assert found.right
    assert found.unopened == 0
    assert len(found.leaves()) == 9
    engine.dispose()


def test_a_log_in_memory_is_checked_by_its_own_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process would find another memory, without a log."""
    monkeypatch.setattr(verification, "LONG", 5)
    engine = log("", 5)
    with engine.connect() as connection:
        assert verify(connection, processes=2).whole
    engine.dispose()


@pytest.mark.slow
def test_several_processes_find_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = log(str(tmp_path / "log.db"), 60)
    monkeypatch.setattr(verification, "LONG", 60)
    monkeypatch.setattr(pieces, "ROWS", 25)
    with engine.connect() as connection:
        found = verify(connection, processes=2)
        assert found == verify(connection)
    engine.dispose()


@given(key=st.binary(max_size=130), said=st.binary(max_size=300))
def test_what_commits_is_the_hmac_of_the_library(key: bytes, said: bytes) -> None:
    assert pieces._commitment(key, said) == hmac.digest(key, said, "sha256").hex()


def test_a_piece_tells_what_it_has_and_that_something_is_wrong() -> None:
    engine = log("", 12)
    with engine.begin() as connection:
        erase(connection, "account-1", by="keeper")
    sequence(engine)
    with engine.begin() as connection:
        # Of twelve acts two were of that account; the erasure is the thirteenth.
        found = pieces.check_piece(connection, 0, 13)
        assert (found.right, found.unopened, found.erased) == (True, 2, 2)
        leaves = connection.exec_driver_sql(
            "SELECT leaf FROM audit_log ORDER BY position"
        ).scalars()
        assert found.leaves() == [leaf_hash(leaf) for leaf in leaves]
        some = pieces.check_piece(connection, 3, 8)
        assert (some.right, some.unopened, some.erased) == (True, 0, 0)
        assert some.leaves() == found.leaves()[3:8]
        assert not pieces.check_piece(connection, 3, 14).right
    for change in (
        "UPDATE audit_log SET event = printf('%032x', 99) WHERE position = 1",  # it is erased
        "UPDATE audit_log SET event = printf('%032x', 99) WHERE position = 5",
        "UPDATE audit_identities SET said = CAST('{}' AS BLOB) WHERE subject = 'account-5'",
        "UPDATE audit_log SET leaf = CAST(leaf AS TEXT) WHERE position = 5",
        "UPDATE audit_log SET position = 99 WHERE position = 5",
    ):
        with engine.connect() as connection:
            connection.exec_driver_sql(change)
            assert not pieces.check_piece(connection, 0, 13).right, change
            connection.rollback()
    engine.dispose()


def test_rows_that_an_entry_says_were_erased() -> None:
    assert pieces.rows_erased(b'{"public":{"rows":3}}') == 3
    for leaf in (b"", b"[]", b'{"public":{}}', b'{"public":{"rows":"many"}}', b'{"public":3}'):
        assert pieces.rows_erased(leaf) == 0
