"""What the tests of the audit log share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tocsin.share.audit.tables import create_tables


@pytest.fixture
def engine() -> Iterator[sa.Engine]:
    made = sa.create_engine("sqlite://")
    with made.begin() as connection:
        create_tables(connection)
    yield made
    made.dispose()
