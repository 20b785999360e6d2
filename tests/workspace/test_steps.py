"""The declarations fit together into one road."""

from __future__ import annotations

import importlib
from typing import get_args

import pytest

import tocsin
from tocsin.cli.verbs import PANELS
from tocsin.schema import STAGE_TABLES, TABLES
from tocsin.schema.settings import Settings
from tocsin.schema.step import Room, verb
from tocsin.workspace.steps import PACKAGES, all_steps, find_step


def test_the_rooms_are_the_five_stages() -> None:
    assert get_args(Room) == tocsin.STAGES == tuple(STAGE_TABLES)
    assert set(tocsin.STAGES) <= set(all_steps())


def test_every_table_is_written_by_one_step() -> None:
    written = [table for step in all_steps().values() for table in step.writes]
    assert sorted(written) == sorted(TABLES)


@pytest.mark.parametrize("name", list(PACKAGES))
def test_a_step_is_found_by_its_own_name(name: str) -> None:
    assert find_step(name).name == name


@pytest.mark.parametrize("name", list(all_steps()))
def test_a_step_stands_in_the_package_of_its_room(name: str) -> None:
    step = find_step(name)
    assert step.function.__module__.split(".")[1] == step.room
    assert importlib.import_module(step.function.__module__).STEP is step


@pytest.mark.parametrize("name", list(all_steps()))
def test_what_a_step_needs_is_made_before_it(name: str) -> None:
    order = list(all_steps())
    for table in find_step(name).needs:
        [writer] = [other for other, step in all_steps().items() if table in step.writes]
        assert order.index(writer) < order.index(name), table


@pytest.mark.parametrize("name", list(all_steps()))
def test_the_settings_that_a_step_declares_exist(name: str) -> None:
    for path in find_step(name).settings:
        value: object = Settings()
        for part in path.split("."):
            value = getattr(value, part)


@pytest.mark.parametrize("name", list(PACKAGES))
def test_who_is_told_to_run_a_step_gets_a_verb_that_needs_only_a_workspace(name: str) -> None:
    first, *rest = verb(name).split()
    assert any(first in verbs for verbs in PANELS.values())
    assert first != "diffuse"  # it reads files and no workspace
    assert rest == (["parts"] if name == "parts" else [])
