"""The Merkle tree against the published roots, the RFC's own definition, and a small verifier."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.share.audit.tree import (
    BITS,
    EMPTY,
    WIDTH,
    Edge,
    Tree,
    check_consistency,
    check_inclusion,
    leaf_hash,
)

ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
           "606162636465666768696a6b6c6d6e6f"]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The entries and roots by which certificate transparency tests its own implementations."""


def of_definition(leaves: list[bytes]) -> bytes:
    """The root as RFC 6962, 2.1, defines it, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = of_definition(leaves[:split]), of_definition(leaves[split:])
    return sha256(b"\x01" + left + right).digest()


def grown(leaves: list[bytes], batch: int = 1000) -> Tree:
    """A tree made in batches, read from the tiles that it gave."""
    edge, tiles = Edge(), {}
    for start in range(0, len(leaves), batch):
        for level, position, hashes in edge.add(leaves[start : start + batch]):
            assert len(hashes) == WIDTH
            tiles[level, position] = list(hashes)
    tiles |= {(level, position): list(hashes) for level, position, hashes in edge.partial()}
    tree = Tree(len(leaves), lambda level, position: tiles[level, position])
    assert tree.root() == edge.root()
    return tree


def test_the_published_roots() -> None:
    edge = Edge()
    assert edge.root() == EMPTY
    for entry, root in zip(ENTRIES, ROOTS, strict=True):
        edge.add([leaf_hash(bytes.fromhex(entry))])
        assert edge.root().hex() == root


def test_a_published_proof() -> None:
    """RFC 6962, 2.1.3, draws the tree of seven entries and lists these proofs."""
    leaves = [leaf_hash(bytes.fromhex(one)) for one in ENTRIES[:7]]
    a, b, c, d, e, f, j = leaves

    def node(left: bytes, right: bytes) -> bytes:
        return sha256(b"\x01" + left + right).digest()

    g, h, i = node(a, b), node(c, d), node(e, f)
    k, l = node(g, h), node(i, j)  # noqa: E741
    tree = grown(leaves)
    assert tree.inclusion(0) == [b, h, l]
    assert tree.inclusion(3) == [c, g, l]
    assert tree.inclusion(4) == [f, j, k]
    assert tree.inclusion(6) == [i, k]
    assert tree.consistency(3) == [c, d, g, l]
    assert tree.consistency(4) == [l]
    assert tree.consistency(6) == [i, j, k]
    for first in range(1, 8):
        earlier = of_definition(leaves[:first])
        assert check_consistency(first, earlier, 7, tree.root(), tree.consistency(first))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 700), st.integers(1, 300), st.data())
def test_every_proof_holds_and_no_other_does(size: int, batch: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(n.to_bytes(4, "big")) for n in range(size)]
    tree = grown(leaves, batch)
    root = tree.root()
    assert root == of_definition(leaves)
    position = data.draw(st.integers(0, size - 1))
    path = tree.inclusion(position)
    assert check_inclusion(leaves[position], position, size, path, root)
    assert not check_inclusion(leaf_hash(b"other"), position, size, path, root)
    assert not check_inclusion(leaves[position], (position + 1) % (size + 1), size, path, root)
    assert not check_inclusion(leaves[position], position, size, [*path, root], root)
    first = data.draw(st.integers(0, size))
    proof = tree.consistency(first)
    earlier = of_definition(leaves[:first])
    assert check_consistency(first, earlier, size, root, proof)
    if 0 < first < size:
        assert not check_consistency(first, earlier, size, root, proof[1:])
        assert not check_consistency(first, leaf_hash(b"other"), size, root, proof)
        assert not check_consistency(first, earlier, size, leaf_hash(b"other"), proof)


def test_several_tiles_may_fill_at_once() -> None:
    leaves = [leaf_hash(n.to_bytes(4, "big")) for n in range(2 * WIDTH + 5)]
    tree = grown(leaves, len(leaves))
    root = of_definition(leaves)
    for position in (0, WIDTH - 1, WIDTH, 2 * WIDTH - 1, 2 * WIDTH):
        path = tree.inclusion(position)
        assert check_inclusion(leaves[position], position, len(leaves), path, root)


@pytest.mark.slow
def test_more_than_two_levels_of_tiles() -> None:
    size = WIDTH * WIDTH + 3 * WIDTH + 5
    leaves = [leaf_hash(n.to_bytes(4, "big")) for n in range(size)]
    tree = grown(leaves, 5000)
    root = tree.root()
    assert root == of_definition(leaves)
    assert size >> 2 * BITS == 1
    for position in (0, WIDTH, WIDTH * WIDTH - 1, WIDTH * WIDTH, size - 1):
        path = tree.inclusion(position)
        assert check_inclusion(leaves[position], position, size, path, root)
    for first in (1, WIDTH * WIDTH - 1, WIDTH * WIDTH, WIDTH * WIDTH + WIDTH, size - 1):
        proof = tree.consistency(first)
        assert check_consistency(first, of_definition(leaves[:first]), size, root, proof)


def test_what_is_not_there_is_not_proved() -> None:
    tree = grown([leaf_hash(b"a")])
    with pytest.raises(IndexError):
        tree.inclusion(1)
    with pytest.raises(IndexError):
        tree.consistency(2)
    assert not check_inclusion(leaf_hash(b"a"), -1, 1, [], tree.root())
    assert check_consistency(0, EMPTY, 1, tree.root(), [])
    assert not check_consistency(1, tree.root(), 0, EMPTY, [])
