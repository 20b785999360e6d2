"""Is the log whole? Everything is computed again from the entries.

What a reader can be sure of is what a partner's checkpoint covers. The owner of a log can rewrite
all of it and sign it anew; then it agrees with itself, and no longer with the checkpoint that the
partner holds. So the answer says how many entries are covered, and since when the rest is not.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import digest
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tocsin.errors import UsageError
from tocsin.share.audit.checkpoint import Checkpoint, read_checkpoint
from tocsin.share.audit.note import COSIGNED, Note, PublicKey, read_note, signed_by
from tocsin.share.audit.pieces import (
    COMMITMENT,
    ERASED,
    EVENT,
    ROWS,
    Piece,
    check_piece,
    check_pieces,
    rows_erased,
)
from tocsin.share.audit.tables import CHECKPOINTS, HEAD, IDENTITIES, LOG, OUTBOX, TILES
from tocsin.share.audit.tree import Edge, Tile, leaf_hash
from tocsin.share.finding import Finding

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

LONG = 200_000
"""A log of so many entries is worth the start of several processes."""
MOST = 100
"""At most so many findings are told; one is enough to distrust the log."""


@dataclass(frozen=True)
class Verification:
    """This is what is found about a log."""

    size: int
    """How many entries have a place."""
    root: bytes
    """What they hash to, 32 bytes."""
    findings: tuple[Finding, ...]
    """What is wrong; none where the log is whole."""
    covered: int
    """The first so many entries are covered by a checkpoint that a partner holds or cosigned."""
    uncovered_since: datetime | None
    """When the first entry was made that is not covered; None: all are."""
    erased: int
    """So many entries can be opened no more, as acts of erasure say."""
    waiting: int
    """So many acts have no place in the log yet."""

    @property
    def whole(self) -> bool:
        """Is nothing wrong?"""
        return not self.findings


def verify(
    connection: Connection,
    *,
    key: PublicKey | None = None,
    partners: Sequence[PublicKey] = (),
    held: Sequence[Note] = (),
    processes: int = 1,
) -> Verification:
    """Verify a log: its entries, its tree, its checkpoints, and what the entries commit to.

    Args:
        connection: a connection; in PostgreSQL one whose transaction is `REPEATABLE READ`, where
            others write meanwhile.
        key: the log's own key; None: its own signatures are not looked at.
        partners: keys of partners, whose cosignatures cover what lies before them.
        held: checkpoints of this log that partners hold, or that the reader kept.
        processes: at most so many check the entries. Several are started where the log has `LONG`
            entries and is not in this process's memory alone; whoever calls this from a script
            then does so below `if __name__ == "__main__"`.

    Returns:
        What is found.
    """
    if not connection.in_transaction():
        connection.begin()
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite" and not driver.in_transaction:
        # The driver would let each question see another state of a log that grows meanwhile.
        connection.exec_driver_sql("BEGIN")
    size = connection.execute(sa.select(HEAD.c.size)).scalar() or 0
    outside = sa.select(LOG.c.position).where((LOG.c.position < 0) | (LOG.c.position >= size))
    if connection.execute(outside.limit(1)).first() is None:
        found = _Verifier(connection, key, partners, held).run(
            _pieces(connection, size, processes if size >= LONG else 1)
        )
        if found is not None and found.whole:
            return found
    # Something is wrong, or something was erased while others looked: here it is said what.
    found = _Verifier(connection, key, partners, held).run()
    assert found is not None
    return found


def _pieces(connection: Connection, size: int, processes: int) -> Generator[Piece]:
    url = connection.engine.url
    is_shared = url.get_backend_name() != "sqlite" or url.database not in (None, "", ":memory:")
    if processes > 1 and is_shared:
        yield from check_pieces(url, size, processes)
        return
    for start in range(0, size, ROWS):
        yield check_piece(connection, start, min(size, start + ROWS))


class _Verifier:
    def __init__(
        self,
        connection: Connection,
        key: PublicKey | None,
        partners: Sequence[PublicKey],
        held: Sequence[Note],
    ) -> None:
        self.connection, self.key, self.partners = connection, key, partners
        self.found: list[Finding] = []
        self.edge = Edge()
        self.unopened = self.erased = 0
        self.covered = 0
        self.claims = sorted(self._claims(held), key=lambda one: one[0].size)

    def _say(self, rule: str, where: str, what: str, remedy: str = "") -> None:
        if len(self.found) < MOST:
            self.found.append(Finding(0, rule, "error", where, what, remedy))

    def _claims(self, held: Sequence[Note]) -> Iterator[tuple[Checkpoint, bool]]:
        """Every checkpoint, with whether it covers: whether somebody else vouches for it."""
        for note in held:
            said = read_checkpoint(note)
            if self.key and not signed_by(note, self.key):
                what = "the checkpoint that was given is not signed by this log"
                remedy = "Give the checkpoint as the partner holds it, and the log's own key."
                self._say("held-unsigned", f"checkpoint of {said.size:,}", what, remedy)
                continue
            yield said, True
        for row in self.connection.execute(sa.select(CHECKPOINTS)):
            where = f"checkpoint of {row.size:,}"
            try:
                note = read_note(row.note)
                said = read_checkpoint(note)
            except UsageError as error:
                self._say("checkpoint-unreadable", where, error.what.rstrip("."))
                continue
            if said.size != row.size:
                self._say("checkpoint-size", where, f"it speaks of {said.size:,} entries")
            if self.key and (said.origin != self.key.name or not signed_by(note, self.key)):
                self._say("checkpoint-signature", where, "the log's own signature does not hold")
            signed = [signed_by(note, one) for one in self.partners if one.kind == COSIGNED]
            yield said, any(signed)

    def run(self, pieces: Generator[Piece] | None = None) -> Verification | None:
        """Verify by pieces that were checked, and stop where one is wrong; or row by row."""
        size = self.connection.execute(sa.select(HEAD.c.size)).scalar() or 0
        self._check_claims()
        if pieces is None:
            for rows in self._rows():
                self._check_rows(rows)
        else:
            with closing(pieces):
                for piece in pieces:
                    if not piece.right:
                        return None
                    self.unopened += piece.unopened
                    self.erased += piece.erased
                    self._grow(piece.leaves())
        if self.edge.size != size:
            what = f"the head says {size:,} entries, and there are {self.edge.size:,}"
            self._say("length", "head", what)
        for said, _ in self.claims:
            what = f"the log has only {self.edge.size:,} entries, so some were taken away"
            self._say("shortened", f"checkpoint of {said.size:,}", what)
        self._check_tiles(list(self.edge.partial()))
        self._check_erasures()
        waiting = self.connection.execute(sa.select(sa.func.count()).select_from(OUTBOX)).scalar()
        return Verification(
            self.edge.size, self.edge.root(), tuple(self.found), self.covered,
            self._uncovered_since(), self.unopened, waiting or 0,
        )  # fmt: skip

    def _rows(self) -> Iterator[Sequence[Any]]:
        joined = LOG.outerjoin(IDENTITIES, LOG.c.event == IDENTITIES.c.event)
        columns = (LOG.c.position, LOG.c.event, LOG.c.leaf, IDENTITIES.c.key, IDENTITIES.c.said)
        wanted = sa.select(*columns).select_from(joined).order_by(LOG.c.position)
        result = self.connection.execution_options(yield_per=ROWS).execute(wanted)
        return result.partitions(ROWS)

    def _check_rows(self, rows: Sequence[Any]) -> None:
        size = self.edge.size
        hashes = []
        for expected, row in enumerate(rows, size):
            position, event, leaf, key, said = row
            # SQLite keeps a value of any type in any column.
            if not (type(leaf) is bytes and type(said) in _BYTES and type(key) in _BYTES):
                self._say(
                    "type", f"entry {position:,}", "it holds another type of value than bytes"
                )
                leaf, key, said = (_bytes(one) for one in (leaf, key, said))
            hashes.append(leaf_hash(leaf))
            if position != expected:
                what = f"entry {expected:,} is missing before it"
                self._say("gap", f"entry {position:,}", what)
            at = leaf.find(COMMITMENT) + len(COMMITMENT)
            if said is None:
                self.unopened += 1
            elif leaf[at : at + 64] != digest(key or b"", said, "sha256").hex().encode():
                what = "who did it, or what is said of it, is not what the entry commits to"
                self._say("commitment", f"entry {position:,}", what)
            if leaf[at + 64 : at + 107] != EVENT + str(event).encode():
                what = "it stands under another entry's identifier"
                self._say("event", f"entry {position:,}", what)
            if leaf.startswith(ERASED):
                self.erased += rows_erased(leaf)
        self._grow(hashes)

    def _grow(self, hashes: list[bytes]) -> None:
        """Add the hashes of further entries to the tree, and hold it to what was signed."""
        full = []
        while hashes:
            # Checkpoints are held to the root that the log had at their size.
            now = self.claims[0][0].size - self.edge.size if self.claims else len(hashes)
            full += self.edge.add(hashes[:now])
            hashes = hashes[now:]
            self._check_claims()
        self._check_tiles(full)

    def _check_claims(self) -> None:
        """Hold the checkpoints of this size to the root that the entries have."""
        size = self.edge.size
        if not self.claims or self.claims[0][0].size != size:
            return
        root = self.edge.root()
        while self.claims and self.claims[0][0].size == size:
            said, covers = self.claims.pop(0)
            if said.root != root:
                what = "the entries before it are not those that were signed"
                self._say("rewritten", f"checkpoint of {said.size:,}", what)
            elif covers:
                self.covered = size

    def _check_tiles(self, tiles: Sequence[Tile]) -> None:
        """Hold tiles to those that are kept, from which proofs are made."""
        made = {(level, position): b"".join(hashes) for level, position, hashes in tiles}
        kept: dict[tuple[int, int], bytes] = {}
        for level in {level for level, _ in made}:
            places = [position for of, position in made if of == level]
            wanted = sa.select(TILES.c.position, TILES.c.hashes).where(
                TILES.c.level == level, TILES.c.position.between(min(places), max(places))
            )
            kept |= {(level, row.position): row.hashes for row in self.connection.execute(wanted)}
        for (level, position), hashes in made.items():
            if kept.get((level, position)) != hashes:
                what = "its hashes are not those of the entries, so proofs made from it fail"
                self._say("tile", f"tile {level}/{position}", what)

    def _uncovered_since(self) -> datetime | None:
        wanted = sa.select(LOG.c.leaf).where(LOG.c.position == self.covered)
        leaf = self.connection.execute(wanted).scalar()
        return None if leaf is None else _time(leaf)

    def _check_erasures(self) -> None:
        """Identity rows are missing only where an act of erasure says so."""
        outbox = self.connection.execute(
            sa.select(OUTBOX.c.leaf, IDENTITIES.c.event).select_from(
                OUTBOX.outerjoin(IDENTITIES, OUTBOX.c.event == IDENTITIES.c.event)
            )
        )
        missing, told = self.unopened, self.erased
        for leaf, event in outbox:
            missing += event is None
            told += rows_erased(leaf) if leaf.startswith(ERASED) else 0
        if missing != told:
            what = f"{missing:,} entries cannot be opened, and acts of erasure tell of {told:,}"
            self._say("erasure", "identities", what)


_BYTES = (bytes, type(None))


def _bytes(value: Any) -> Any:
    return value if type(value) in _BYTES else str(value).encode()


def _time(leaf: bytes) -> datetime | None:
    try:
        return datetime.fromisoformat(json.loads(leaf)["at"]).astimezone(UTC)
    except (ValueError, KeyError, TypeError):
        return None
