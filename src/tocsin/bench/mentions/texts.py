"""The texts of UCDP events, and the parts that each is judged in."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tocsin.assess.technology.mentions.table import with_foreign
from tocsin.errors import SourceRefused

REGIONS = {
    "SYR": "ucdp_ged_19.1_syria.csv.gz",
    "CAF": "ucdp_ged_23.1_central_african_republic.csv.gz",
    "SDN": "ucdp_ged_23.1_sudan.csv.gz",
    "SSD": "ucdp_ged_23.1_south_sudan.csv.gz",
    "MMR": "ucdp_ged_24.1_myanmar.csv.gz",
}
"""Region code to the file of the UCDP Georeferenced Event Dataset that was sampled."""

NUMBERS = {"SYR": 652, "CAF": 482, "SDN": 625, "SSD": 626, "MMR": 775}
"""Region of the labels to its Gleditsch-Ward number."""

FACTS = (
    "side_a",
    "side_b",
    "type_of_violence",
    "date_start",
    "date_end",
    "deaths_a",
    "deaths_b",
    "deaths_civilians",
    "deaths_unknown",
    "adm_1",
    "where_coordinates",
)
"""What a reader sees of the event beside its text."""

_BREAK = re.compile(r"[;|]")


@dataclass(frozen=True)
class Part:
    """One part of a text: its number, and its characters from `start` to `end` of the whole
    text.
    """

    number: int
    start: int
    end: int


def parts(text: str) -> list[Part]:
    """Cut a text at `;` and `|`, without the white space around each part.

    >>> [text[p.start : p.end] for text in ["Clash; one | two"] for p in parts(text)]
    ['Clash', 'one', 'two']
    """
    cuts = [-1, *(found.start() for found in _BREAK.finditer(text)), len(text)]
    found: list[Part] = []
    for before, after in itertools.pairwise(cuts):
        piece = text[before + 1 : after]
        start = before + 1 + len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if end > start:
            found.append(Part(len(found), start, end))
    return found


def digest(text: str) -> str:
    """Return the SHA-256 of a text as it stands in the file, in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def read_texts(folder: Path, region: str) -> pl.DataFrame:
    """Read the texts of one region's events.

    A text is `source_headline`, or `source_article` where the headline is empty, as in events of
    older versions. Events with neither are left out.

    Args:
        folder: where the UCDP files are, under the names in `REGIONS`.
        region: a key of `REGIONS`.

    Returns:
        One row an event: `region`, `event_id`, `field` (`h` headline, `a` article), `text`,
        `sha256`, and the columns of `FACTS`, all as text; and `foreign`, whether another state is
        a side of any event there in that year.

    Raises:
        SourceRefused: the file is missing or lacks a column.
    """
    path = folder / REGIONS[region]
    if not path.exists():
        raise SourceRefused(
            "The UCDP file is missing.",
            where=str(path),
            remedy="Download the events of the country from ucdp.uu.se and name the file so.",
        )
    frame = pl.read_csv(path, infer_schema_length=0)
    missing = {"id", "source_headline", "source_article", *FACTS} - set(frame.columns)
    if missing:
        raise SourceRefused(f"The file lacks the column {sorted(missing)[0]}.", where=str(path))
    frame = _with_foreign(frame, NUMBERS[region])
    blank = pl.col("source_headline").fill_null("").str.strip_chars() == ""
    texts = frame.select(
        pl.lit(region).alias("region"),
        pl.col("id").str.replace(r"\.0$", "").alias("event_id"),
        pl.when(blank).then(pl.lit("a")).otherwise(pl.lit("h")).alias("field"),
        pl.when(blank).then("source_article").otherwise("source_headline").alias("text"),
        *(pl.col(name).fill_null("") for name in FACTS),
        "foreign",
    ).filter(pl.col("text").fill_null("").str.strip_chars() != "")
    return texts.with_columns(pl.col("text").map_elements(digest, pl.String).alias("sha256"))


def _with_foreign(frame: pl.DataFrame, gwno: int) -> pl.DataFrame:
    facts = frame.select(
        pl.lit(gwno, pl.Int64).alias("gwno"),
        pl.col("date_start").str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False),
        pl.col("side_a").alias("actor_a"),
        pl.col("side_b").alias("actor_b"),
    )
    return frame.with_columns(with_foreign(facts)["foreign"])


def read_all(folder: Path) -> Iterator[pl.DataFrame]:
    """Read the texts of every region, one frame after the other.

    Args:
        folder: where the UCDP files are.

    Yields:
        For each region what `read_texts` gives.

    Raises:
        SourceRefused: a file is missing or lacks a column.
    """
    for region in REGIONS:
        yield read_texts(folder, region)
