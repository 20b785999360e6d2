"""Of refused records of some sources, only what is read is kept."""

from __future__ import annotations

import json

from tocsin.observe.checks.private import WITHHELD, keep_fields, of_columns
from tocsin.observe.formats.records import Record


def test_only_some_columns_and_no_bytes() -> None:
    found = list(
        keep_fields(
            [
                Record(1, b"x,Somebody", {"a": "x", "name": "Somebody"}),
                Record(2, b"x,Somebody,y", {}, ("ragged", "3 fields where the header has 2.")),
            ],
            of_columns(("a", "b")),
        )
    )
    assert json.loads(found[0].original) == {"a": "x"} == found[0].fields
    assert (found[1].original, found[1].number) == (WITHHELD, 2)
    assert found[1].fault == ("ragged", "3 fields where the header has 2.")
