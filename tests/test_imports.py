"""What a test needs smaller is smaller, whoever imports it and when."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from imports import changed_when_imported

NAME = "a_module_of_numbers"


@pytest.fixture(autouse=True)
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"{NAME}.py").write_text("SIZE = 100\nHALF = SIZE // 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, NAME, raising=False)


def test_a_module_that_comes_later_is_changed_after_its_code_has_run() -> None:
    with changed_when_imported(NAME, SIZE=2):
        assert NAME not in sys.modules
        found = importlib.import_module(NAME)
        assert (found.SIZE, found.HALF) == (2, 50)


def test_a_module_that_is_there_is_changed_and_put_back() -> None:
    found = importlib.import_module(NAME)
    with changed_when_imported(NAME, SIZE=2):
        assert found.SIZE == 2
    assert found.SIZE == 100


def test_a_name_that_is_gone_is_told() -> None:
    with changed_when_imported(NAME, LENGTH=2), pytest.raises(AssertionError, match="no LENGTH"):
        importlib.import_module(NAME)


def test_networks_are_small_in_tests() -> None:
    # The package lends the name `network` to a function, so the module is asked for by its own.
    network = importlib.import_module("tocsin.anticipate.models.network")
    assert (network.NETWORKS, network.STEPS) == (2, 200)
