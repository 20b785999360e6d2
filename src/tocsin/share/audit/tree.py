"""The Merkle tree of the log, with its proofs, exactly as certificate transparency has it.

Laurie, Langley and Kasper (2013), RFC 6962, 2.1, define the hash of a list of entries, the proof
that an entry stands in the list, and the proof that a longer list begins with a shorter one. The
checks of the proofs are those of RFC 9162 (2021), 2.1.3.2 and 2.1.4.2.

Hashes are kept in tiles of 256, as other logs of this kind keep them: a tile of level 0 has the
hashes of 256 entries, one of level 1 the hashes of 256 whole tiles of level 0, and so on. A proof
among ten million entries so reads a handful of tiles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

BITS = 8
WIDTH = 1 << BITS
"""So many hashes stand in one tile."""
SIZE = 32
"""So many bytes has a hash of SHA-256."""

Tile = tuple[int, int, list[bytes]]
"""The level of a tile, its position among those of its level, and its hashes."""
ReadTile = Callable[[int, int], Sequence[bytes]]
"""Gives the hashes of a tile, by its level and its position."""


def leaf_hash(entry: bytes) -> bytes:
    """Give the hash of one entry (RFC 6962, 2.1): SHA-256 of a zero byte and the entry.

    Args:
        entry: the bytes of the entry.

    Returns:
        32 bytes.
    """
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Give the hash of two hashes (RFC 6962, 2.1): SHA-256 of a byte of 1 and both.

    Args:
        left: the hash of the earlier entries.
        right: the hash of the later entries.

    Returns:
        32 bytes.
    """
    return sha256(b"\x01" + left + right).digest()


EMPTY = sha256(b"").digest()
"""The hash of a list without entries."""


def _whole(hashes: Sequence[bytes]) -> bytes:
    """The hash over a number of hashes that is a power of two."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        hashes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    return hashes[0]


@dataclass
class Edge:
    """This is the right edge of a growing tree: at each level the hashes of the tile not yet full.

    Nothing more is needed to add an entry or to tell the root.
    """

    size: int = 0
    """The number of entries so far."""
    levels: list[list[bytes]] = field(default_factory=list)
    """The hashes of the tile that is not full, at each level from the entries upward."""

    def add(self, leaves: Sequence[bytes]) -> list[Tile]:
        """Add entries.

        Args:
            leaves: the hashes of the entries, in their order.

        Returns:
            The tiles that are full now and were not before.
        """
        full: list[Tile] = []
        place = self.size >> BITS
        self.size += len(leaves)
        new, level = list(leaves), 0
        while new:
            if level == len(self.levels):
                self.levels.append([])
            hashes = self.levels[level] + new
            whole = len(hashes) - len(hashes) % WIDTH
            new = []
            for start in range(0, whole, WIDTH):
                tile = hashes[start : start + WIDTH]
                full.append((level, place + start // WIDTH, tile))
                new.append(_whole(tile))
            self.levels[level] = hashes[whole:]
            place >>= BITS
            level += 1
        return full

    def partial(self) -> Iterator[Tile]:
        """Yield the tiles that have some hashes and are not full."""
        for level, hashes in enumerate(self.levels):
            if hashes:
                yield level, self.size >> BITS * (level + 1), hashes

    def root(self) -> bytes:
        """Give the hash of all entries (RFC 6962, 2.1), 32 bytes."""
        found: bytes | None = None
        for hashes in self.levels:
            end = len(hashes)
            while end:
                start = end & (end - 1)
                part = _whole(hashes[start:end])
                found = part if found is None else node_hash(part, found)
                end = start
        return EMPTY if found is None else found


@dataclass(frozen=True)
class Tree:
    """This is a tree that lies in tiles.

    Args:
        size: the number of entries.
        read: gives the hashes of a tile; the last of a level need not be full.
    """

    size: int
    read: ReadTile

    def root(self) -> bytes:
        """Give the hash of all entries, 32 bytes."""
        return self._range(0, self.size) if self.size else EMPTY

    def inclusion(self, position: int) -> list[bytes]:
        """Prove that an entry stands in the list (RFC 6962, 2.1.1).

        Args:
            position: its place, from 0 on.

        Returns:
            The audit path, from the entry upward.

        Raises:
            IndexError: there is no such entry.
        """
        if not 0 <= position < self.size:
            raise IndexError(position)
        return self._path(position, 0, self.size)

    def consistency(self, first: int) -> list[bytes]:
        """Prove that the list begins with its first so many entries (RFC 6962, 2.1.2).

        Args:
            first: how many entries the earlier list had.

        Returns:
            The proof; empty where the earlier list is empty or the same.

        Raises:
            IndexError: the earlier list is longer.
        """
        if not 0 <= first <= self.size:
            raise IndexError(first)
        return self._subproof(first, 0, self.size, True) if first else []

    def _path(self, position: int, start: int, end: int) -> list[bytes]:
        if end - start == 1:
            return []
        middle = start + _split(end - start)
        if position < middle:
            return [*self._path(position, start, middle), self._range(middle, end)]
        return [*self._path(position, middle, end), self._range(start, middle)]

    def _subproof(self, first: int, start: int, end: int, known: bool) -> list[bytes]:
        if first == end:
            return [] if known else [self._range(start, end)]
        middle = start + _split(end - start)
        if first <= middle:
            return [*self._subproof(first, start, middle, known), self._range(middle, end)]
        return [*self._subproof(first, middle, end, False), self._range(start, middle)]

    def _range(self, start: int, end: int) -> bytes:
        """The hash of some entries that form a whole subtree or the right edge of one."""
        count = end - start
        if count & (count - 1) == 0 and start % count == 0:
            level, power = divmod(count.bit_length() - 1, BITS)
            first = start >> BITS * level
            hashes = self.read(level, first >> BITS)
            at = first % WIDTH
            return _whole(hashes[at : at + (1 << power)])
        middle = start + _split(count)
        return node_hash(self._range(start, middle), self._range(middle, end))


def _split(count: int) -> int:
    """The largest power of two below a count."""
    return 1 << (count - 1).bit_length() - 1


def check_inclusion(
    leaf: bytes, position: int, size: int, path: Sequence[bytes], root: bytes
) -> bool:
    """Check the proof that an entry stands in a list (RFC 9162, 2.1.3.2).

    Args:
        leaf: the hash of the entry.
        position: its place, from 0 on.
        size: the number of entries.
        path: the audit path.
        root: the hash of the list.

    Returns:
        True where the proof holds.
    """
    if not 0 <= position < size:
        return False
    node, last, found = position, size - 1, leaf
    for one in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(one, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, one)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def check_consistency(
    first: int, first_root: bytes, second: int, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Check the proof that a longer list begins with a shorter one (RFC 9162, 2.1.4.2).

    Args:
        first: the number of entries of the shorter list.
        first_root: its hash.
        second: the number of entries of the longer list.
        second_root: its hash.
        proof: the proof.

    Returns:
        True where the proof holds. Every list begins with the empty one.
    """
    if first in {0, second}:
        same = first_root == (EMPTY if first == 0 else second_root)
        return not proof and same and first <= second
    if first > second or not proof:
        return False
    hashes = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old = new = hashes[0]
    for one in hashes[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new = node_hash(new, one)
        node, last = node >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root
