"""Reports in: once each, in their order, and nobody's lost."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from share.server.conftest import Site
from tocsin.errors import TocsinError
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import SQLITE_FILE, connect
from tocsin.share.server.database.tables import acts, objects, reports, submissions
from tocsin.share.server.desk.reports import Ready, Receipt, Sending, make_ready, receive_many

ANSWERS = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "one_sided"}


def name() -> str:
    return str(uuid.uuid4())


def sending(**more: object) -> dict[str, object]:
    return {"key": name(), "sending": name(), "branch": name(), "answers": ANSWERS} | more


@pytest.fixture
def field(site: Site) -> Site:
    site.account("Fay", role="field reporter")
    site.account("Ama")
    site.account("Ben", "Interior")
    return site


def rows(site: Site) -> list[object]:
    with site.database.reading() as connection:
        return list(connection.execute(select(objects).where(objects.c.newest)).all())


def test_a_sending_that_arrives_twice_is_one_report(field: Site) -> None:
    """Double tap, slow server, retry, two tabs."""
    fay, sent = field.client("Fay"), sending()
    receipts = [fay.post("/api/reports", json=sent).json() for _ in range(3)]
    assert receipts[0] == receipts[1] == receipts[2]
    assert receipts[0]["state"] == "kept"
    assert len(rows(field)) == 1
    other = fay.post("/api/reports", json=sent | {"answers": ANSWERS | {"headline": "other"}})
    assert other.status_code == 422
    assert len(rows(field)) == 1


@pytest.mark.parametrize("order", list(permutations((1, 2, 3))))
def test_corrections_count_in_their_order_however_they_arrive(
    field: Site, order: tuple[int, ...]
) -> None:
    """Elsewhere an update made offline overtook the one before it."""
    fay, key, branch = field.client("Fay"), name(), name()
    for n, place in enumerate(order):
        body = sending(
            key=key, branch=branch, place=place, answers=ANSWERS | {"headline": str(place)}
        )
        state = fay.post("/api/reports", json=body).json()["state"]
        first_missing = next(k for k in (1, 2, 3, 4) if k not in order[: n + 1])
        assert state == ("waiting" if place > first_missing else "kept")
    payload = field.client("Ama").get("/api/objects").json()["objects"][0]["payload"]
    assert payload["answers"]["headline"] == "3"
    assert payload["conflict"] is False
    with field.database.reading() as connection:
        bodies = connection.execute(select(submissions.c.body)).scalars().all()
    assert bodies == [None, None, None]


def test_two_branches_on_one_version_are_kept_and_marked(field: Site) -> None:
    fay, key = field.client("Fay"), name()
    fay.post("/api/reports", json=sending(key=key))
    states = [
        fay.post(
            "/api/reports", json=sending(key=key, trunk=1, answers=ANSWERS | {"headline": which})
        ).json()["state"]
        for which in ("one", "other")
    ]
    assert states == ["kept", "conflict"]
    id = field.client("Ama").get("/api/objects").json()["objects"][0]["id"]
    versions = field.client("Ama").get(f"/api/objects/{id}/versions").json()["versions"]
    assert [one["payload"]["answers"].get("headline") for one in versions] == [None, "one", "other"]


def test_a_name_that_is_withheld_stands_nowhere(field: Site) -> None:
    fay, key = field.client("Fay"), name()
    assert fay.post("/api/reports", json=sending(key=key, withhold=True)).status_code == 201
    with field.database.reading() as connection:
        assert connection.execute(select(reports.c.account)).scalar() is None
        told = connection.execute(select(acts.c.account).where(acts.c.verb == "report")).scalar()
    assert told is None
    # Whoever holds the report's key may still correct it.
    later = sending(key=key, withhold=True, trunk=1, answers=ANSWERS | {"headline": "more"})
    assert fay.post("/api/reports", json=later).json()["version"] == 2


def test_others_neither_correct_nor_read_nor_report(field: Site) -> None:
    """Not even by the same keys, whose use by another organisation cannot be found out."""
    sent = sending()
    first = field.client("Fay").post("/api/reports", json=sent).json()
    ben = field.client("Ben")
    assert ben.get("/api/counts").json() == {"counts": []}
    other = ben.post("/api/reports", json=sent | {"answers": ANSWERS | {"headline": "mine"}})
    assert other.status_code == 201
    assert other.json()["report"] != first["report"]
    assert field.client("Fay").post("/api/reports", json=sent).json() == first
    assert len(rows(field)) == 2
    field.account("Pat", "Interior", "partner")
    assert field.client("Pat").post("/api/reports", json=sending()).status_code == 403


def test_a_bulk_gives_each_its_receipt_or_its_reason(field: Site) -> None:
    good, bad = sending(), sending(answers=ANSWERS | {"event_date": "soon"})
    sent = {"reports": [good, bad, good]}
    told = field.client("Fay").post("/api/reports/bulk", json=sent).json()["reports"]
    assert [one.get("state") for one in told] == ["kept", None, "kept"]
    assert told[1]["where"] == "event_date"
    assert told[1]["sending"] == bad["sending"]
    assert len(rows(field)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("more", [{"key": "short"}, {"place": 0}, {"level": "WHITE"}, {"trunk": -1},
                                  {"blur": "more"}, {"surprise": 1}])  # fmt: skip
def test_what_is_no_sending_is_refused_whole(field: Site, more: dict[str, object]) -> None:
    assert field.client("Fay").post("/api/reports", json=sending(**more)).status_code == 422
    assert rows(field) == []


def test_an_empty_body_is_no_report_and_uses_nothing_up(field: Site) -> None:
    """Elsewhere a phone's service worker sent a report without its body."""
    fay, sent = field.client("Fay"), sending()
    kind = {"content-type": "application/json"}
    for body in (b"", b"{}", b"null", b"[]"):
        assert fay.post("/api/reports", content=body, headers=kind).status_code == 422
    assert rows(field) == []
    assert fay.post("/api/reports", json=sent).json()["state"] == "kept"


def parts(letters: str) -> st.SearchStrategy[str]:
    """Keys of which few are different, so that some are used again."""
    return st.sampled_from(letters).map(lambda letter: 20 * letter)


SENDINGS = st.builds(
    Sending, key=parts("abc"), sending=parts("stuvw"), branch=parts("mn"),
    answers=st.sampled_from([ANSWERS, ANSWERS | {"headline": "other"}]),
    place=st.integers(1, 3), trunk=st.integers(0, 1), withhold=st.booleans(),
    level=st.sampled_from(["GREEN", "AMBER"]),
)  # fmt: skip


class _Undone(Exception):
    """Nothing of a transaction is to be kept."""


def became(
    field: Site, several: list[Ready], *, at_once: bool
) -> tuple[list[tuple[str, int | None]] | None, list[object]]:
    """The receipts of sendings, None where one is refused, and what is kept of them all."""
    told: list[Receipt] | None = []
    kept: list[object] = []
    try:
        with field.database.writing() as connection:
            try:
                groups = [several] if at_once else [[one] for one in several]
                told = [one for some in groups
                        for one in receive_many(field.database, connection, some)]  # fmt: skip
            except TocsinError:
                told = None
            ids = {row.object: row for row in connection.execute(select(reports))}
            kept += [(row.key_digest, row.organisation, row.account) for row in ids.values()]
            kept += [
                (ids[row.object].key_digest, row.digest, row.content, row.branch, row.place,
                 row.trunk, row.state, row.version, row.body)
                for row in connection.execute(select(submissions))
            ]  # fmt: skip
            kept += [
                (ids[row.id].key_digest, row.version, row.newest, row.payload,
                 audience_of(connection, row.audience).as_text())
                for row in connection.execute(select(objects)).all()
            ]  # fmt: skip
            raise _Undone
    except _Undone:
        pass
    receipts = None if told is None else [(one.state, one.version) for one in told]
    return receipts, sorted(kept, key=repr)


@pytest.fixture(scope="module")
def whole(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for many examples, which leave nothing in it."""
    folder = tmp_path_factory.mktemp("whole")
    shutil.copy(fresh, folder / SQLITE_FILE)
    database = connect(folder)
    yield Site(database)
    database.close()


@pytest.mark.slow
@settings(max_examples=25)
@given(st.lists(st.tuples(st.booleans(), SENDINGS), min_size=1, max_size=6))
def test_together_they_become_what_they_become_one_after_another(
    whole: Site, sent: list[tuple[bool, Sending]]
) -> None:
    """Double taps, retries, corrections and two tabs within one transaction."""
    fay, ben = whole.account("Fay", role="field reporter"), whole.account("Ben", "Interior")
    several = [make_ready(whole.database, fay if mine else ben, one) for mine, one in sent]
    together, alone = (became(whole, several, at_once=way) for way in (True, False))
    # Where one of them is refused, nothing of the others is kept, and each is done by itself.
    assert together == alone or together[0] is alone[0] is None
