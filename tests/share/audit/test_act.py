"""Acts: canonical bytes, commitments that hide, and erasure."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from tocsin.bench.share.tampering import START, fill
from tocsin.share.audit import Act, entries, erase, record, sequence, verify
from tocsin.share.audit.act import canonical, record_many
from tocsin.share.audit.tables import IDENTITIES, LOG, OUTBOX


def test_an_act_is_kept_with_its_transaction_or_not_at_all(engine: sa.Engine) -> None:
    def fail() -> None:
        with engine.begin() as connection:
            record(connection, Act("read", "anna", "w1"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert sequence(engine) == 0
    with engine.begin() as connection:
        record(connection, Act("read", "anna", "w1"))
    assert sequence(engine) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.text() | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.text(), JSON, max_size=5))
@example({"\u20ac": 1, "\r": '\x00\x1f\x7f\u2028\\"/', "1": {}, "\U0001f600": 2, "\ufb33": -0})
@example({"b": {"\x80": "", "a": 9007199254740991}, "a": "\b\f\n\t"})
def test_the_fast_writer_makes_the_same_bytes(told: dict[str, object]) -> None:
    assert canonical(told) == rfc8785.dumps(told)  # type: ignore[arg-type]


def test_the_bytes_are_canonical_and_name_nobody(engine: sa.Engine) -> None:
    east = timezone(timedelta(hours=5, minutes=45))
    act = Act("decision", "anna", "w1", {"why": "é", "b": 1, "a": [1.0]}, {"outcome": "raised"})
    with engine.begin() as connection:
        record(connection, act, at=START.astimezone(east), event="0" * 32, key=b"k" * 32)
        leaf = connection.execute(sa.select(OUTBOX.c.leaf)).scalar_one()
    said = '{"about":"w1","said":{"a":[1],"b":1,"why":"é"},"subject":"anna"}'.encode()
    commitment = hmac.new(b"k" * 32, said, hashlib.sha256).hexdigest().encode()
    assert leaf == (
        b'{"act":"decision","at":"2026-11-01T00:00:00.000000Z","commitment":"' + commitment
        + b'","event":"00000000000000000000000000000000","public":{"outcome":"raised"}}'
    )  # fmt: skip
    assert b"anna" not in leaf
    assert json.loads(leaf)["event"] == "0" * 32


def test_entries_are_found_by_account_and_by_object_until_erased(engine: sa.Engine) -> None:
    fill(engine, 20)
    with engine.begin() as connection:
        newest = entries(connection)
        assert [one.position for one in newest[:2]] == [19, 18]
        assert newest[0].at == datetime(2026, 11, 1, 0, 0, 19, tzinfo=UTC)
        assert newest[0].act == Act("read", "account-5", "warning-19", {"why": "duty 19"})
        assert [one.position for one in entries(connection, subject="account-3")] == [17, 10, 3]
        assert [one.position for one in entries(connection, about="warning-3")] == [3]
        assert entries(connection, kinds=["decision"]) == []
        assert erase(connection, "account-3", by="dpo", at=START) == 3
    sequence(engine)
    with engine.begin() as connection:
        assert entries(connection, subject="account-3") == []
        closed = [one.position for one in entries(connection) if one.act is None]
        assert closed == [17, 10, 3]
        found = verify(connection)
        assert found.whole, found.findings
        assert found.erased == 3


def test_identifiers_sort_by_time_and_differ(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        first = record(connection, Act("read", "a", "w"), at=START)
        same = record(connection, Act("read", "a", "w"), at=START)
        later = record(connection, Act("read", "a", "w"), at=START + timedelta(seconds=1))
        assert len({first, same}) == 2
        assert max(first, same) < later
        # The first 48 bits are milliseconds since 1970, as in UUIDv7 (RFC 9562, 5.7).
        third = record(connection, Act("read", "a", "w"), at=START + timedelta(milliseconds=1))
        assert int(third[:12], 16) == int(first[:12], 16) + 1 == int(START.timestamp()) * 1000 + 1
        keys = connection.execute(sa.select(IDENTITIES.c.key)).scalars().all()
        assert {len(one) for one in keys} == {32}
        commitments = {
            json.loads(leaf)["commitment"]
            for leaf in connection.execute(sa.select(OUTBOX.c.leaf)).scalars()
        }
        assert len(commitments) == 4
    assert sequence(engine, batch=2) == 4
    with engine.begin() as connection:
        assert len(connection.execute(sa.select(LOG)).all()) == 4


def test_acts_of_one_page_are_logged_with_their_own_times(engine: sa.Engine) -> None:
    acts = [Act("read", "anna", f"w{n}", public={"page": n}) for n in range(3)]
    times = [START + timedelta(seconds=n) for n in (5, 6, 7)]
    with engine.begin() as connection:
        assert record_many(connection, []) == []
        made = record_many(connection, acts, at=times)
        record(connection, Act("release", "bert", "w9"), at=START, event="f" * 32)
        with pytest.raises(ValueError, match="zip"):
            record_many(connection, acts, at=times[:2])
    sequence(engine)
    with engine.begin() as connection:
        found = entries(connection)
        assert [one.kind for one in found] == ["release", "read", "read", "read"]
        assert [(one.event, one.at, one.act) for one in found[:0:-1]] == list(
            zip(made, times, acts, strict=True)
        )
        assert [one.position for one in entries(connection, limit=2)] == [3, 2]
        # The kinds are chosen among those that are looked at.
        assert entries(connection, kinds=["read"], limit=1) == []
        assert len(entries(connection, kinds=["read", "release"])) == 4
