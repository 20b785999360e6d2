"""Keys in a few bytes each: nothing forgotten, nothing made up."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.observe.checks.seen import Seen, hash_keys


@given(st.lists(st.lists(st.integers(0, 300), unique=True, max_size=40), max_size=12))
def test_the_first_number_of_each_key_is_remembered(batches: list[list[int]]) -> None:
    seen, known, number = Seen(), dict[int, int](), 0
    for batch in batches:
        keys = hash_keys(batch)
        assert seen.before(keys).tolist() == [known.get(key, 0) for key in batch]
        new = [key for key in batch if key not in known]
        numbers = list(range(number + 1, number + 1 + len(new)))
        seen.add(hash_keys(new), numbers)
        known.update(zip(new, numbers, strict=True))
        number += len(new)


def test_hashes_are_the_same_in_every_process() -> None:
    assert hash_keys(["1", ("a", 2)]).tolist() == [int(n) for n in hash_keys(["1", ("a", 2)])]
    assert hash_keys(["1"]).dtype == np.uint64
    assert hash_keys(["UCDP GED 23.1:1"])[0] == 10196543092901721558
