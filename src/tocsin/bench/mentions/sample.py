"""Which mentions and headlines a reader is given: seeded strata with their sampling weights.

The order within a stratum is that of the SHA-256 of `SEED:row id`, so that it depends on no
random generator, and a larger sample holds the smaller one.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl

from tocsin.bench.mentions.patterns import CODES, PATTERNS
from tocsin.bench.mentions.texts import parts, read_all

SEED = "technology-mentions-1"

CENSUS = ("uncrewed-aircraft", "cyber", "information-operations")
"""Classes all of whose mentions are read."""

EXPLOSIVES_IN_SYRIA = 150
FIRE = {"CAF": 20, "SSD": 20, "SDN": 50, "MMR": 80}
FIRE_TOTAL = 250
"""Fire: so many a region at most, and what is left of the total in Syria."""

SECOND = {
    "uncrewed-aircraft": 40,
    "cyber": 20,
    "information-operations": 40,
    "improvised-explosives": 60,
    "guided-or-indirect-fire": 40,
}
"""What a second reader reads, so many of each class, whatever the first reader found."""

UNTAGGED = {"SYR": 100, "CAF": 100, "SDN": 100, "SSD": 100, "MMR": 100}
BROAD = {"CAF": 30, "SSD": 20, "SDN": 30, "MMR": 50}
BROAD_TOTAL = 200
"""Headlines for recall, without a tag: those that no broad pattern matches, and those that one
does (at most so many a region, and what is left of the total in Syria)."""


COLUMNS = (
    "row_id",
    "region",
    "event_id",
    "field",
    "sha256",
    "part",
    "start",
    "end",
    "technology",
)


def rank(row_id: str) -> str:
    """Return the place of a row in the drawing of its stratum, as a text that sorts."""
    return hashlib.sha256(f"{SEED}:{row_id}".encode()).hexdigest()


def mentions(texts: pl.DataFrame) -> pl.DataFrame:
    """Find every part of every text that a broad pattern matches: one row a part and class.

    Args:
        texts: as `texts.read_texts` gives them.

    Returns:
        `row_id`, `region`, `event_id`, `field`, `sha256`, `part`, `start`, `end` (characters of
        the whole text), `technology`.
    """
    rows = []
    for region, event, field, text, sha in texts.select(
        "region", "event_id", "field", "text", "sha256"
    ).iter_rows():
        for part in parts(text):
            for technology, pattern in PATTERNS.items():
                found = pattern.search(text, part.start, part.end)
                if found:
                    row = f"{region}-{event}-{field}{part.number}-{CODES[technology]}"
                    rows.append(
                        (row, region, event, field, sha, part.number, *found.span(), technology)
                    )
    return pl.DataFrame(rows, schema=list(COLUMNS), orient="row")


def draw(rows: pl.DataFrame, stratum: str, size: int | None = None) -> pl.DataFrame:
    """Draw a sample of one stratum.

    Args:
        rows: all N rows of the stratum, with `row_id`.
        stratum: its name.
        size: how many rows to draw, n; default: all.

    Returns:
        The n rows, with the columns `stratum` and `weight` (N / n).
    """
    ranks = rows["row_id"].map_elements(rank, pl.String)
    drawn = rows.sort(ranks).head(rows.height if size is None else size)
    weight = rows.height / drawn.height if drawn.height else 1.0
    return drawn.with_columns(pl.lit(stratum).alias("stratum"), pl.lit(weight).alias("weight"))


def sample_mentions(found: pl.DataFrame) -> pl.DataFrame:
    """Draw the mentions that are to be read.

    Args:
        found: what `mentions` found in all regions.

    Returns:
        The rows that were drawn, with `stratum` and `weight`.
    """
    here = pl.col("region")
    drawn = [
        draw(found.filter(pl.col("technology") == technology), f"{CODES[technology]}-all")
        for technology in CENSUS
    ]
    explosives = found.filter(pl.col("technology") == "improvised-explosives")
    drawn.append(draw(explosives.filter(here != "SYR"), "ie-all"))
    drawn.append(draw(explosives.filter(here == "SYR"), "ie-SYR", EXPLOSIVES_IN_SYRIA))
    fire = found.filter(
        (pl.col("technology") == "guided-or-indirect-fire") & (pl.col("field") == "h")
    )
    drawn += _allocate(fire, "fi", FIRE, FIRE_TOTAL)
    return pl.concat(drawn)


def sample_second(drawn: pl.DataFrame) -> pl.DataFrame:
    """Draw the mentions that a second reader reads.

    Args:
        drawn: what `sample_mentions` drew.

    Returns:
        Columns `row_id, technology, start, end, sha256`, and nothing of the first reader's labels.
    """
    return pl.concat(
        [
            draw(drawn.filter(pl.col("technology") == technology), technology, size)
            for technology, size in SECOND.items()
        ]
    ).select("row_id", "technology", "start", "end", "sha256")


def sample_headlines(texts: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Draw headlines for recall that today's lexicon does not tag, in two strata a region.

    Args:
        texts: as `texts.read_texts` gives them.
        found: what `mentions` found in them.

    Returns:
        Columns `row_id, region, event_id, field, sha256, stratum, weight`.
    """
    from tocsin.assess.technology.lexicon import matches

    headlines = texts.filter(pl.col("field") == "h").select(
        pl.format("{}-{}-h", "region", "event_id").alias("row_id"),
        *("region", "event_id", "field", "sha256", "text"),
    )
    untagged = headlines.filter(
        pl.col("text").map_elements(lambda text: not matches(text), pl.Boolean)
    ).drop("text")
    hit = untagged.join(found, on=("region", "event_id"), how="semi")
    plain = untagged.join(found, on=("region", "event_id"), how="anti")
    drawn = [
        draw(plain.filter(pl.col("region") == region), f"untagged-{region}", size)
        for region, size in UNTAGGED.items()
    ]
    return pl.concat(drawn + _allocate(hit, "broad", BROAD, BROAD_TOTAL))


def _allocate(
    rows: pl.DataFrame, name: str, sizes: dict[str, int], total: int
) -> list[pl.DataFrame]:
    """At most so many a region, and the rest of the total in Syria."""
    drawn = [
        draw(rows.filter(pl.col("region") == region), f"{name}-{region}", size)
        for region, size in sizes.items()
    ]
    rest = total - sum(each.height for each in drawn)
    return [*drawn, draw(rows.filter(pl.col("region") == "SYR"), f"{name}-SYR", rest)]


def sample(folder: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Draw the mentions and the headlines that are to be read.

    Args:
        folder: where the UCDP files are.

    Returns:
        The tables of `sample_mentions` and of `sample_headlines`.

    Raises:
        SourceRefused: a file is missing or lacks a column.
    """
    texts = pl.concat(read_all(folder))
    found = mentions(texts)
    return sample_mentions(found), sample_headlines(texts, found)
