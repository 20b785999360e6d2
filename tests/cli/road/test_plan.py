"""`tocsin plan` prints a file that it reads, and refuses a wrong one before it opens anything."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.cli.road.plan import _spread, portfolio_file
from tocsin.errors import UsageError
from tocsin.plan.portfolios import SHIPPED, read_portfolios
from tocsin.schema import TABLES, empty
from tocsin.workspace import road
from tocsin.workspace.store import Workspace


def test_the_example_is_a_file_of_portfolios(tmp_path: Path) -> None:
    printed = CliRunner().invoke(app, ["plan", "--example"])
    assert printed.exit_code == 0
    (tmp_path / "portfolios.toml").write_text(printed.stdout, "utf-8")
    assert read_portfolios(tmp_path / "portfolios.toml").portfolios == SHIPPED.portfolios


def test_a_wrong_file_is_refused_before_tables_are_looked_at(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("version = 1\n[portfolios.a.levers]\nhelth = 0.5\n", "utf-8")
    with (
        Workspace.init(tmp_path / "region") as opened,
        pytest.raises(UsageError, match="Did you mean 'health'") as caught,
    ):
        road.plan(opened, wrong, futures=10)
    assert caught.value.where.startswith("wrong.toml, line 3")


@pytest.mark.slow
def test_parts_of_what_is_not_there_are_refused_before_anything_is_played(tmp_path: Path) -> None:
    Workspace.init(tmp_path / "region").close()
    asked = ["plan", "parts", "--workspace", str(tmp_path / "region")]
    for given, words in (
        (["layerd"], "no portfolio 'layerd'"), (["layered", "--outcome", "death"], "no outcome"),
    ):  # fmt: skip
        found = CliRunner().invoke(app, [*asked, *given])
        assert isinstance(found.exception, UsageError), found.output
        assert words in found.exception.what
    # What begins after the tenth year, or at once, is no later start.
    for months in ("0", "120"):
        assert CliRunner().invoke(app, [*asked, "layered", "--late", months]).exit_code == 2


ROADS = [
    ["brief", "--out", "brief"],
    ["plan"],
    ["plan", "parts"],
    ["plan", "weaknesses", "a"],
    ["plan", "sensitivity", "a"],
    ["plan", "search"],
    ["plan", "protocols"],
    ["plan", "futures"],
]
"""Verbs that read a file of portfolios."""


@pytest.mark.slow
@pytest.mark.parametrize("verb", ROADS, ids=" ".join)
def test_a_protocol_whose_trigger_is_no_rule_is_refused_before_anything_is_run(
    verb: list[str], tmp_path: Path
) -> None:
    said = 'trigger = "onst"\naction = "a"\nwho = "b"\nfunding = "c"\n'
    text = f"version = 1\n[portfolios.a.levers]\nhealth = 0.5\n[protocols.x]\n{said}"
    Workspace.init(tmp_path).close()
    (tmp_path / "portfolios.toml").write_text(text)
    asked = [*verb, "--workspace", str(tmp_path)]
    with pytest.raises(UsageError, match="no rule of alerts 'onst'") as caught:
        CliRunner().invoke(app, asked, catch_exceptions=False)
    assert "portfolios.toml, line 5" in caught.value.where
    assert "onset" in caught.value.remedy
    with Workspace.open(tmp_path) as opened:
        assert opened.last_run("observe") is None


def test_a_rule_of_ones_own_may_be_a_trigger(tmp_path: Path) -> None:
    said = 'trigger = "mine"\naction = "a"\nwho = "b"\nfunding = "c"\n'
    text = f"version = 1\n[portfolios.a.levers]\nhealth = 0.5\n[protocols.x]\n{said}"
    with Workspace.init(tmp_path) as opened:
        (tmp_path / "portfolios.toml").write_text(text)
        (tmp_path / "alerts.toml").write_text(
            '[[rule]]\nname = "mine"\nsay = "at least 25 deaths within 3 months, probability above'
            ' 0.3, in Mali"\n'
        )
        assert list(portfolio_file(opened, None)[0].protocols) == ["x"]
        (tmp_path / "alerts.toml").unlink()
        with pytest.raises(UsageError, match="no rule of alerts"):
            portfolio_file(opened, None)


def test_a_plan_says_what_its_prior_of_supply_rests_on() -> None:
    tables = {name: empty(TABLES[name]) for name in ("diffusion_shares", "diffusion_hazards")}
    rows = [(n, "all", "ties", 0.1 * n, 0.1) for n in range(3)]
    names = ["draw", "technology", "channel", "share", "rate"]
    draws = pl.DataFrame(rows, schema=names, orient="row")
    for given, said in ((draws, "3 joint draws"), (draws.clear(), "assumption")):
        opened: Any = SimpleNamespace(read=(tables | {"diffusion_draws": given}).__getitem__)
        assert said in _spread(opened)
