"""Each verb is built when it is asked for; the help and a wrong name have all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

import tocsin.cli as command
from tocsin.cli.verbs import MODULES, PANELS, Verbs

NO_VERBS = {
    "__init__", "calibrate", "grid", "history", "options", "output", "plan", "planning", "progress",
}  # fmt: skip
NO_VERBS |= {"stop", "verbs"}
"""Files below `cli` that hold no verb of their own."""


def test_a_verb_is_built_alone() -> None:
    verbs = Verbs(name="tocsin")
    assert verbs.get_command(None, "cache").name == "cache"
    assert list(verbs.commands) == ["cache"]
    assert verbs.get_command(None, "cache") is verbs.commands["cache"]


@pytest.mark.slow
def test_a_name_that_is_not_known_is_compared_with_all() -> None:
    verbs = Verbs(name="tocsin")
    assert verbs.get_command(None, "cashe") is None
    assert set(verbs.commands) == set(MODULES)
    made = CliRunner().invoke(command.app, ["territorie"])
    assert made.exit_code == 2
    assert "Did you mean 'territories'?" in made.output


def test_every_file_of_a_verb_is_among_them() -> None:
    files = Path(command.__file__).parent.rglob("*.py")
    assert {path.stem for path in files} - NO_VERBS == {
        module.split(".")[-1] for module in MODULES.values()
    }


def test_the_help_lists_every_verb_in_its_panel_and_in_order() -> None:
    shown = CliRunner().invoke(command.app, ["--help"]).output
    places = []
    for panel, verbs in PANELS.items():
        places += [shown.index(panel), *(shown.index(f"│ {verb} ") for verb in verbs)]
    assert places == sorted(places)


def test_a_group_of_verbs_keeps_those_below_it() -> None:
    bench = Verbs(name="tocsin").get_command(None, "bench")
    assert bench.rich_help_panel == "Around the road"
    assert {"assess", "plan", "share"} <= set(bench.commands)
