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
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tocsin.errors import UsageError
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import REPORT
from tocsin.share.server.access.refusals import NotAllowed
from tocsin.share.server.accounts.secrets import digest
from tocsin.share.server.accounts.signing_in import SignedIn
from tocsin.share.server.database import objects
from tocsin.share.server.database.adding import Version, add_new
from tocsin.share.server.database.connection import Database, write_waiting
from tocsin.share.server.database.objects import Draft
from tocsin.share.server.database.tables import DIALECTS, among, reports, submissions
from tocsin.share.server.desk.acts import record
from tocsin.share.server.desk.answers import check
from tocsin.share.server.desk.changing import as_bytes
from tocsin.share.server.desk.resting import tighten_results

KEPT, WAITING, CONFLICT = "kept", "waiting", "conflict"
"""What became of a sending: it is the newest version; it waits for the ones before it; it is the
newest version, and somebody else had changed the report in between."""
SHORTEST_KEY, LONGEST_KEY = 16, 100
# Statements are made once: to make one costs more than to run it.
_BY_SENDING = select(submissions).where(submissions.c.digest == bindparam("of"))
_DIGESTS = select(submissions.c.digest)
_SENT = {one: _DIGESTS.where(among(submissions.c.digest, "of", one)) for one in DIALECTS}
_BY_KEY = select(reports).where(reports.c.key_digest == bindparam("of"))
_OF_BRANCH = (
    select(submissions)
    .where(submissions.c.object == bindparam("of"), submissions.c.branch == bindparam("branch"))
    .order_by(submissions.c.place)
)
_ADD_SUBMISSION = insert(submissions)
_ADD_REPORT = {
    name: make(reports)
    .on_conflict_do_nothing(index_elements=["key_digest"])
    .returning(reports.c.object)
    for name, make in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
"""It adds a report, where there is none with this key; it gives nothing where there is one."""


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


@dataclass(frozen=True)
class Ready:
    """This is a sending that was checked as far as it can be without the database."""

    signed: SignedIn
    """Who sends."""
    sent: Sending
    body: Mapping[str, Any]
    """What it says, as it is kept while it waits for its turn."""
    digest: str
    """The digest of the key of the sending, within the organisation."""
    key: str
    """The digest of the report's key, in the same way."""
    content: str
    """The digest of all that is sent, by which a sending that comes again is known."""


def make_ready(database: Database, signed: SignedIn, sent: Sending) -> Ready:
    """Check a sending, before anybody waits for it.

    Args:
        database: the database, for its clock alone.
        signed: who sends.
        sent: what is sent.

    Returns:
        What `receive_many` takes in.

    Raises:
        NotAllowed: the role sends no reports.
        UsageError: an answer or a key is wrong.
    """
    if REPORT not in signed.reader.verbs:
        raise NotAllowed("Your role sends no reports.", remedy="Ask an administrator.")
    _check_keys(sent)
    _marking(signed, sent.level, sent.groups)
    body = _body(sent, database)
    own, key = _own(signed, sent.sending), _own(signed, sent.key)
    return Ready(signed, sent, body, own, key, _content(sent, body))


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
        NotAllowed: the role sends no reports.
        UsageError: an answer is wrong, or the key was used for something else.
    """
    return receive_many(database, connection, [make_ready(database, signed, sent)])[0]


def receive_many(
    database: Database, connection: Connection, several: Sequence[Ready]
) -> list[Receipt]:
    """Take several sendings in, as `receive` does it with each.

    New reports are most of what comes, and are written by one statement a table. Whoever sends
    under the same keys at the same time waits; all else that can be written before the objects is
    written before the transaction takes its place in their order.

    Args:
        database: the database.
        connection: a connection that writes, and has no place in the order of objects yet.
        several: the sendings.

    Returns:
        A receipt for each.

    Raises:
        UsageError: a key was used for something else.
    """
    database.hold(connection, [key for one in several for key in (one.key, one.digest)])
    made = _add_reports(database, connection, _perhaps_new(connection, several))
    if len(made) < len(several):
        database.order(connection)
    return [made.get(one.digest) or _receive(database, connection, one) for one in several]


def _perhaps_new(connection: Connection, several: Sequence[Ready]) -> list[Ready]:
    """The sendings that may begin a report: of one that comes twice at one time, neither."""
    times = Counter(one.digest for one in several) + Counter(one.key for one in several)
    first = [
        one for one in several
        if one.sent.place == 1 and times[one.digest] == times[one.key] == 1
    ]  # fmt: skip
    sent = _SENT[connection.dialect.name]
    here = set(connection.execute(sent, {"of": [one.digest for one in first]}).scalars())
    return [one for one in first if one.digest not in here]


def _add_reports(
    database: Database, connection: Connection, several: Sequence[Ready]
) -> dict[str, Receipt]:
    """Write the sendings whose report is not here yet; the receipts, by the sendings' digests."""
    rows = [_report_row(one) for one in several]
    if not rows:
        return {}
    added = set(connection.execute(_ADD_REPORT[connection.dialect.name], rows).scalars())
    new = [
        (one, row) for one, row in zip(several, rows, strict=True) if row["object"] in added
    ]  # fmt: skip
    if not new:
        return {}
    kept = {"state": KEPT, "version": 1, "body": None}
    connection.execute(
        _ADD_SUBMISSION,
        [_submission_row(database, one, row["object"]) | kept for one, row in new],
    )
    for one, row in new:
        who = _author(one.signed, one.sent.withhold)
        record(database, connection, who, REPORT, Version(row["object"], 1))
    write_waiting(connection)
    drafts = [_draft(one.signed, row["object"], one.body, is_conflict=False) for one, row in new]
    database.order(connection)
    add_new(database, connection, drafts)
    return {one.digest: Receipt(row["object"], KEPT, 1, one.sent.sending) for one, row in new}


def _submission_row(database: Database, one: Ready, object: str) -> dict[str, Any]:
    sent = one.sent
    return {
        "digest": one.digest, "object": object, "content": one.content, "branch": sent.branch,
        "place": sent.place, "trunk": sent.trunk, "state": WAITING, "version": None,
        "body": as_bytes(one.body), "received": database.time(),
    }  # fmt: skip


def _receive(database: Database, connection: Connection, one: Ready) -> Receipt:
    """Take in what came before, or what corrects a report that may be here."""
    signed, sent = one.signed, one.sent
    before = connection.execute(_BY_SENDING, {"of": one.digest}).one_or_none()
    if before is not None:
        return _again(before, sent, one.content)
    report = _report(connection, one)
    branch = _branch(connection, report, sent)
    row = _submission_row(database, one, report.object)
    if sum(other.place < sent.place for other in branch) == sent.place - 1:
        own = {other.version for other in branch if other.place < sent.place}
        row |= _make_version(
            database, connection, signed, report, one.body, stands_on={sent.trunk, *own}
        )
    connection.execute(_ADD_SUBMISSION, row)
    if row["state"] != WAITING:
        _apply_waiting(database, connection, signed, report, sent)
    return Receipt(report.object, row["state"], row["version"], sent.sending)


def _own(signed: SignedIn, key: str) -> str:
    """The digest of a key within an organisation: no other one's use of it can be found out."""
    return digest(f"{signed.reader.organisation}\n{digest(key)}")


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


def _content(sent: Sending, body: Mapping[str, Any]) -> str:
    whole = [digest(sent.key), sent.branch, sent.place, sent.trunk, sent.withhold]
    return hashlib.sha256(json.dumps(whole).encode() + as_bytes(body)).hexdigest()


def _again(before: Row[Any], sent: Sending, content: str) -> Receipt:
    if before.content != content:
        raise UsageError(
            "The key of this sending was used for another one.", where="sending",
            remedy="Draw a new key for what is new.",
        )  # fmt: skip
    return Receipt(before.object, before.state, before.version, sent.sending)


@dataclass(frozen=True)
class _Report:
    """This is the report of which a sending is a part."""

    object: str
    """Its id."""
    account: str | None
    """Who reported; None where the name is withheld."""
    is_new: bool


def _report_row(one: Ready) -> dict[str, Any]:
    """A row of a new report, with an id by chance."""
    return {
        "object": f"report--{uuid.uuid4()}", "key_digest": one.key,
        "account": None if one.sent.withhold else one.signed.account,
        "organisation": one.signed.reader.organisation,
    }  # fmt: skip


def _report(connection: Connection, one: Ready) -> _Report:
    """The report with this key; a new one gets an id."""
    row = _report_row(one)
    if connection.execute(_ADD_REPORT[connection.dialect.name], row).first() is not None:
        return _Report(row["object"], row["account"], is_new=True)
    found = connection.execute(_BY_KEY, {"of": one.key}).one()
    return _Report(found.object, found.account, is_new=False)


def _branch(connection: Connection, report: _Report, sent: Sending) -> Sequence[Row[Any]]:
    """The sendings of a branch that are here, in their order; no other has the place of this one.

    Those before the first place that is missing are versions, and the others wait.
    """
    if report.is_new:
        return []
    rows = connection.execute(_OF_BRANCH, {"of": report.object, "branch": sent.branch}).all()
    if any(one.place == sent.place for one in rows):
        raise UsageError(
            "Another sending has this place in the branch.", where="place",
            remedy="Begin a new branch.",
        )  # fmt: skip
    return rows


def _apply_waiting(
    database: Database, connection: Connection, signed: SignedIn, report: _Report, sent: Sending
) -> None:
    """Make versions of the sendings of a branch whose turn has come by one that was added."""
    if report.is_new:
        return
    rows = connection.execute(_OF_BRANCH, {"of": report.object, "branch": sent.branch}).all()
    own = {row.version for row in rows[: sent.place]}
    for place, row in enumerate(rows[sent.place :], start=sent.place + 1):
        if row.place != place:
            return
        body = json.loads(row.body)
        made = _make_version(
            database, connection, signed, report, body, stands_on={row.trunk, *own}
        )
        connection.execute(
            update(submissions).where(submissions.c.digest == row.digest).values(**made)
        )
        own.add(made["version"])


def _make_version(
    database: Database,
    connection: Connection,
    signed: SignedIn,
    report: _Report,
    body: Mapping[str, Any],
    *,
    stands_on: Set[int],
) -> dict[str, Any]:
    """Make a version of a sending, and say what its row holds from then on.

    It stands on its branch's trunk and on what the branch made before; where another version is
    the newest, somebody else changed the report in between.
    """
    before = None if report.is_new else objects.newest(connection, report.object)
    is_conflict = before is not None and before.version not in stands_on
    draft = _draft(signed, report.object, body, is_conflict=is_conflict)
    after = objects.put(database, connection, draft, is_new=report.is_new)
    who = _author(signed, withheld=not report.account)
    record(database, connection, who, REPORT, after)
    if before is not None and after.audience != before.audience:
        tighten_results(database, connection, after, who)
    state = CONFLICT if is_conflict else KEPT
    # The answers stand in the object now, and nowhere else.
    return {"state": state, "version": after.version, "body": None}


def _draft(signed: SignedIn, id: str, body: Mapping[str, Any], *, is_conflict: bool) -> Draft:
    organisation = signed.reader.organisation
    marking = _marking(signed, body["level"], frozenset(body["groups"]))
    payload = {"answers": body["answers"], "organisation": organisation, "conflict": is_conflict}
    return Draft(id, "report", organisation, Audience.of(marking), as_bytes(payload))


def _author(signed: SignedIn, withheld: bool) -> SignedIn:
    """Whom the record names: nobody, where the reporter's name is withheld."""
    return SignedIn(signed.reader) if withheld else signed


def _marking(signed: SignedIn, level: str, groups: frozenset[str]) -> Marking:
    """The marking of a report; who sends one to named readers only (RED) is one of them."""
    readers = frozenset({signed.reader.name} if level == "RED" else ())
    return Marking(level, signed.reader.organisation, readers=readers, groups=groups)
