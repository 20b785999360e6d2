"""A desk finds what ACLED and UCDP call an organisation."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.assess.actors.likeness import COLON, PART, PUBLISHED, find_alike
from tocsin.schema import TABLES, empty

NAMES = {
    "acled:1": "JNIM: Group for Support of Islam and Muslims",
    "acled:2": "Boko Haram - Jamatu Ahli is-Sunnah lid-Dawatai wal-Jihad",
    "1051": "Jama'atu Ahlis Sunna Lidda'awati wal-Jihad",
    "234": "IS",
    "acled:3": "Islamic State West Africa Province (ISWAP)",
    "303": "Taleban",
}


@pytest.fixture
def names() -> pl.DataFrame:
    rows = pl.DataFrame({"actor_id": list(NAMES), "name": list(NAMES.values())}).with_columns(
        statement_id=pl.concat_str(pl.lit("s-"), "actor_id"),
        source=pl.lit("made up"),
        withdrawn=pl.lit(value=False),
        weight=1.0,
    )
    return pl.concat([empty(TABLES["actor_names"]), rows], how="diagonal_relaxed")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("JNIM", [("acled:1", COLON)]),
        ("boko haram", [("acled:2", COLON), ("1051", PUBLISHED)]),
        ("Islamic State", [("234", PUBLISHED), ("acled:3", PART)]),
        ("Taliban", [("303", PUBLISHED)]),
        ("x", []),
        ("Nobody At All", []),
    ],
)
def test_a_name_finds_its_other_forms(
    names: pl.DataFrame, asked: str, found: list[tuple[str, str]]
) -> None:
    assert [(row["actor_id"], row["because"]) for row in find_alike(names, asked)] == found
