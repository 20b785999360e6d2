"""A fuzzer of readers: mutate single records of a specimen, and hold the reader to its promises.

Plug a source in with one line in `tests/observe/test_reader.py`. The promises, for any bytes:

- no exception but `SourceRefused`, and that only where the container as a whole may break;
- rows = accepted + quarantined, and every table keeps its declared rules;
- a record that was not touched gives exactly the rows that it gives in the clean file;
- each quarantined row has a rule, a reason, and what may be kept of it.

`TOCSIN_FUZZ_CASES` sets the number of mutated records (`make check-all` takes 20,000); the seed is
fixed.
"""

from __future__ import annotations

import itertools
import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.errors import SourceRefused
from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Reader, Reading

CASES = int(os.environ.get("TOCSIN_FUZZ_CASES", "2000"))
SEED = 20261124
PER_FILE = 500
"""Mutated records in one file, where they cannot reach over into their neighbours."""
STRUCTURAL = 0.03
"""Share of the cases whose mutation may reach over into neighbours; one a file."""

FEW = 6
"""Good records around a mutated one that is alone in its file."""

NASTY = [
    b"", b" ", b"-", b"0", b"-1", b"-0.0", b"1e309", b"nan", b"inf", b"9" * 40, b"1_000", b"0x10",
    b"1.5", b"12,5", b"2016-02-30", b"0000-00-00", b"31/12/2020", b"20260231", b"NULL", b"TRUE",
    b"=1+1", b"@SUM(A1)", b"+cmd|' /C calc'!A0", b"-2+3", b"%s%n%x", b"../../etc/passwd",
    b"<!DOCTYPE x [<!ENTITY y 'z'>]>", b"{{7*7}}", b"'; DROP TABLE reports; --", b"Syria",
    "\uff11\uff12".encode(), "é".encode(), "\u202eevil".encode(), "zero\u200bwidth".encode(),
    "Д\u0430ma\u0441us".encode(), ("a" + "\u0301" * 20).encode(), "\U000e0041".encode(),
    "\ufffe".encode(), "دمشق".encode(), "🜁".encode(),
    b"\x00", b"\x1b[31m", b"\xff", b"\xed\xa0\x80",
    b"\xc3", b"A" * 20_000,
]  # fmt: skip
BREAKING = [
    b'"',
    b'""',
    b'a"b',
    b"\n",
    b"\r",
    b"\r\n",
    b"a\nb",
    b",",
    b";",
    b"\t",
    b"}",
    b"{",
    b"]",
]


@dataclass(frozen=True)
class Specimen:
    """A small good file, taken apart: `head`, then the records with `between`, then `tail`."""

    reader: Reader
    name: str
    records: list[bytes]
    head: bytes = b""
    between: bytes = b""
    tail: bytes = b""
    separator: bytes = b","
    """What stands between fields; a mutation within a record leaves it alone."""
    reaches: bool = True
    """Can a broken record reach over into the next (by a quote that stays open)?"""
    may_refuse: bool = False
    """May one broken record make the whole container unreadable (JSON, XML, Excel)?"""
    pack: Callable[[bytes], bytes] = lambda content: content
    """Puts the text into its container, where it is not the file itself."""

    @classmethod
    def lines(
        cls,
        reader: Reader,
        path: Path,
        *,
        header: bool = True,
        separator: bytes = b",",
        reaches: bool = True,
    ) -> Specimen:
        """A specimen of lines: each one record."""
        found = path.read_bytes().splitlines(keepends=True)
        head, records = (found[0], found[1:]) if header else (b"", found)
        return cls(reader, path.name, records, head, separator=separator, reaches=reaches)

    def file(self, records: list[bytes]) -> bytes:
        """The bytes of a file of these records."""
        return self.pack(self.head + self.between.join(records) + self.tail)


def fuzz(specimen: Specimen, cases: int = CASES, seed: int = SEED) -> Counter[str]:
    """Hold a reader to its promises.

    Returns:
        How often each rule refused a mutated record, `accepted` among them, so that a test can
        see that the mutations reached the rules.
    """
    rng, seen = random.Random(seed), Counter[str]()
    good = [r for r in specimen.records if _sound(specimen, r)]
    assert len(good) >= 2, "A specimen needs two good records or more."
    expected = [_rows(_read(specimen, [record])) for record in good]
    alone = int(cases * STRUCTURAL) if specimen.reaches else 0
    mutate = [_mutated] if specimen.reaches else [_mutated, _broken]
    for size in [1] * alone + [PER_FILE] * -(-(cases - alone) // PER_FILE):
        chosen = rng.choices(specimen.records, k=size)
        kinds = [_broken] if size == 1 else mutate
        middle = [rng.choice(kinds)(rng, record, specimen) for record in chosen]
        around = good[:FEW] if size == 1 else good
        # Half of the time the good come first, and then nothing may take their keys.
        cut = len(around) if rng.random() < 0.5 else rng.randrange(len(around) + 1)
        excused = cut < len(around)
        records = around[:cut] + middle + around[cut:]
        # A broken record may have become several lines, each of which is one.
        lines = [0, *itertools.accumulate(record.count(b"\n") for record in records)]
        numbers = [1 + lines[at if at < cut else at + size] for at in range(len(around))]
        promised = dict(zip(numbers, expected[: len(around)], strict=True))
        _check(specimen, records, promised, seen, whole=size > 1, excused=excused)
    return seen


def _check(
    specimen: Specimen,
    records: list[bytes],
    expected: dict[int, dict[str, Counter[Any]]],
    seen: Counter[str],
    *,
    whole: bool,
    excused: bool,
) -> None:
    try:
        found = _read(specimen, records, conform=whole)
    except SourceRefused as refusal:
        if not (specimen.may_refuse and refusal.what):
            raise AssertionError(f"refused whole: {refusal}: {records!r}") from refusal
        seen["refused whole"] += 1
        return
    except Exception as error:
        error.add_note(f"records: {[r[:2000] for r in records]!r}")
        raise
    taken: dict[str, set[int]] = {"superseded": set(), "duplicate": set()}
    for row in found.get("quarantine", pl.DataFrame()).to_dicts():
        assert row["rule"], row
        assert row["reason"], row
        assert row["original"], row
        if row["rule"] in taken:
            taken[row["rule"]].add(row["source_row"])
        seen[row["rule"]] += 1
    seen["accepted"] += found["files"]["accepted"][0]
    actual = _rows(found)
    # A mutated record may have taken the key of a good one that came after it, and one that says
    # that it is newer counts wherever it stands. In a file of one mutated record the numbers of
    # the others may have moved.
    gone = taken["superseded"] | (taken["duplicate"] if excused else set())
    for number, tables in expected.items():
        if number in gone or (gone and not whole):
            continue
        for table, rows in tables.items():
            if lost := rows - actual.get(table, Counter()):
                raise AssertionError(f"{table}: {list(lost)[:2]} of {records!r}")


def _read(
    specimen: Specimen, records: list[bytes], *, conform: bool = True
) -> dict[str, pl.DataFrame]:
    source = Source.of_bytes(specimen.name, specimen.file(records))
    if conform:
        return Reading(source, specimen.reader).tables()
    parts: dict[str, list[pl.DataFrame]] = {}
    rows = accepted = refused = 0
    for batch in specimen.reader.read(source):
        rows, accepted = rows + batch.rows, accepted + batch.accepted
        for name, frame in batch.tables.items():
            parts.setdefault(name, []).append(frame)
            refused += frame.height if name == "quarantine" else 0
    assert rows == accepted + refused
    found = {name: pl.concat(frames) for name, frames in parts.items()}
    return found | {"files": pl.DataFrame({"accepted": [accepted]})}


def _rows(found: dict[str, pl.DataFrame]) -> dict[str, Counter[Any]]:
    """Rows without the place of their record, which moves when records are put before it.

    Nor with the territories of actors, to which each record of a file adds.
    """
    return {
        name: Counter(frame.drop("source_row", "row", "line", "gwnos", strict=False).rows())
        for name, frame in found.items()
        if name not in ("files", "quarantine")
    }


def _sound(specimen: Specimen, record: bytes) -> bool:
    found = _read(specimen, [record])
    return found["quarantine"].is_empty() and any(
        frame.height for name, frame in found.items() if name != "files"
    )


def _mutated(rng: random.Random, record: bytes, specimen: Specimen) -> bytes:
    """A record changed in one to three places, but for what could reach out of it."""
    line = record.rstrip(b"\r\n")
    for _ in range(rng.choice((1, 1, 2, 3))):
        parts = line.split(specimen.separator)
        at = rng.randrange(len(parts))
        parts[at] = rng.choice(_FIELD)(rng, parts[at], parts)
        line = specimen.separator.join(parts)
    line = line.replace(b"\n", b"").replace(b"\r", b"")
    if line.count(b'"') % 2:
        line = line.replace(b'"', b"")
    return line + record[len(record.rstrip(b"\r\n")) :]


def _broken(rng: random.Random, record: bytes, specimen: Specimen) -> bytes:
    """A record changed anyhow, its quotes too; it still ends, or the next would be touched."""
    end = record[len(record.rstrip(b"\r\n")) :]
    found = bytearray(record)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(found) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            found[at:at] = rng.choice(BREAKING + NASTY)
        elif kind == 1:
            del found[at : at + rng.randrange(1, 12)]
        elif kind == 2 and at < len(found):
            found[at] = rng.randrange(256)
        else:
            found[at:at] = found[at : at + rng.randrange(1, 40)]
    return bytes(found) if found.endswith(end) else bytes(found) + end


def _flipped(rng: random.Random, field: bytes, _: list[bytes]) -> bytes:
    if not field:
        return bytes([rng.randrange(32, 127)])
    at = rng.randrange(len(field))
    return field[:at] + bytes([rng.randrange(256)]) + field[at + 1 :]


_FIELD: list[Callable[[random.Random, bytes, list[bytes]], bytes]] = [
    lambda rng, field, parts: rng.choice(NASTY),
    lambda rng, field, parts: rng.choice(NASTY) + field,
    lambda rng, field, parts: field + rng.choice(NASTY),
    lambda rng, field, parts: rng.choice(parts),
    lambda rng, field, parts: field[: rng.randrange(len(field) + 1)],
    lambda rng, field, parts: field * rng.randrange(2, 4),
    lambda rng, field, parts: str(rng.randrange(-(10**9), 10**9)).encode(),
    _flipped,
]
