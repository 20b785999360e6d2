"""Which keys came before in a file, in a few bytes a key; and which records are older versions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tocsin.observe.formats.records import Record, some_records
from tocsin.schema.vocabulary.release import stated_seconds

BATCH = 20_000
"""Records that are looked at together."""


class Seen:
    """A set of keys, each with the number of the record that brought it, in 12 bytes a key.

    Keys are kept as 64-bit hashes, so of ten million different keys one is taken for another
    with a probability of 3 in a million. Sorted runs are merged as they grow (O'Neil et al.
    1996, The log-structured merge-tree, Acta Informatica 33).

    Example:
        >>> seen = Seen()
        >>> seen.add(hash_keys(["a", "b"]), [1, 2])
        >>> seen.before(hash_keys(["b", "c"])).tolist()
        [2, 0]
    """

    def __init__(self) -> None:
        self._runs: list[tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]] = []

    def before(self, keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
        """Return the number of the earlier record that brought each key.

        Args:
            keys: hashes of keys, shape (n,), from `hash_keys`.

        Returns:
            Shape (n,): the record's number, or 0 where the key is new.
        """
        found = np.zeros(len(keys), dtype=np.uint32)
        for known, numbers in self._runs:
            at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
            hit = known[at] == keys
            found[hit] = numbers[at[hit]]
        return found

    def add(
        self, keys: npt.NDArray[np.uint64], numbers: Sequence[int] | npt.NDArray[np.uint32]
    ) -> None:
        """Remember keys that are new.

        Args:
            keys: hashes of keys, shape (n,), from `hash_keys`.
            numbers: shape (n,), the number of the record that brought each key, from 1.
        """
        if not len(keys):
            return
        run = _sort(keys, np.asarray(numbers, dtype=np.uint32))
        while self._runs and len(self._runs[-1][0]) <= 2 * len(run[0]):
            last = self._runs.pop()
            run = _sort(np.concatenate([last[0], run[0]]), np.concatenate([last[1], run[1]]))
        self._runs.append(run)


def hash_keys(keys: Sequence[Any]) -> npt.NDArray[np.uint64]:
    """Compute a 64-bit hash (BLAKE2b) of each key's text, which is the same in every process.

    Args:
        keys: n keys; each must have a `repr` that depends on its value only.

    Returns:
        Shape (n,), unsigned 64-bit numbers.
    """
    digests = [hashlib.blake2b(repr(key).encode(), digest_size=8).digest() for key in keys]
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64)


def older_versions(records: Iterable[Record], native_id: str, time: str) -> list[int]:
    """Find the records that stand in the file in a newer version too, as their own times say.

    Args:
        records: the records of the file, all of them.
        native_id: the field with the source's own id.
        time: the field with the time of the record's last change.

    Returns:
        Their numbers, the newest version first. Records of one id and one time are no versions.
    """
    ids, times, numbers = list[npt.NDArray[np.uint64]](), list[float](), list[int]()
    named = (one for one in records if not one.fault and one.fields.get(native_id))
    while sound := some_records(named, BATCH):
        ids.append(hash_keys([record.fields[native_id] for record in sound]))
        times += [stated_seconds(str(record.fields.get(time) or "")) for record in sound]
        numbers += [record.number for record in sound]
    if not ids:
        return []
    frame = pl.DataFrame({"id": np.concatenate(ids), "time": times, "number": numbers})
    newer = pl.col("time").max().over("id")
    return (
        frame.filter(pl.col("time") < newer)
        .sort("time", "number", descending=[True, False])["number"]
        .to_list()
    )


def _sort(
    keys: npt.NDArray[np.uint64], numbers: npt.NDArray[np.uint32]
) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]:
    order = np.argsort(keys, kind="stable")
    return keys[order], numbers[order]
