"""Whole blocks at once and row by row are one reading."""

from __future__ import annotations

import random

import polars as pl
import pytest
from test_events import line
from test_reader import FUZZED

from fuzz import SEED, _broken, _mutated
from tocsin.observe import Reading, Source
from tocsin.observe.checks.values import Refused
from tocsin.observe.reader import frame_of
from tocsin.observe.sources.gdelt.blocks import Lines, chunks, read_blocks
from tocsin.observe.sources.gdelt.events import SOURCE, event, record
from tocsin.observe.sources.gdelt.reader import GdeltEvents


def slowly(content: bytes) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    """The same file by `event` alone."""
    reports, refused, known = [], [], set()
    for number, original in enumerate(content.split(b"\n"), start=1):
        if not original.rstrip(b"\r"):
            continue
        try:
            found = event(record(number, original + b"\n"), "f").get("reports", [])
            if found and found[0]["native_id"] in known:
                raise Refused("duplicate", "again")
        except Refused as refusal:
            refused.append((number, refusal.rule))
            continue
        known |= {row["native_id"] for row in found}
        reports += found
    return frame_of("reports", reports), refused


def quickly(content: bytes) -> tuple[pl.DataFrame, list[tuple[int, str]]]:
    batches = list(read_blocks(Source.of_bytes("f", content)))
    reports = pl.concat([batch.tables["reports"] for batch in batches])
    aside = pl.concat([batch.tables["quarantine"] for batch in batches])
    return reports, list(zip(aside["source_row"], aside["rule"], strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(10))
def test_both_readings_are_one(turn: int) -> None:
    [specimen] = [one for one in FUZZED if one.reader.kind == "gdelt-events"]
    rng = random.Random(SEED + turn)
    lines = [
        rng.choice([_broken, _mutated, _mutated])(rng, rng.choice(specimen.records), specimen)
        for _ in range(300)
    ]
    content = b"".join(lines + specimen.records)
    assert [part.to_dicts() for part in quickly(content)[:1]] == [
        part.to_dicts() for part in slowly(content)[:1]
    ]
    assert quickly(content)[1] == slowly(content)[1]


@pytest.mark.slow
def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    [specimen] = [one for one in FUZZED if one.reader.kind == "gdelt-events"]
    content = b"".join(specimen.records * 3)
    whole = quickly(content)
    for size in (1, 700, 5000):
        cut = chunks([content[at : at + 333] for at in range(0, len(content), 333)], size)
        assert b"".join(cut) == content
        monkeypatch.setattr("tocsin.observe.sources.gdelt.blocks.CHUNK", size)
        monkeypatch.setattr(
            "tocsin.observe.sources.gdelt.blocks.chunks",
            lambda blocks, n=size: chunks(_cut(blocks), n),
        )
        parts = quickly(content)
        assert parts[0].equals(whole[0])
        assert parts[1] == whole[1]


def _cut(blocks):  # type: ignore[no-untyped-def]
    for block in blocks:
        yield from (block[at : at + 333] for at in range(0, len(block), 333))


def test_carriage_returns_at_the_ends_of_lines_are_no_part_of_them() -> None:
    content = line().replace("\n", "\r\n").encode()
    assert Lines(content, 0).plain.tolist() == [True]
    assert quickly(content)[0].equals(quickly(line().encode())[0])


def test_an_empty_stream_has_one_empty_batch() -> None:
    [batch] = read_blocks(Source.of_bytes("f", b""))
    assert (batch.source, batch.rows, batch.accepted) == (SOURCE, 0, 0)


def test_the_number_of_rows_is_that_of_the_lines_that_are_not_blank() -> None:
    tables = Reading(
        Source.of_bytes("f", f"\n{line()}\r\n{line(GlobalEventID='5')}".encode()), GdeltEvents()
    ).tables()
    assert tables["files"]["rows"].to_list() == [2]
    assert tables["reports"]["source_row"].to_list() == [2, 4]
