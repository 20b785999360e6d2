"""A title above the header is told from a header."""

from __future__ import annotations

import pytest

from tocsin.observe.formats.source import Source
from tocsin.observe.formats.title import title


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Our log;;\nNo;Day;Country\n1;2024-03-05;Mali\n", 2),
        ("Our log\nof 2024\n\nNo,Day,Country\n1,2024-03-05,Mali\n", 4),
        ("No,Day,Country\n1,2024-03-05,Mali\n", None),
        ("country,n\nMali,1\n", None),
    ],
)
def test_the_line_of_the_header(text: str, line: int | None) -> None:
    found = title(Source.of_bytes("a.csv", text.encode()))
    assert found is None if line is None else found and f"line {line}" in found[0]
