"""Five servers in a ring, cut off from each other again and again: do they end alike?

Each is a database with a key, and what passes between two of them is what passes between servers:
pages of signed statements. Pages come in any order with repeats of what came before. In between,
warnings are written, changed, marked more strictly, released and deleted.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tocsin.bench.share.server.ring_kept import find_kept, keep
from tocsin.share.audit.note import PrivateKey, PublicKey, new_key, read_private_key
from tocsin.share.server.access.marking import Audience, Marking
from tocsin.share.server.access.reader import Reader, reader
from tocsin.share.server.database import objects
from tocsin.share.server.database.audiences import audience_of
from tocsin.share.server.database.connection import Database, connect
from tocsin.share.server.database.objects import Draft, draft_of
from tocsin.share.server.database.schema import upgrade
from tocsin.share.server.database.tables import objects as kept
from tocsin.share.server.neighbours.feed import MOST, read_feed
from tocsin.share.server.neighbours.following import take_in
from tocsin.share.server.neighbours.names import coming
from tocsin.share.server.neighbours.statements import Entry, digest

NAMES = ("north", "east", "south", "west", "centre")
EVERYBODY = frozenset(f"Office {name}" for name in NAMES)
LEVELS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT")
EVERY = 60.0
"""Seconds after which the ring is kept, at least."""
REPEATED = 0.3
"""The share of what was sent before that comes again with a page."""
VERBS = ("put",) * 8 + ("change", "mark", "release", "delete")


@dataclass
class Member:
    """This is a server of the ring."""

    name: str
    database: Database
    key: PrivateKey
    cursors: dict[str, int] = field(default_factory=dict)
    sent: dict[str, list[Entry]] = field(default_factory=dict)

    @property
    def account(self) -> Reader:
        """The account that it has at its neighbours."""
        return reader(self.name, f"Office {self.name}", "partner")

    def put(self, id: str, level: str, payload: bytes, parent: str | None = None) -> None:
        """Write a warning, or a new version of one."""
        with self.database.writing() as connection:
            self._put(connection, id, level, payload, parent)

    def _put(
        self, connection: Any, id: str, level: str, payload: bytes, parent: str | None = None
    ) -> None:
        owner = f"Office {self.name}"
        audience = Audience.of(Marking(level, owner, recipients=EVERYBODY))
        draft = Draft(id, "warning", owner, audience, payload, parent=parent)
        objects.put(self.database, connection, draft)

    def change(self, id: str, verb: str, level: str = "CLEAR") -> None:
        """Mark, release or delete a warning."""
        with self.database.writing() as connection:
            self._change(connection, id, verb, level)

    def _change(self, connection: Any, id: str, verb: str, level: str) -> None:
        row = objects.newest(connection, id)
        assert row is not None
        audience = Audience.of(Marking(level, row.owner, recipients=EVERYBODY))
        if verb == "mark":
            objects.mark(self.database, connection, row, audience)
        elif verb == "release":
            objects.release(self.database, connection, row, audience)
        elif verb == "delete":
            gone = replace(draft_of(connection, row), payload=b"{}", deleted=True)
            objects.put(self.database, connection, gone)

    def holdings(self) -> dict[str, tuple[bytes, bool, Audience]]:
        """Give what is here: content, whether it is deleted, and markings."""
        with self.database.reading() as connection:
            rows = connection.execute(select(kept).where(kept.c.newest)).all()
            return {
                row.id: (row.payload, row.deleted, audience_of(connection, row.audience))
                for row in rows
            }

    def digest(self) -> str:
        """Give one digest of all that is known here."""
        with self.database.reading() as connection:
            return digest(connection)

    def work(self, rng: random.Random, mine: list[str], count: int) -> None:
        """Write new warnings, and change some of the earlier ones, in one transaction.

        Args:
            rng: where chance comes from.
            mine: its warnings, to which the new ones are added.
            count: how many new ones.
        """
        with self.database.writing() as connection:
            while count:
                verb = rng.choice(VERBS) if mine else "put"
                content = b'{"n": %d}' % rng.getrandbits(60)
                if verb == "put":
                    count -= 1
                    mine.append(f"warning--{self.name}-{len(mine)}")
                    self._put(connection, mine[-1], rng.choice(LEVELS), content)
                elif verb == "change":
                    self._put(connection, rng.choice(mine), "CLEAR", content)
                else:
                    self._change(connection, rng.choice(mine), verb, rng.choice(LEVELS))


def hand_over(
    giver: Member,
    taker: Member,
    keys: Mapping[str, PublicKey],
    rng: random.Random,
    *,
    limit: int = 4,
) -> bool:
    """Hand over one page of a feed, with repeats of what was sent before, in any order.

    Args:
        giver: who gives.
        taker: who takes in.
        keys: the public keys of all.
        rng: where chance comes from.
        limit: entries on the page.

    Returns:
        True where the page had something.
    """
    with giver.database.writing() as connection:
        after = taker.cursors.get(giver.name, 0)
        page = read_feed(
            giver.database, connection, taker.account, giver.key, after=after, limit=limit
        )
    entries = list(page.entries)
    sent = giver.sent.get(taker.name, [])
    again = [one for one in sent if rng.random() < REPEATED]
    entries += again[: max(5, int(REPEATED * len(entries)))]
    rng.shuffle(entries)
    giver.sent[taker.name] = (sent + list(page.entries))[-max(20, limit) :]
    with taker.database.writing() as connection:
        found = take_in(taker.database, connection, entries, me=taker.name, keys=keys)
    if found.refused:
        raise AssertionError(found.refused[0])
    taker.cursors[giver.name] = page.next
    return bool(page.entries)


def keys_of(ring: Sequence[Member]) -> dict[str, PublicKey]:
    """Give the public keys of all by their names."""
    return {one.name: one.key.public for one in ring}


def heal(ring: Sequence[Member], rng: random.Random, *, limit: int = 50, rounds: int = 200) -> bool:
    """Let every link work again, until nothing is new.

    Args:
        ring: the servers.
        rng: where chance comes from.
        limit: entries on a page.
        rounds: at most so many times around.

    Returns:
        True where the ring came to rest.
    """
    keys = keys_of(ring)
    for _ in range(rounds):
        busy = False
        for n, one in enumerate(ring):
            for other in (ring[n - 1], ring[(n + 1) % len(ring)]):
                busy |= hand_over(other, one, keys, rng, limit=limit)
        if not busy:
            return True
    return False


def differences(ring: Sequence[Member], own: Mapping[str, Sequence[str]]) -> int:
    """Count what another server holds otherwise than its owner: content, or markings."""
    everything = {one.name: one.holdings() for one in ring}
    wrong, servers = 0, set(everything)
    for owner, ids in own.items():
        for id in ids:
            payload, deleted, audience = everything[owner][id]
            for name, theirs in everything.items():
                if id not in theirs:
                    wrong += not deleted
                    continue
                held = theirs[id]
                mine = name == owner
                meant = audience if mine else coming(audience, owner, name, servers)
                same = held[0] == payload and held[2] == meant
                wrong += held[1] != deleted or (not deleted and not same)
    return wrong


@dataclass
class Ring:
    """This is the ring between two partitions: its servers, and what else the next one needs."""

    members: list[Member]
    rng: random.Random
    own: dict[str, list[str]]
    """Each server's own warnings."""
    turn: int = 0
    """How many partitions there were."""
    spent: float = 0.0
    """Seconds that went into handing over."""


def measure_ring(
    *,
    warnings: int = 50_000,
    partitions: int = 20,
    seed: int = 0,
    work: Path | None = None,
    on_done: Callable[[str], None] = lambda _words: None,
) -> dict[str, Any]:
    """Write warnings on five servers, of which links fail again and again, and then heal.

    Args:
        warnings: how many, on all servers together.
        partitions: how often two of the five links fail, for a twentieth of the work each time.
        seed: start of all random numbers.
        work: a folder in which the ring is kept about once a minute, so that a measure that was
            stopped goes on from there; None: nowhere.
        on_done: is told after each partition.

    Returns:
        `warnings`, `partitions`, `handed_over_seconds` (before the last healing), `heal_seconds`
        and `heal_processor_seconds` (the last one), `digests` (how many differ after it, less
        one), and `differences` (what others hold otherwise than its owner).
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kept = None if work is None else work / f"ring-{warnings}-{partitions}-{seed}"
        ring = _resume(folder, kept, stack) or Ring(
            [_member(folder / name, name, stack) for name in NAMES], random.Random(seed),
            {name: [] for name in NAMES},
        )  # fmt: skip
        last = time.monotonic()
        while ring.turn < partitions:
            on_done(f"Partition {ring.turn + 1} of {partitions}")
            _cut(ring, warnings // (partitions * len(ring.members)))
            is_due = time.monotonic() - last > EVERY or ring.turn == partitions
            if kept is not None and is_due:
                keep(kept, ring.turn, _ring_json(ring), [one.database for one in ring.members])
                last = time.monotonic()
        on_done("Healing")
        began, used = time.perf_counter(), time.process_time()
        rests = heal(ring.members, ring.rng, limit=MOST, rounds=10_000)
        lasted, used = time.perf_counter() - began, time.process_time() - used
        return {
            "warnings": sum(map(len, ring.own.values())), "partitions": partitions,
            "handed_over_seconds": round(ring.spent, 1), "heal_seconds": round(lasted, 1),
            "heal_processor_seconds": round(used, 1), "rests": rests,
            "digests": len({one.digest() for one in ring.members}) - 1,
            "differences": differences(ring.members, ring.own),
        }  # fmt: skip


def _cut(ring: Ring, each: int) -> None:
    """Write on all servers and hand over, where two links are cut."""
    keys, members = keys_of(ring.members), ring.members
    down = set(ring.rng.sample(range(len(members)), 2))
    for member in members:
        member.work(ring.rng, ring.own[member.name], each)
    began = time.perf_counter()
    for n, member in enumerate(members):
        other = members[(n + 1) % len(members)]
        if n in down:
            continue
        for _ in range(4):
            hand_over(member, other, keys, ring.rng, limit=MOST)
            hand_over(other, member, keys, ring.rng, limit=MOST)
    ring.spent += time.perf_counter() - began
    ring.turn += 1


def _ring_json(ring: Ring) -> dict[str, Any]:
    """The ring as JSON, without its databases."""
    members = {
        one.name: {
            "key": str(one.key), "cursors": one.cursors,
            "sent": {name: [x.as_dict() for x in sent] for name, sent in one.sent.items()},
        }
        for one in ring.members
    }  # fmt: skip
    return {
        "members": members, "rng": ring.rng.getstate(), "own": ring.own, "spent": ring.spent,
    }  # fmt: skip


def _resume(folder: Path, kept: Path | None, stack: ExitStack) -> Ring | None:
    """The ring as it was kept last, with copies of its databases; None where none was."""
    found = None if kept is None else find_kept(kept, folder)
    if found is None:
        return None
    turn, told = found
    members = []
    for name, one in told["members"].items():
        member = _member(folder / name, name, stack, key=read_private_key(one["key"]))
        member.cursors = one["cursors"]
        member.sent = {to: [Entry.of_dict(x) for x in sent] for to, sent in one["sent"].items()}
        members.append(member)
    rng = random.Random()
    version, numbers, gauss = told["rng"]
    rng.setstate((version, tuple(numbers), gauss))
    return Ring(members, rng, told["own"], turn, told["spent"])


def _member(folder: Path, name: str, stack: ExitStack, *, key: PrivateKey | None = None) -> Member:
    folder.mkdir(exist_ok=True)
    database = connect(folder)
    stack.callback(database.close)
    upgrade(database)
    return Member(name, database, key or new_key(name))
