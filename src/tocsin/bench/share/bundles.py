"""Is every bundle of STIX that is written valid to OASIS's own validator?

Tables are made by chance: levels, probabilities, and names with signs of other scripts.
Each bundle is followed by one of changed tables, which has new versions and revokes what ended.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from tocsin.bench.share.messages import WORDS
from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Region, Settings
from tocsin.schema.tables.anticipated.alert import ALERT_LEVELS
from tocsin.schema.vocabulary.marking import TLP_2
from tocsin.schema.vocabulary.technology import TECHNOLOGIES
from tocsin.share.stix import Producer, check, write

TERRITORIES = {
    652: "Syria",
    645: "Iraq",
    482: "Central African Republic",
    432: "Mali",
    437: "Ivory Coast",
}
ODD = ('"quoted"', "<b>", "a,b", "\u202e", "名", "d'Ivoire", "\\", "{}")


def measure_stix(*, bundles: int = 200, seed: int = 0) -> dict[str, Any]:
    """Write bundles, and ask OASIS's validator and our own rules about each.

    Args:
        bundles: how many, half of them followed up from the one before.
        seed: start of all random numbers.

    Returns:
        `bundles`, their `objects`, how many bundles were `refused` and how many `warned` of, and
        the first findings as `worst`.
    """
    draw = random.Random(seed)
    objects = refused = warned = 0
    worst: list[str] = []
    before: bytes | None = None
    for n in range(bundles):
        made = datetime(2026, 11, 1, 8, tzinfo=UTC) + timedelta(minutes=n)
        name, level = f"Office {n // 2}", sorted(set(TLP_2.values()))[n // 2 % 5]
        region = Region(name="Measure", territories={"Measure": list(TERRITORIES)[1:]})
        content = write(
            _tables(draw), Settings(region=region), Producer(name, level, made),
            before=before if n % 2 else None,
        )  # fmt: skip
        before = content
        objects += len(json.loads(content)["objects"])
        (found,) = check({"bundle.json": content})
        told = [one for one in found.findings if one.severity != "note"]
        refused += not found.valid
        warned += found.valid and bool(told)
        worst += [f"{one.rule}: {one.what}" for one in told]
    return {
        "bundles": bundles, "objects": objects, "refused": refused, "warned": warned,
        "worst": sorted(set(worst))[:5],
    }  # fmt: skip


def _tables(draw: random.Random) -> dict[str, pl.DataFrame]:
    month, ahead = date(2026, 10, 1), date(2027, 1, 1)
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in (
        "alerts", "alert_rules", "alert_record", "forecasts", "adoption", "actors")}  # fmt: skip
    for rule in ("onset", "doubling"):
        rows["alert_rules"].append(
            {"rule": rule, "sentence": _words(draw), "kind": "onset", "within": 3}
        )
        counts = {key: draw.randrange(500) for key in ("hits", "misses", "false_alarms")}
        if draw.random() < 0.7:
            rows["alert_record"].append({"rule": rule, "window": "all", **counts})
    for gwno, territory in TERRITORIES.items():
        place = {"territory": territory, "gwno": gwno}
        for rule in ("onset", "doubling"):
            rows["alerts"].append(
                {**place, "rule": rule, "origin": month, "since": month,
                 "level": draw.choice(ALERT_LEVELS), "probability": draw.random()}
            )  # fmt: skip
        at = sorted(draw.uniform(0, 500) for _ in range(5))
        rows["forecasts"].append(
            {**place, "target": "deaths", "origin": month, "month": ahead, "horizon": 3,
             "model": "m", "mean": at[2], "p_any": draw.random(), "p_25": draw.random(),
             **dict(zip(("p05", "p25", "p50", "p75", "p95"), at, strict=True))}
        )  # fmt: skip
    for n in range(draw.randrange(5)):
        name = f"{_words(draw)} {draw.choice(ODD)}"
        rows["actors"].append(
            {"actor_id": str(n), "name": name, "kind": "non-state formal", "gwnos": "652"}
        )
        days = dict.fromkeys(("first_low", "first_median", "first_high"), month)
        rows["adoption"].append(
            {"actor": name, "actor_id": str(n), "technology": draw.choice(TECHNOLOGIES),
             "territory": "Syria", "gwno": 652, "confidence": draw.random(), **days}
        )  # fmt: skip
    return {name: _frame(name, some) for name, some in rows.items()}


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    columns = empty(TABLES[name]).schema
    return pl.DataFrame([{key: row.get(key) for key in columns} for row in rows], columns)


def _words(draw: random.Random) -> str:
    return " ".join(draw.choices((*WORDS, *ODD), k=draw.randrange(1, 5)))
