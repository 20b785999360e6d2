"""share: the brief, as a page, as PDF, as JSON and as a summary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from tocsin.schema.settings import Settings

__all__ = ["as_json", "brief", "summary_lines"]


def brief(
    tables: Mapping[str, pl.DataFrame], settings: Settings, *, out: Path, pdf: bool
) -> list[Path]:
    """Write `index.html` and `brief.json`, and `brief.pdf` if asked.

    Args:
        tables: all tables of the workspace; only `forecasts`, `forecast_draws` and
            `track_record` may not be empty.
        settings: for the region and the seed.
        out: folder to write into; made if it is not there.
        pdf: also write the PDF.

    Returns:
        The files written. The same tables and settings give the same bytes.

    Raises:
        MissingExtra: the extra `share`, or for the PDF `pdf`, is not installed.
    """
    from tocsin.share.facts import facts, plain
    from tocsin.share.page import html
    from tocsin.share.page import pdf as pdf_of

    said = facts(tables, settings)
    contents: dict[str, bytes] = {
        "index.html": html(said).encode(),
        "brief.json": (json.dumps(plain(said), ensure_ascii=False, indent=1) + "\n").encode(),
    }
    if pdf:
        contents["brief.pdf"] = pdf_of(said)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        # Written whole or not at all: a reader never finds half a brief.
        part = out / f".{name}.part"
        part.write_bytes(content)
        part.replace(out / name)
    return [out / name for name in contents]


def as_json(tables: Mapping[str, pl.DataFrame], settings: Settings) -> dict[str, Any]:
    """The brief's facts as values that JSON can hold."""
    from tocsin.share.facts import facts, plain

    found: dict[str, Any] = plain(facts(tables, settings))
    return found


def summary_lines(tables: Mapping[str, pl.DataFrame], settings: Settings) -> list[str]:
    """The brief in about twenty lines."""
    from tocsin.share.facts import facts
    from tocsin.share.summary import lines

    return lines(facts(tables, settings))
