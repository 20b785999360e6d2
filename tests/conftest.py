"""What several rooms' tests share: the example region, read and walked once a session."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import settings

from scheduling import FileScheduling, long_first, needs_walk
from tocsin.observe import example_files, observe

# No test asserts on time, a property may not hang on how busy a machine is, and the same commit
# passes or fails the same way each time. New cases: `pytest --hypothesis-profile=exploring`.
settings.register_profile("calm", deadline=None, derandomize=True)
settings.register_profile("thorough", deadline=None, derandomize=True, max_examples=300)
settings.register_profile("exploring", deadline=None, max_examples=1000)
settings.load_profile("calm")

collect_ignore = ["plugin", "typing_examples"]
"""Not tests: what tests install, and what they give to a type checker."""


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of this run of tests, shared by its workers, so that none hangs on an earlier run."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TOCSIN_CACHE", str(shared / "cache"))
        yield


@pytest.fixture(scope="session", autouse=True)
def small_networks() -> Iterator[None]:
    """Networks as a test needs them: how well the whole ones do is for `benchmarks/`."""
    # The package lends the name `network` to a function, so the module is asked for by its own.
    network = importlib.import_module("tocsin.anticipate.models.network")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(network, "NETWORKS", 2)
        patched.setattr(network, "STEPS", 200)
        yield


@pytest.fixture(scope="session")
def seen() -> dict[str, pl.DataFrame]:
    """The tables of `observe` for the example region."""
    return observe(example_files())


@pytest.fixture(scope="session")
def walked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which the whole road was walked, with its brief in `brief/`.

    It is walked by the command, in a process of its own, so with whole networks. Tests read it
    or copy it; none changes it.
    """
    folder = tmp_path_factory.mktemp("walked")
    command = [sys.executable, "-m", "tocsin", "brief", "--pdf"]
    command += ["--workspace", str(folder), "--out", str(folder / "brief")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the walk, and begin with what takes long."""
    for item in items:
        if "walked" in getattr(item, "fixturenames", ()):
            item.add_marker("walk")
            if not needs_walk(item.path):
                raise pytest.UsageError(f"{item.path}: name the type where you take 'walked: Path'")
    long_first(items)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `-n 2 --dist loadfile` a file's tests stay together, and those of all walks."""
    if config.getvalue("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return FileScheduling(config, log)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes by their number: a packed file holds the time at which it was packed.

    Workers that collect a second apart would otherwise know one test by two names.
    """
    return f"{argname}-{len(val)}-bytes" if isinstance(val, bytes) else None
