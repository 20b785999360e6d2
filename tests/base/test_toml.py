"""Small text files: what is none is said in a sentence, and nothing waits for a pipe."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.anticipate.alerts.rules.declared import false_alarms, read_rules
from tocsin.base.toml import MAX_BYTES, line_of, parse_toml, read_text
from tocsin.errors import TocsinError, UsageError
from tocsin.schema.mapping import read_mapping
from tocsin.schema.settings import load

READERS = (read_text, read_rules, false_alarms, read_mapping, load)
"""Everything that reads such a file."""


@pytest.mark.parametrize("read", READERS)
def test_what_is_no_regular_file_is_never_waited_for(read, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path("/dev/zero"), tmp_path, tmp_path / "no", Path("n" * 5000)):
        with pytest.raises(TocsinError):
            read(path)


@pytest.mark.slow
@pytest.mark.parametrize("read", READERS[1:])
@pytest.mark.parametrize(
    "content",
    [
        b"x = " + b"[" * 5_000 + b"]" * 5_000,
        b"a" + b".a" * 5_000 + b" = 1",
        b"x = " + b"9" * 5_000,
        b"x = 1e400\ny = " + str(2**70).encode(),
        b"source = 1979-05-27T07:32:00Z",
        b"\xff\xfe",
        b"[[rule]]\nname = 1\nsay = 2",
        b"[columns]\nid = 5\n[constants]\ndate_prec = 99999999999999999999999",
        b'source = "s"\n[columns]\nid = "i"\ndate = "d"\n[forms]\ndate = "%Y %Y"',
        b'[forms]\ndate = "%Q"',
        b"x" * (MAX_BYTES + 1),
    ],
    ids=lambda one: str(one[:20]),
)
def test_what_is_no_such_file_is_said_in_a_sentence(  # type: ignore[no-untyped-def]
    read, content: bytes, tmp_path: Path
) -> None:
    (tmp_path / "f.toml").write_bytes(content)
    with pytest.raises(TocsinError) as refused:
        read(tmp_path / "f.toml")
    assert refused.value.what.endswith(".")


@given(st.text(max_size=200))
def test_any_text_is_toml_or_refused(text: str) -> None:
    with suppress(UsageError):
        assert isinstance(parse_toml(text, where="t"), dict)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(b"\xef\xbb\xbfx = 1\n")
    assert parse_toml(read_text(tmp_path / "t"), where="t") == {"x": 1}


TEXT = """# a
[one]
key = 1
"two words".x = 2
[[many]]
key = 1
[[many]]
key = { inner = 2 }
[one.below.more]
deep = 1
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("one",), 2),
        (("one", "key"), 3),
        (("one", "two words", "x"), 4),
        (("one", "none"), 2),
        (("many", 0, "key"), 6),
        (("many", 1, "key", "inner"), 8),
        (("one", "below"), 9),
        (("one", "below", "more", "deep"), 10),
        (("nothing",), None),
    ],
)
def test_the_line_of_a_value(path: tuple[str | int, ...], line: int | None) -> None:
    assert line_of(TEXT, *path) == line


@pytest.mark.parametrize(
    ("line", "remedy"),
    [
        ("cost = 1,5", "with a point"),
        ("label = “Talks”", "straight quotes"),
        ("// mine", "comments with #"),
        ("; mine", "comments with #"),
        ("health = 40%", "such as 0.4 for 40%"),
        ("health = .4", "nought before the point"),
        ("label = Talks", "into quotes"),
        ("[levers", "Mend the line: [levers"),
    ],
)
def test_a_slip_is_named_by_its_line_with_what_to_do(line: str, remedy: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_toml(f"version = 1\n{line}\n", where="p.toml")
    assert caught.value.where == "p.toml, line 2"
    assert remedy in caught.value.remedy


def test_what_stands_twice_is_said_in_words() -> None:
    with pytest.raises(UsageError, match=r"table \[levers\.health\] stands twice"):
        parse_toml("[levers.health]\n[levers.health]\n", where="p.toml")
    with pytest.raises(UsageError, match="What this line sets was set above"):
        parse_toml("a = 1\na = 2\n", where="p.toml")
