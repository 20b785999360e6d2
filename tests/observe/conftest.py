"""The fuzz harness: spoiled records among good ones, read by the reader that knows the file.

A file holds the good records of a specimen with spoiled copies between them. Whatever is in
the copies: nothing crashes, every good record gives what it gives alone, every record is
accepted or in quarantine with a reason and a known rule, and a copy in which only columns
that nobody reads were spoiled is accepted.

Cases a source: 20,000 at a fixed seed; TOCSIN_FUZZ_CASES and TOCSIN_FUZZ_SEED for more.
"""

from __future__ import annotations

import copy
import csv
import io
import json
import os
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tocsin.errors import SourceRefused
from tocsin.observe import reading
from tocsin.observe.source import Source

CASES = int(os.environ.get("TOCSIN_FUZZ_CASES", "20000"))
SEED = int(os.environ.get("TOCSIN_FUZZ_SEED", "20261124"))
A_FILE = 5_000
"""Spoiled records a file."""
RULES = {
    "ragged", "quote", "encoding", "characters", "missing", "number", "range", "negative", "date",
    "territory", "duplicate", "class", "outside", "estimates", "marking", "shape",
}  # fmt: skip
NASTY = (
    "", " ", "0", "-1", "1", "2", "9", "-9", "-99", "1e9", "99999999999999999999", "1.5", "nan",
    "inf", "-inf", "0x10", "1_000", "٤", "½", "NULL", "None", "Unknown", "true", "[]", "{}", "[[",
    "['a', ['b']]", "a; b; ; c", ";;;;", "|", "'", '"', '""', ",", "a\nb", "a\r\nb", "\t",
    "=cmd|' /C calc'!A0", "@SUM(A1)", "+1", "-1+1", "2024-02-30", "0000-00-00", "9999-12-31",
    "1946-01-01", "2100-12-31", "2024-01-05T00:00:00Z", "01/02/2024", "31 April 2024", "Syria",
    "SY", "760", "Soviet Union", "Czechoslovakia", "Palestine", "Atlantis", "é", "é", "ﬁ",
    "Ban\u202egui", "zero\u200bwidth", "e" + "\u0301" * 40, "\u041d\u043eutis", "\ufeff", "\u0000",
    "\x85", "\u2028", "قذائف", "火箭", "🛑", "x" * 5_000, "1" * 400, "%s%n",
    "../../etc", "<a>&amp;",
)  # fmt: skip
Spoil = Callable[[random.Random, Any], None]
Table = dict[str, pl.DataFrame]


def read(name: str, content: bytes) -> Table:
    return reading(Source.of_bytes(name, content)).tables()


def nasty(chance: random.Random, others: Sequence[str] = ()) -> str:
    """A value that a column was not made for, or that another record has there."""
    kind = chance.random()
    if kind < 0.5:
        return chance.choice(NASTY)
    if kind < 0.7 and others:
        return chance.choice(others)
    if kind < 0.85:
        return str(chance.randint(-(10 ** chance.randint(0, 20)), 10 ** chance.randint(0, 20)))
    return "".join(chr(chance.choice((chance.randint(32, 126), chance.randint(160, 0xD7FF))))
                   for _ in range(chance.randint(0, 12)))  # fmt: skip


def check(found: Table, good: Table, rows: int) -> None:
    """What holds for every file, spoiled or not; `good` is what its good records give alone."""
    fate = found["files"].row(0, named=True)
    assert fate["rows"] == rows == fate["accepted"] + fate["quarantined"]
    refused = found["quarantine"]
    assert set(refused["rule"]) <= RULES, set(refused["rule"]) - RULES
    assert (refused["reason"].str.len_chars() > 10).all()
    assert found["reports"]["report_id"].is_unique().all()
    for table in ("reports", "claims"):
        wanted = good[table].drop("source_row", "source_file", strict=False)
        kept = found[table].drop("source_row", "source_file", strict=False)
        lost = wanted.join(kept, on=wanted.columns, how="anti", nulls_equal=True)
        assert lost.is_empty(), f"lost from {table}: {lost.to_dicts()[:2]}"


@pytest.fixture(scope="session")
def fuzz_table() -> Callable[..., None]:
    """`fuzz_table(path, key, delimiter=",", unread=(...))` for a text table."""
    return _fuzz_table


def _fuzz_table(path: Path, key: str, *, delimiter: str = ",", unread: Sequence[str] = ()) -> None:
    with path.open(encoding="utf-8", newline="") as handle:
        records = list(csv.DictReader(handle, delimiter=delimiter))
    refused = set(read(path.name, path.read_bytes())["quarantine"]["source_row"])
    sound = [record for number, record in enumerate(records, 1) if number not in refused]
    columns, chance = list(records[0]), random.Random(SEED)
    alone = read("a.csv", _csv(columns, sound, delimiter))
    pools = {name: [record[name] for record in records] for name in columns}
    pools[key] = []  # Of two records with one id the first is kept, and that may be the spoiled.
    for start in range(0, CASES, A_FILE):
        mixed: list[dict[str, str]] = list(sound)
        harmless = []
        for number in range(start, min(start + A_FILE, CASES)):
            spoiled = dict(chance.choice(sound)) | {key: str(20_000_000 + number)}
            free = bool(unread) and chance.random() < 0.1
            for name in chance.sample(unread if free else columns, chance.choice((1, 1, 1, 2, 4))):
                spoiled[name] = "unread" if free else nasty(chance, pools[name])
            harmless += [spoiled] if free else []
            mixed.insert(chance.randint(0, len(mixed)), spoiled)
        content = _csv(columns, mixed, delimiter)
        found = read("a.csv", content)
        check(found, alone, len(mixed))
        kept = {native.split("/")[0] for native in found["reports"]["native_id"]}
        assert {record[key] for record in harmless} <= kept
    _fuzz_bytes("a.csv", _csv(columns, sound, delimiter), chance)


def _csv(columns: list[str], records: Iterable[dict[str, str]], delimiter: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode("utf-8", "replace")


@pytest.fixture(scope="session")
def fuzz_json() -> Callable[..., None]:
    """`fuzz_json(path, at)` for a document whose records are the list at some keys."""
    return _fuzz_json


def _fuzz_json(
    path: Path, at: Sequence[str], *, key: str, fresh: Callable[[int], Any], events: Sequence[str]
) -> None:
    """Spoils values and names at any depth; `events` are the types that may be spoiled."""
    content, chance = json.loads(path.read_text("utf-8")), random.Random(SEED)
    records = _at(content, at)
    alone = read("a.json", path.read_bytes())
    sources = [one for one in records if not events or one.get("type") in events]
    for start in range(0, CASES, A_FILE):
        mixed = list(records)
        for number in range(start, min(start + A_FILE, CASES)):
            spoiled = copy.deepcopy(chance.choice(sources))
            spoiled[key] = fresh(number)
            for _ in range(chance.choice((1, 1, 2, 3))):
                _spoil(chance, spoiled)
            mixed.append(spoiled)
        document = _with(content, at, mixed)
        found = read("a.json", json.dumps(document).encode("utf-8"))
        check(found, alone, len(mixed))
    _fuzz_bytes("a.json", path.read_bytes(), chance)


def _at(content: Any, keys: Sequence[str]) -> list[Any]:
    for key in keys:
        content = content[key]
    return list(content)


def _with(content: Any, keys: Sequence[str], records: list[Any]) -> Any:
    return records if not keys else content | {keys[0]: records}


def _spoil(chance: random.Random, item: Any) -> None:
    """One value somewhere in it becomes something else, or goes, or is named otherwise."""
    while True:
        keys = list(item) if isinstance(item, dict) else list(range(len(item)))
        if not keys:
            return
        key = chance.choice(keys)
        if isinstance(item[key], dict | list) and item[key] and chance.random() < 0.7:
            item = item[key]
            continue
        break
    kind = chance.random()
    if kind < 0.1:
        del item[key]
    elif kind < 0.2 and isinstance(item, dict):
        item[nasty(chance)] = item.pop(key)
    elif kind < 0.5:
        item[key] = chance.choice(
            (None, True, 0, -1, 1.5, 1e308, 10**30, [], {}, [[]], [{}], {"a": {}}, "", [None], "x")
        )
    elif kind < 0.55:
        item[key] = "\ud800"
    else:
        item[key] = nasty(chance)


def _fuzz_bytes(name: str, content: bytes, chance: random.Random, cases: int = 50) -> None:
    """Bytes flipped, cut and doubled: the file is read or refused, and nothing else happens."""
    for _ in range(cases):
        spoiled = bytearray(content[: chance.randint(1, min(len(content), 12_000))])
        for _ in range(chance.randint(1, 8)):
            place = chance.randint(0, len(spoiled) - 1)
            spoiled[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
            spoiled = spoiled or bytearray(b"x")
        try:
            found = read(name, bytes(spoiled))
        except SourceRefused:
            continue
        fate = found["files"].row(0, named=True)
        assert fate["rows"] == fate["accepted"] + fate["quarantined"]
