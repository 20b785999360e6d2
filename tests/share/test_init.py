"""The brief says what the tables say, hides nothing that is missing, and trusts no name."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tocsin.schema import TABLES, empty
from tocsin.schema.settings import Settings
from tocsin.share import as_json, brief, summary_lines
from tocsin.workspace import road
from tocsin.workspace.store import Workspace

HOSTILE = "</script><img src=x onerror=alert(1)>{{ 7*7 }}"


@pytest.fixture(scope="module")
def tables(walked: Path) -> dict[str, pl.DataFrame]:
    with Workspace.open(walked) as workspace:
        return road.gather(workspace)


def test_json_is_what_the_tables_say(tables: dict[str, pl.DataFrame], walked: Path) -> None:
    said = json.loads((walked / "brief" / "brief.json").read_text())
    made = date.fromisoformat(said["made"])
    assert said == as_json(tables, Settings(), made=made)
    assert len(said["risk"]) == 15
    probabilities = [row["probability"] for row in said["risk"]]
    assert probabilities == sorted(probabilities, reverse=True)
    assert len(said["runs"]) >= 4


def test_the_same_tables_give_the_same_bytes(
    tables: dict[str, pl.DataFrame], walked: Path, tmp_path: Path
) -> None:
    said = json.loads((walked / "brief" / "brief.json").read_text())
    brief(tables, Settings(), out=tmp_path, made=date.fromisoformat(said["made"]))
    for name in ("index.html", "index.fr.html", "brief.json"):
        assert (tmp_path / name).read_bytes() == (walked / "brief" / name).read_bytes()


def test_the_page_links_the_forms_that_stand_beside_it(walked: Path) -> None:
    page = (walked / "brief" / "index.html").read_text("utf-8")
    linked = re.findall(r'href="([\w.]+\.(?:geojson|csv|atom|json))"', page)
    assert len(linked) == 5
    for name in linked:
        assert (walked / "brief" / name).stat().st_size > 100


def test_each_chart_keeps_to_the_grammar_of_vega_lite(walked: Path) -> None:
    """Altair does not look at it while a page is made, since that takes a third of the time."""
    from altair.vegalite.schema import core

    checked: dict[str, int] = {}
    for path in sorted((walked / "brief").glob("*.html")):
        found = re.findall(r'id="spec-[\w-]+">(.*?)</script>', path.read_text("utf-8"), re.DOTALL)
        for text in found:
            spec = json.loads(text)
            # Vega knows the option; the grammar of Vega-Lite leaves it out.
            del spec["config"]["legend"]["layout"]
            core.Root.validate(spec)
        checked[path.name] = len(found)
    assert checked["index.html"] > 5
    assert min(checked["diffusion.ar.html"], checked["plan.fr.html"]) > 2


def test_no_forecast_without_its_record(tables: dict[str, pl.DataFrame]) -> None:
    lines = "\n".join(summary_lines(tables, Settings()))
    assert "Track record" in lines
    assert 15 <= len(lines.splitlines()) <= 25


def test_a_hostile_name_stays_text(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    named = {
        **tables,
        "adoption": tables["adoption"].with_columns(pl.lit(HOSTILE).alias("actor")),
        "forecast_draws": tables["forecast_draws"].with_columns(pl.lit(HOSTILE).alias("territory")),
    }
    brief(named, Settings(), out=tmp_path, pdf=False)
    page = (tmp_path / "index.html").read_text()
    assert "<img src=x" not in page
    assert "alert(1)&gt;{{ 7*7 }}" in page
    assert not re.search(r"alert\(1\)(?:&gt;|>)\s*49", page)


def test_pages_without_data_are_left_out(tables: dict[str, pl.DataFrame], tmp_path: Path) -> None:
    kept = ("forecasts", "forecast_draws", "track_record", "series")
    few = {name: tables[name] if name in kept else empty(TABLES[name]) for name in tables}
    brief(few, Settings(), out=tmp_path, pdf=True)
    page = (tmp_path / "index.html").read_text()
    assert 'id="risk"' in page
    for missing in ("adoption", "portfolios", "reported", "alerts"):
        assert f'id="{missing}"' not in page
    assert "No events were assessed" in "\n".join(summary_lines(few, Settings()))


def test_an_open_perpetrator_is_never_a_bare_name(
    tables: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    incident = tables["incidents"].filter(pl.col("gwno") == 652)["incident_id"][0]
    answers = [
        ("actor", "Hill Group", 0.63),
        ("actor", "River Group", 0.25),
        ("someone new", None, 0.05),
        ("unknown", None, 0.07),
    ]
    rows = [
        {
            "incident_id": incident, "side": "a", "why": "contested", "answer": answer,
            "actor_id": name, "actor": name, "probability": p, "evidence_only": p,
            "claims_factor": 1.0, "reasons": "{}", "source": "test",
        }
        for answer, name, p in answers
    ]  # fmt: skip
    open_one = pl.DataFrame(rows, schema=empty(TABLES["attributions"]).schema)
    brief(tables | {"attributions": open_one}, Settings(), out=tmp_path, pdf=False)
    page = (tmp_path / "index.html").read_text()
    assert "possibly Hill Group (0.63); possibly River Group (0.25)" in page
    assert page.count("Hill Group") == page.count("possibly Hill Group (0.63)")
    said = as_json(tables | {"attributions": open_one}, Settings())
    assert said["unattributed"]["count"] == 1
    assert any(
        "missing, suspected or contested" in line
        for line in summary_lines(tables | {"attributions": open_one}, Settings())
    )
