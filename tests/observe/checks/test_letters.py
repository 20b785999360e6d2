"""Mangled letters are read as they were meant, and it is written down what stood there."""

from __future__ import annotations

from tocsin.observe.checks.letters import letters
from tocsin.observe.checks.private import of_columns
from tocsin.observe.formats.records import Record

RECORD = Record(
    1, b"", {"side": "Front é", "telephone": "é"}, None, 2,
    (("side", "Front Ã©", "Front é"), ("telephone", "Ã©", "é")),
)  # fmt: skip


def test_a_name_of_the_report_is_doubted_and_no_other_field() -> None:
    row = {"actor_a": "Front é", "headline": "é", "place": None}
    [doubt] = letters(RECORD, row, of_columns(["side"]))
    assert (doubt.column, doubt.original, doubt.value) == ("actor_a", "Front Ã©", "Front é")
    assert "'side'" in doubt.reason


def test_a_record_without_mangled_letters_is_not_doubted() -> None:
    record = Record(1, b"", {"side": "Front é"})
    assert not list(letters(record, {"actor_a": "Front é"}, of_columns(["side"])))
