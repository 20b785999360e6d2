"""What several rooms' tests share: the example region, read and walked once a session."""

from __future__ import annotations

import contextlib
import functools
import gc
import hashlib
import os
import pickle
import subprocess
import sys
import time
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from drawing import draw_alike, draw_by, register_profiles, set_number
from imports import changed_when_imported
from leaving import NothingIsLeft
from scheduling import FileScheduling, known_failures, long_first, needs_walk, read_from_both_ends

if TYPE_CHECKING:
    import polars as pl

# Three processes read this file before the first test; what takes a second is imported where used.

# No test asserts on time, a property may not hang on how busy a machine is, and the same commit
# passes or fails the same way each time. New cases: `pytest --hypothesis-seed=1`, or with ten times
# as many `pytest --hypothesis-profile=exploring`.
register_profiles()

BUILD = Path(__file__).parents[1] / "build" / "tests"
"""What is kept from one run of tests to the next."""

collect_ignore = ["plugin", "typing_examples"]
"""Not tests: what tests install, and what they give to a type checker."""


@pytest.fixture(scope="session", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A cache of this run of tests, shared by its workers, so that none hangs on an earlier run.

    Only compiled programs are those of the machine. A program's name is the digest of all that it
    is compiled from, so that the code of today finds none of an earlier day; to compile all of
    them anew would take a fifth of the tests' time.
    """
    from tocsin.base import cache

    own, programs = shared_folder(tmp_path_factory) / "cache", cache.folder("programs")
    own.mkdir(exist_ok=True)
    if programs is not None:
        with contextlib.suppress(FileExistsError):
            (own / "programs").symlink_to(programs.resolve())
    # A second process would know nothing of what tests put in the place of models and steps.
    alone = changed_when_imported("tocsin.workspace.ahead", can_compute_ahead=lambda: False)
    with pytest.MonkeyPatch.context() as patched, alone:
        patched.setenv("TOCSIN_CACHE", str(own))
        if "jax" in sys.modules:
            # JAX asks once whether programs are kept, when it compiles the first one; a test that
            # calls JAX itself would otherwise decide for all that come after it.
            from tocsin.base.compiled import jax_for

            jax_for("plan")
        yield


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """The folder of this run of tests, of all its workers."""
    folder = factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


def pytest_configure(config: pytest.Config) -> None:
    """Look after every test, doctests beside the source included, at what it leaves."""
    config.pluginmanager.register(NothingIsLeft())


def pytest_sessionstart(session: pytest.Session) -> None:
    """Read the seed after Hypothesis has loaded its profile, and before any test is imported."""
    draw_by(session.config.getoption("--hypothesis-seed", None))


same_cases = pytest.fixture(scope="session", autouse=True)(draw_alike)
"""Drawn cases hang on the property alone."""


@pytest.fixture(scope="session", autouse=True)
def small_networks() -> Iterator[None]:
    """Networks as a test needs them: how well the whole ones do is for `benchmarks/`."""
    with changed_when_imported("tocsin.anticipate.models.network", NETWORKS=2, STEPS=200):
        yield


@pytest.fixture(scope="session", autouse=True)
def one_command() -> Iterator[None]:
    """The command is put together once: Typer looks at every option of every verb at each call.

    That takes an eighth of a second of a processor. A call changes nothing of the command.
    """
    import typer.main
    import typer.testing

    together = functools.cache(typer.main.get_command)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(typer.main, "get_command", together)
        patched.setattr(typer.testing, "_get_command", together)
        yield


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """The tables of `observe` for the example region, read by the worker that first needs them.

    They are kept in `build/` for later runs, until the code that reads them or a file changes.
    """
    kept = BUILD / f"seen-{digest_of_reading()}.pickle"
    reading = shared_folder(tmp_path_factory) / "seen.reading"
    while not kept.exists():
        try:
            reading.touch(exist_ok=False)
        except FileExistsError:
            time.sleep(0.2)
            continue
        try:
            for older in BUILD.glob("seen-*"):
                older.unlink(missing_ok=True)
            BUILD.mkdir(parents=True, exist_ok=True)
            from tocsin.base.atomic import write_bytes
            from tocsin.observe import example_files, observe

            write_bytes(kept, pickle.dumps(observe(example_files())))
        finally:
            reading.unlink()
    return dict(pickle.loads(kept.read_bytes()))


def digest_of_reading() -> str:
    """Everything that decides what `observe` makes of the example region, as 16 digits."""
    import polars as pl

    source = Path(__file__).parents[1] / "src" / "tocsin"
    digest = hashlib.sha256(pl.__version__.encode())
    for room in ("base", "observe", "schema"):
        for path in sorted((source / room).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


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


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Share out among the workers which of them compiles a file of tests."""
    report = yield
    read_from_both_ends(collector, report)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the walk, begin with what takes long, and set how many cases are drawn."""
    known = known_failures()
    for item in items:
        set_number(item)
        item.extra_keyword_matches.update(known.get(item.nodeid.partition("[")[0], ()))
        if "seen" in getattr(item, "fixturenames", ()):
            # To read the example takes some fifteen seconds of a processor, after each change of
            # what reads it, whoever needs it first.
            item.add_marker("slow")
        if "walked" in getattr(item, "fixturenames", ()):
            item.add_marker("walk")
            if not needs_walk(item.path):
                raise pytest.UsageError(f"{item.path}: name the type where you take 'walked: Path'")
    long_first(items)


def pytest_collection_finish() -> None:
    """Let the collector of garbage leave what is imported alone, and look less often.

    A hundred thousand objects of libraries live as long as the process; to look through them again
    and again took an eighth of the tests' time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


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
