"""Reports in: each sending counted once, corrections in their order, nobody's report lost.

A phone sends again when it has heard nothing. Each sending has a key of its own under a constraint
of the database, so that the second arrival gets the receipt of the first. A report has a secret
key, too: whoever holds it may correct the report, even where the reporter's name is withheld.

Corrections made offline form a branch: it says on which version it stands (its trunk) and which
place each sending has in it. What arrives before its turn waits. Where another branch changed the
report in between, the correction is kept and marked, so that a person looks at both.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from tocsin.errors import UsageError
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import REPORT
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.accounts.secrets import digest
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database import objects
from tocsin.share.server.database.connection import Database
from tocsin.share.server.database.objects import Draft, NoObject
from tocsin.share.server.database.tables import reports, submissions
from tocsin.share.server.desk.acts import record
from tocsin.share.server.desk.answers import check
from tocsin.share.server.desk.changing import as_bytes
from tocsin.share.server.desk.resting import tighten_incidents

KEPT, WAITING, CONFLICT = "kept", "waiting", "conflict"
"""What became of a sending: it is the newest version; it waits for the ones before it; it is the
newest version, and somebody else had changed the report in between."""
SHORTEST_KEY, LONGEST_KEY = 16, 100


@dataclass(frozen=True)
class Sending:
    """This is one sending of a report or of a correction, as it arrived."""

    key: str
    """The report's secret key, which the phone drew."""
    sending: str
    """The key of this sending: the same one where it is sent again."""
    answers: Mapping[str, str]
    branch: str
    """What was written offline in one go; a name that the phone drew."""
    place: int = 1
    """The place of this sending in its branch, from 1."""
    trunk: int = 0
    """The version of the report on which the branch stands; 0: there was none."""
    level: str = "AMBER"
    groups: frozenset[str] = frozenset()
    blur: str = ""
    withhold: bool = False
    """True: the server keeps no word of which account sent it."""


@dataclass(frozen=True)
class Receipt:
    """This is what the sender may rely on: the sending is kept, whatever becomes of it."""

    report: str
    state: str
    version: int | None
    sending: str

    def as_dict(self) -> dict[str, Any]:
        """Give the receipt for machines."""
        return vars(self).copy()


def receive(database: Database, connection: Connection, signed: SignedIn, sent: Sending) -> Receipt:
    """Take a sending in; one that arrived before gets the receipt of the first arrival.

    Args:
        database: the database.
        connection: a connection that writes.
        signed: who sends.
        sent: what is sent.

    Returns:
        The receipt.

    Raises:
        NotAllowed: the role sends no reports, or the report is another organisation's.
        UsageError: an answer is wrong, or the key was used for something else.
    """
    if REPORT not in signed.reader.verbs:
        raise NotAllowed("Your role sends no reports.", remedy="Ask an administrator.")
    _check_keys(sent)
    _marking(signed, sent.level, sent.groups)
    body = as_bytes(_body(sent, database))
    before = connection.execute(
        select(submissions).where(submissions.c.digest == digest(sent.sending))
    ).one_or_none()
    if before is not None:
        return _again(before, sent, body)
    report = _report(connection, signed, sent)
    taken = select(submissions.c.digest).where(
        submissions.c.object == report, submissions.c.branch == sent.branch,
        submissions.c.place == sent.place,
    )  # fmt: skip
    if connection.execute(taken).first() is not None:
        raise UsageError(
            "Another sending has this place in the branch.", where="place",
            remedy="Begin a new branch.",
        )  # fmt: skip
    connection.execute(
        insert(submissions).values(
            digest=digest(sent.sending), object=report, content=_content(sent, body),
            branch=sent.branch, place=sent.place, trunk=sent.trunk, state=WAITING, body=body,
            received=database.time(),
        )
    )  # fmt: skip
    _apply(database, connection, signed, report, sent.branch)
    found = connection.execute(
        select(submissions).where(submissions.c.digest == digest(sent.sending))
    ).one()
    return Receipt(report, found.state, found.version, sent.sending)


def _check_keys(sent: Sending) -> None:
    for name in ("key", "sending", "branch"):
        value = getattr(sent, name)
        if not SHORTEST_KEY <= len(value) <= (64 if name == "branch" else LONGEST_KEY):
            raise UsageError("This is no key.", where=name, remedy="Draw a random UUID.")
    if not 1 <= sent.place <= 10_000 or not 0 <= sent.trunk < 2**31:
        raise UsageError("This is no place in a branch.", where="place", remedy="Count from 1.")


def _body(sent: Sending, database: Database) -> dict[str, Any]:
    today = date.fromordinal(date(1970, 1, 1).toordinal() + database.time() // 86_400_000_000)
    answers = check(sent.answers, today=today, blur=sent.blur)
    return {"answers": answers, "level": sent.level, "groups": sorted(sent.groups)}


def _content(sent: Sending, body: bytes) -> str:
    whole = [digest(sent.key), sent.branch, sent.place, sent.trunk, sent.withhold]
    return hashlib.sha256(json.dumps(whole).encode() + body).hexdigest()


def _again(before: Row[Any], sent: Sending, body: bytes) -> Receipt:
    if before.content != _content(sent, body):
        raise UsageError(
            "The key of this sending was used for another one.", where="sending",
            remedy="Draw a new key for what is new.",
        )  # fmt: skip
    return Receipt(before.object, before.state, before.version, sent.sending)


def _report(connection: Connection, signed: SignedIn, sent: Sending) -> str:
    """The id of the report with this key; a new one gets an id."""
    key = digest(sent.key)
    query = select(reports.c.object, reports.c.organisation).where(reports.c.key_digest == key)
    found = connection.execute(query).one_or_none()
    if found is not None:
        if found.organisation != signed.reader.organisation:
            raise NoObject
        return str(found.object)
    made = f"report--{uuid.uuid4()}"
    account = None if sent.withhold else signed.account
    organisation = signed.reader.organisation
    connection.execute(
        insert(reports).values(
            object=made, key_digest=key, account=account, organisation=organisation
        )
    )
    return made


def _apply(
    database: Database, connection: Connection, signed: SignedIn, report: str, branch: str
) -> None:
    """Make versions of all sendings of a branch whose turn has come."""
    rows = connection.execute(
        select(submissions)
        .where(submissions.c.object == report, submissions.c.branch == branch)
        .order_by(submissions.c.place)
    ).all()
    for place, row in enumerate(rows, start=1):
        if row.place != place:
            return
        if row.state == WAITING:
            _make_version(database, connection, signed, row)


def _make_version(
    database: Database, connection: Connection, signed: SignedIn, row: Row[Any]
) -> None:
    before = objects.newest(connection, row.object)
    body = json.loads(row.body)
    organisation = signed.reader.organisation
    marking = _marking(signed, body["level"], frozenset(body["groups"]))
    is_conflict = before is not None and _changed_elsewhere(connection, before.version, row)
    payload = {"answers": body["answers"], "organisation": organisation, "conflict": is_conflict}
    draft = Draft(row.object, "report", organisation, Audience.of(marking), as_bytes(payload))
    after = objects.put(database, connection, draft)
    state = CONFLICT if is_conflict else KEPT
    connection.execute(
        update(submissions)
        .where(submissions.c.digest == row.digest)
        # The answers stand in the object now, and nowhere else.
        .values(state=state, version=after.version, body=None)
    )
    known = connection.execute(
        select(reports.c.account).where(reports.c.object == row.object)
    ).scalar()
    who = signed if known else SignedIn(signed.reader)
    record(database, connection, who, REPORT, after)
    if before is not None and after.audience != before.audience:
        tighten_incidents(database, connection, after, who)


def _marking(signed: SignedIn, level: str, groups: frozenset[str]) -> Marking:
    """The marking of a report; who sends one to named readers only (RED) is one of them."""
    readers = frozenset({signed.reader.name} if level == "RED" else ())
    return Marking(level, signed.reader.organisation, readers=readers, groups=groups)


def _changed_elsewhere(connection: Connection, version: int, row: Row[Any]) -> bool:
    """Tell whether the newest version is neither the branch's trunk nor of the branch itself."""
    own = select(submissions.c.version).where(
        submissions.c.object == row.object, submissions.c.branch == row.branch
    )
    mine = {one for one in connection.execute(own).scalars() if one is not None}
    return version not in (row.trunk, *mine)
