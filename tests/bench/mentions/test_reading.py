"""What a reader sees."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tocsin.bench.mentions.reading import AROUND, mark_words, show
from tocsin.bench.mentions.texts import FACTS


@given(st.text(alphabet="ab ", max_size=400), st.text(alphabet="ab ", max_size=400))
def test_the_marked_words_are_always_seen_and_the_line_stays_short(left: str, right: str) -> None:
    text = f"{left}DRONE{right}"
    line = mark_words(text, len(left), len(left) + 5)
    assert "«DRONE»" in line
    assert len(line) <= 2 * AROUND + 20


def test_nothing_that_a_reader_said_is_shown() -> None:
    row = dict.fromkeys(FACTS, "") | {
        "row_id": "MMR-1-h0-ua",
        "technology": "uncrewed-aircraft",
        "start": 0,
        "end": 5,
        "text": "Drone seen",
        "said": "SECRET",
    }
    lines = list(show(pl.DataFrame({name: [value] for name, value in row.items()})))
    assert len(lines) == 3
    assert "SECRET" not in "".join(lines)
