"""What a walk of the example region found, small enough to commit, and how like another walk it is.

A table has two parts. What can be exact (names, dates, whole numbers, and floats that are copied
from a file) must be exact. What a model computed (the other floats) is compared within a
tolerance. A small table is kept as it is, so that a difference can be read; of a large one the
digest of its exact part is kept, and its computed numbers in the order of that part.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tocsin.schema import TABLES

Tables = Mapping[str, pl.DataFrame]

LARGE = 6_000
"""Rows above which a table's exact part is kept as a digest."""
PASSING = {
    "forecast_ledger": ("issue", "issued_at"),
    "forecast_scores": ("issue", "scored_at"),
    "alert_ledger": ("issue", "issued_at"),
}
"""Columns that say when or by which run something was done; they differ in every walk."""
FOUND = {"signposts": {"value": "turns_at"}}
"""Columns that bear the name of a copied one although a model found them, and their name here."""
COPIED = {"latitude", "longitude", "value", "effort", "cost", "cost_loss"}
"""Floats that no model computed: read from a file or declared in the source."""
LEVELS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99)
"""Quantiles kept of each forecast's draws, beside their mean."""
PROVENANCE = {"source", "row_hash", "run_id"}


def of_workspace(path: Path) -> dict[str, pl.DataFrame]:
    """Every table of a workspace without provenance; draws by their quantiles.

    Rows are in the order of their exact part, whatever order they were stored in.
    """
    from tocsin.workspace.store import Workspace

    found = {}
    with Workspace.open(path) as workspace:
        for name in TABLES:
            frame = workspace.read(name)
            if name == "forecast_draws":
                frame = _quantiles(frame)
            if name == "diffusion_draws":
                # A draw goes its own way after a last digit; what they tell together does not.
                frame = frame.group_by("technology", "channel").agg(pl.col("share", "rate").mean())
            found[name] = in_order(_without(name, frame))
    return found


def _without(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    frame = frame.drop(*PROVENANCE, *PASSING.get(name, ()), strict=False)
    return frame.rename(FOUND.get(name, {}), strict=False)


def _quantiles(draws: pl.DataFrame) -> pl.DataFrame:
    values = np.stack(draws["draws"].to_list()).astype(float)
    columns = {f"q{round(100 * level):02d}": np.quantile(values, level, axis=1) for level in LEVELS}
    return draws.drop("draws").with_columns(
        pl.Series("mean", values.mean(1)), *(pl.Series(k, v) for k, v in columns.items())
    )


def is_computed(name: str, kind: pl.DataType) -> bool:
    """Whether a column holds what a model computed."""
    inner = kind.inner if isinstance(kind, pl.List) else kind
    return isinstance(inner, pl.Float64 | pl.Float32) and name not in COPIED


def parts(frame: pl.DataFrame) -> tuple[list[str], list[str]]:
    """Names of the exact columns and of the computed ones."""
    computed = [name for name, kind in frame.schema.items() if is_computed(name, kind)]
    return [name for name in frame.columns if name not in computed], computed


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows sorted by the exact part, and where that is the same, by the computed one."""
    exact, computed = parts(frame)
    flat = [name for name in computed if not isinstance(frame.schema[name], pl.List)]
    return frame.sort(*exact, *flat, nulls_last=True) if frame.width else frame


def digest(frame: pl.DataFrame) -> str:
    """SHA-256 of the rows of the exact part, whatever their order.

    Python writes the values, so the digest does not hang on a version of Polars.

    >>> one = pl.DataFrame({"a": [1, 2], "b": ["x", None]})
    >>> digest(one) == digest(one.reverse())
    True
    """
    exact = frame.select(sorted(parts(frame)[0]))
    lines = sorted("\x1f".join(map(str, row)) for row in exact.iter_rows())
    return hashlib.sha256("\x1e".join([*exact.columns, *lines]).encode()).hexdigest()


def write(tables: Tables, folder: Path) -> None:
    """Write results as a baseline: `baseline.json` and a Parquet file a table."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.parquet"):
        old.unlink()
    said: dict[str, object] = {"processor": processor(), "tables": {}}
    for name, frame in sorted(tables.items()):
        if frame.is_empty():
            said["tables"][name] = {"rows": 0}  # type: ignore[index]
            continue
        exact, computed = parts(frame)
        said["tables"][name] = {  # type: ignore[index]
            "rows": frame.height,
            "exact": sorted(exact),
            "digest": digest(frame),
        }
        # The order that `differences` finds again when it has only the computed columns.
        ordered = in_order(frame.select(*computed, *sorted(exact)))
        kept = ordered.select(computed) if frame.height > LARGE else frame
        if kept.width:
            kept.write_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=19)
    text = json.dumps(said, indent=1, sort_keys=True)
    (folder / "baseline.json").write_text(text + "\n", "utf-8")


def processor() -> str:
    """The processor's name, and which of its vector instructions compiled programs use."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    said = dict(line.split(":", 1) for line in lines if ":" in line)
    said = {name.strip(): value.strip() for name, value in said.items()}
    vectors = [
        flag for flag in said.get("flags", "").split() if flag.startswith(("avx", "fma", "amx"))
    ]
    return " ".join([said.get("model name", platform.machine()), *sorted(set(vectors))])


@dataclass(frozen=True)
class Tolerance:
    """How far a computed number may lie from the baseline's.

    A number passes that differs by no more than `relative` of itself, or by no more than
    `of_scale` of the largest number in its column (among the rows with the same `group`).
    `exact` says whether the exact part may differ at all.
    """

    relative: float
    of_scale: float = 1e-12
    group: tuple[str, ...] = ()
    exact: bool = True


def differences(
    kept: pl.DataFrame, now: pl.DataFrame, said: Mapping[str, object], allowed: Tolerance
) -> list[str]:
    """What differs between a baseline's table and today's: a sentence each, none if nothing.

    Args:
        kept: the baseline's rows or, of a large table, its computed columns.
        now: today's rows. Columns that the baseline does not know are not looked at.
        said: the table's entry in `baseline.json`.
        allowed: the tolerance.
    """
    if now.height != said["rows"]:
        return [f"{now.height} rows where the baseline has {said['rows']}"]
    if not said["rows"]:
        return []
    exact = list(said["exact"])  # type: ignore[call-overload]
    wanted = list(dict.fromkeys([*kept.columns, *exact]))
    if missing := [name for name in wanted if name not in now.columns]:
        return [f"no column {name}" for name in missing]
    now = in_order(now.select(wanted))
    found = []
    if allowed.exact and digest(now.select(exact)) != said["digest"]:
        found.append(_first(kept, now, exact))
    computed = [name for name in kept.columns if name not in exact]
    return found + [line for name in computed for line in _beyond(name, kept, now, allowed)]


def _first(kept: pl.DataFrame, now: pl.DataFrame, exact: list[str]) -> str:
    for name in exact:
        if name in kept.columns and not kept[name].eq_missing(now[name]).all():
            at = kept[name].ne_missing(now[name]).arg_max()
            return (
                f"{name} in row {at}: {now[name][at]!r} where the baseline has {kept[name][at]!r}"
            )
    return f"the exact part ({', '.join(exact)}) is not the baseline's"


def _beyond(name: str, kept: pl.DataFrame, now: pl.DataFrame, allowed: Tolerance) -> list[str]:
    if isinstance(kept.schema[name], pl.List):
        if kept[name].list.len().ne_missing(now[name].list.len()).any():
            return [f"{name} holds lists of other lengths"]
        kept, now = (frame.select(pl.col(name).explode()) for frame in (kept, now))
    groups = [column for column in allowed.group if column in kept.columns]
    scale = kept.select(
        pl.col(name).abs().max().over(groups) if groups else pl.col(name).abs().max()
    )
    old, new = kept[name].to_numpy().astype(float), now[name].to_numpy().astype(float)
    room = np.maximum(
        allowed.relative * np.maximum(np.abs(old), np.abs(new)),
        allowed.of_scale * scale.to_series().to_numpy().astype(float),
    )
    same = (np.isnan(old) & np.isnan(new)) | (np.abs(old - new) <= room) | (old == new)
    if same.all():
        return []
    off = np.abs(new - old) / np.maximum(np.abs(old), 1e-12)
    worst = int(np.nanargmax(np.where(same, -1.0, np.nan_to_num(off, nan=np.inf))))
    return [
        f"{name}: {int((~same).sum())} of {len(old)} numbers differ; in row {worst} it is "
        f"{new[worst]!r} where the baseline has {old[worst]!r}"
    ]
