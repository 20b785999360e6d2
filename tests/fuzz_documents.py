"""A fuzzer of documents: spoil values and names at any depth of one record of a JSON document.

Mutated bytes break a JSON document as a whole, so `fuzz.py` seldom reaches a reader's rules.
Here the document stays one, and the records between the good ones are spoiled. The promises
are the same: no exception but `SourceRefused`; rows = accepted + quarantined; each quarantined
record has a rule and a reason; every good record gives what it gives alone. Some documents
are then spoiled by bytes, too.

`TOCSIN_FUZZ_CASES` sets the number of spoiled records (`make check-all` takes 20,000); the seed is
fixed.
"""

from __future__ import annotations

import copy
import json
import os
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.errors import SourceRefused
from tocsin.observe import reading
from tocsin.observe.formats.source import Source

CASES = int(os.environ.get("TOCSIN_FUZZ_CASES", "2000"))
SEED = 20261124
PER_FILE = 5_000
BY_BYTES = 50
TEXTS = (
    "", " ", "0", "-1", "9" * 40, "1.5", "nan", "-inf", "0x10", "1_000", "\u0664", "\u00bd", "None",
    "[]", "[[", "['a', ['b']]", "a; b; ; c", ";;;;", "|", "'", '"', "a\nb", "\t",
    "=cmd|' /C calc'!A0",
    "@SUM(A1)", "-2+3", "2024-02-30", "0000-00-00", "9999-12-31", "1946-01-01", "2100-12-31",
    "2024-01-05T00:00:00Z", "01/02/2024", "Syria", "SY", "760", "Soviet Union", "Czechoslovakia",
    "Palestine", "Atlantis", "\u00e9", "e\u0301", "\ufb01", "Ban\u202egui", "zero\u200bwidth",
    "e" + "\u0301" * 40, "\u041d\u043eutis", "\ufeff", "\x00", "\x85", "\u2028", "\u0642\u0630",
    "\u706b", "\U0001f6d1", "\ud800", "x" * 5_000, "../../etc", "<a>&amp;", "%s%n",
)  # fmt: skip
OTHERS: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 1e308, 10**30, [], {}, [[]], [{}], {"a": {}}, [None], [1, "x"],
)  # fmt: skip

Tables = dict[str, pl.DataFrame]


def fuzz_json(
    path: Path,
    at: str | None,
    *,
    keys: Sequence[str],
    fresh: Callable[[int], Any],
    kinds: Sequence[str] = (),
    cases: int = CASES,
) -> Counter[str]:
    """Hold the reader that knows a document to its promises.

    Args:
        path: a specimen.
        at: the name that holds the list of records; None where the document is the list.
        keys: the names under which a record may hold its id.
        fresh: an id that no other record has, so that a spoiled copy is no duplicate.
        kinds: the types of objects to spoil; all if empty.
        cases: number of spoiled records.

    Returns:
        How often each rule refused a spoiled record, `accepted` among them.
    """
    document, rng, seen = json.loads(path.read_text("utf-8")), random.Random(SEED), Counter[str]()
    records = document[at] if at else document
    alone = _read(path.read_bytes())
    models = [one for one in records if not kinds or one.get("type") in kinds]
    for start in range(0, cases, PER_FILE):
        mixed = list(records)
        for number in range(start, min(start + PER_FILE, cases)):
            spoiled = copy.deepcopy(rng.choice(models)) | dict.fromkeys(keys, fresh(number))
            for _ in range(rng.choice((1, 1, 2, 3))):
                _spoil(rng, spoiled)
            mixed.insert(rng.randrange(len(mixed) + 1), spoiled)
        written = json.dumps(document | {at: mixed} if at else mixed).encode()
        seen += _check(_read(written), alone, len(mixed))
    for _ in range(BY_BYTES):
        _spoil_bytes(rng, path.read_bytes())
    return seen


def _read(content: bytes) -> Tables:
    return reading(Source.of_bytes("document.json", content)).tables()


def _check(found: Tables, alone: Tables, rows: int) -> Counter[str]:
    fate = found["files"].row(0, named=True)
    assert fate["rows"] == rows == fate["accepted"] + fate["quarantined"]
    assert found["quarantine"]["reason"].str.len_chars().min() > 10
    for table in ("reports", "claims", "actors", "actor_relations"):
        # Of two records that tell of one actor, the first gives its kind.
        columns = ["actor_id"] if table == "actors" else alone[table].columns
        wanted = alone[table].select(columns).drop("source_row", strict=False)
        kept = found[table].select(columns).drop("source_row", strict=False)
        lost = wanted.join(kept, on=wanted.columns, how="anti", nulls_equal=True)
        assert lost.is_empty(), f"{table}: {lost.to_dicts()[:2]}"
    return Counter(found["quarantine"]["rule"]) + Counter({"accepted": fate["accepted"]})


def _spoil(rng: random.Random, item: Any) -> None:
    """One value somewhere in it becomes something else, or goes, or is named otherwise."""
    while item:
        key = rng.choice(list(item) if isinstance(item, dict) else range(len(item)))
        inner = item[key]
        if not (isinstance(inner, dict | list) and inner and rng.random() < 0.7):
            break
        item = inner
    else:
        return
    kind = rng.random()
    if kind < 0.1:
        del item[key]
    elif kind < 0.2 and isinstance(item, dict):
        item[rng.choice(TEXTS)] = item.pop(key)
    else:
        item[key] = copy.deepcopy(rng.choice(OTHERS)) if kind < 0.5 else rng.choice(TEXTS)


def _spoil_bytes(rng: random.Random, content: bytes) -> None:
    spoiled = bytearray(content[: rng.choice((len(content), rng.randrange(1, len(content))))])
    for _ in range(rng.randrange(1, 8)):
        place = rng.randrange(len(spoiled))
        spoiled[place : place + rng.randrange(4)] = rng.randbytes(rng.randrange(1, 4))
    try:
        fate = _read(bytes(spoiled))["files"].row(0, named=True)
    except SourceRefused:
        return
    assert fate["rows"] == fate["accepted"] + fate["quarantined"]
