"""Texts without a header, as programs for networks write them."""

from __future__ import annotations

import pytest

from tocsin.anticipate.diffusion.tables.plain import (
    begins_plainly,
    read_plain_cascades,
    read_plain_edges,
)
from tocsin.errors import SourceRefused

NODES = "0,alpha\n1,beta, the second\n\n"


@pytest.mark.parametrize(
    "line", ["0,0.5;1,2", "0,0.5,1,2", "7;0,0.5,1,2", "0, 0.5; 1, 2;", "7,0,0.5,1,2"]
)
def test_a_cascade_is_read_in_each_form_of_its_programs(line: str) -> None:
    rows, lines = read_plain_cascades(f"{NODES}{line}\n", where="c.txt") or (None, [])
    assert rows is not None
    assert [row[1:] for row in rows.rows()] == [("alpha", "0.5"), ("beta, the second", "2")]
    assert lines == [4, 4]


@pytest.mark.parametrize("line", ["0,0.5;9,2", "0,0.5;1,later"])
def test_a_cascade_that_cannot_be_read_is_named_by_its_line(line: str) -> None:
    with pytest.raises(SourceRefused, match=r"c\.txt, line 5"):
        read_plain_cascades(f"{NODES}0,0;1,1\n{line}\n", where="c.txt")


@pytest.mark.parametrize("text", ["1,2\n3,4\n", "cascade,node,time\n1,a,0\n\n1,b,2\n", ""])
def test_other_texts_are_no_plain_cascades(text: str) -> None:
    assert read_plain_cascades(text, where="c.txt") is None


def test_edges_with_remarks_and_weights() -> None:
    text = "% made by hand\n1 2 0.5\n\n# more\n2\t3\t1e-3\n"
    rows, lines = read_plain_edges(text, where="e.txt") or (None, [])
    assert rows is not None
    assert rows.columns == ["source", "target", "weight"]
    assert rows.rows() == [("1", "2", "0.5"), ("2", "3", "1e-3")]
    assert lines == [2, 5]
    with pytest.raises(SourceRefused, match=r"e\.txt, line 2: This line has 2 cells"):
        read_plain_edges("1 2 3\n1 2\n", where="e.txt")


@pytest.mark.parametrize("text", ["source,target\n1,2\n", "a b\nb c\n", "1 2 3 4\n", ""])
def test_a_header_or_names_are_no_plain_edges(text: str) -> None:
    assert read_plain_edges(text, where="e.txt") is None
    assert not begins_plainly(text) or text == "1 2 3 4\n"
