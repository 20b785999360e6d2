"""The log's tables: made once, found again, and refused where there are none."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tocsin.bench.share.tampering import fill
from tocsin.errors import UsageError
from tocsin.share.audit import verify
from tocsin.share.audit.tables import create_tables, open_database


def test_a_database_is_opened_by_its_path_or_its_address(tmp_path: Path) -> None:
    place = tmp_path / "log.db"
    engine = sa.create_engine(f"sqlite:///{place}")
    with engine.begin() as connection:
        create_tables(connection)
        create_tables(connection)
    fill(engine, 3)
    for name in (str(place), f"sqlite:///{place}"):
        with open_database(name).connect() as connection:
            assert verify(connection).size == 3


def test_what_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such"):
        open_database(str(tmp_path / "none.db"))
    (tmp_path / "text").write_text("this is no database, though it is long enough to be one")
    with pytest.raises(UsageError, match="cannot be read"):
        open_database(str(tmp_path / "text"))
    sqlite = tmp_path / "other.db"
    with sa.create_engine(f"sqlite:///{sqlite}").begin() as connection:
        connection.exec_driver_sql("CREATE TABLE a (b)")
    with pytest.raises(UsageError, match="no audit log"):
        open_database(str(sqlite))
    with pytest.raises(UsageError, match="cannot be read"):
        open_database("nothing://x")
