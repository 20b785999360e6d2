"""Acts for tests of the audit log, the same each time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from tocsin.share.audit import Act, record, sequence

START = datetime(2026, 11, 1, tzinfo=UTC)


def fill(engine: sa.Engine, count: int, first: int = 0) -> list[str]:
    """Log some acts, the same each time, and give their identifiers."""
    with engine.begin() as connection:
        events = [
            record(
                connection,
                Act("read", f"account-{n % 7}", f"warning-{n}", {"why": f"duty {n}"}),
                at=START + timedelta(seconds=n),
                event=f"{n:032x}",
                key=(n + 1).to_bytes(32, "big"),
            )
            for n in range(first, first + count)
        ]
    sequence(engine)
    return events
