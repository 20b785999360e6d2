"""`tocsin plan timeline` and `page`: what was planned as pages, and a remedy where nothing was."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.cli.road.planning import _check_same
from tocsin.errors import StageNotReady, UsageError
from tocsin.plan.compare import portfolio_levers
from tocsin.plan.portfolios import SHIPPED
from tocsin.schema import TABLES, conform
from tocsin.schema.run import Run
from tocsin.workspace.store import Workspace


def paths() -> pl.DataFrame:
    rows = [
        {"portfolio": name, "future": 3, "fewer": 0.5, "territory": "Chad", "gwno": 483,
         "quarter": quarter, "deaths": 4.0 * quarter, "displaced": 0.0, "source": "test"}
        for name in ("status quo", "layered") for quarter in range(8)
    ]  # fmt: skip
    return conform(TABLES["future_paths"], pl.DataFrame(rows))


@pytest.mark.slow
def test_a_timeline_is_written_of_what_was_planned(tmp_path: Path) -> None:
    with Workspace.init(tmp_path / "region") as opened:
        run = Run("plan", "0", 1, {}, {})
        opened.write(run, {"future_paths": paths()}, started=time.time())
    out = tmp_path / "timeline.fr.html"
    asked = ["plan", "timeline", "--workspace", str(tmp_path / "region"), "--out", str(out)]
    done = CliRunner().invoke(app, [*asked, "--language", "fr", "--json"])
    assert done.exit_code == 0, done.output
    assert '"futures"' in done.output
    page = out.read_text("utf-8")
    assert 'lang="fr"' in page
    assert "Tchad" in page


@pytest.mark.parametrize("verb", ["timeline", pytest.param("page", marks=pytest.mark.slow)])
def test_where_nothing_was_planned_the_remedy_is_told(tmp_path: Path, verb: str) -> None:
    Workspace.init(tmp_path / "region").close()
    asked = ["plan", verb, "--workspace", str(tmp_path / "region"), "--out", str(tmp_path / "x")]
    found = CliRunner().invoke(app, asked)
    assert isinstance(found.exception, StageNotReady)
    assert "tocsin plan" in str(found.exception.remedy)
    assert not (tmp_path / "x").exists()


def test_a_language_that_is_not_there_is_refused_first(tmp_path: Path) -> None:
    found = CliRunner().invoke(app, ["plan", "page", "--language", "de"])
    assert isinstance(found.exception, UsageError)
    assert "en, fr, ar" in str(found.exception.remedy)


def test_boxes_are_of_the_portfolios_of_the_plan_that_a_page_tells_of() -> None:
    planned = portfolio_levers({name: one.efforts for name, one in SHIPPED.portfolios.items()})
    _check_same(SHIPPED, planned)
    fewer = replace(SHIPPED, portfolios=dict(list(SHIPPED.portfolios.items())[:2]))
    with pytest.raises(UsageError, match="of other portfolios"):
        _check_same(fewer, planned)
    with pytest.raises(UsageError, match="of other portfolios"):
        _check_same(SHIPPED, planned.with_columns(effort=pl.col("effort") / 2))
