"""Run a room's tests many times on faulty code, in forks of a process that has the libraries.

`scripts/mutants.py` uses it. One process imports what the tests import, except tocsin, so that
each fork reads the faulty code anew; one run without a fault records how long each test takes and
which lines of the room it runs, so that for a fault the right tests come first.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import pickle
import resource
import select
import signal
import sys
import sysconfig
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

LEFT_OUT = "not walk and not browser and not release"
FIRST = "first"
"""The name under which properties are tried as ever, but end at the first case that fails."""
PATIENCE = 3.0
"""Tests that need so many times more of the processor's time with a fault than without, and ten
seconds more, see it. By the clock they have ten times as long, for the processor may be shared."""


class Recorded(NamedTuple):
    """What the tests did without any fault."""

    seconds: dict[str, float]
    """By test, by the clock."""
    worked: dict[str, float]
    """By test, the seconds of the processor."""
    lines: dict[str, set[tuple[str, int]]]
    """The lines of the room that a test ran, as file and line."""
    modules: list[str]
    """What the tests imported that is not of this repository."""


def environment(programs: Path) -> dict[str, str]:
    """Environment variables that have to be set before libraries are imported.

    One thread, since threads are lost by a fork. Programs that a fault does not change are
    compiled once: JAX keeps them in the folder under a hash of the program itself, so that a
    changed one is compiled anew.
    """
    return {
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "POLARS_MAX_THREADS": "1",
        "JAX_COMPILATION_CACHE_DIR": str(programs),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        "JAX_PERSISTENT_CACHE_ENABLE_XLA_CACHES": "none",
    }


def record(tree: Path, room: str) -> Recorded:
    """Run the room's tests once without a fault, and see which lines of the room each one runs."""
    import pytest
    from hypothesis import Phase, settings

    settings.register_profile(
        FIRST,
        deadline=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        report_multiple_bugs=False,
    )
    told = tree / "recorded.pickle"
    home = tree / "src" / "tocsin"
    files = {str(path): str(path.relative_to(home)) for path in (home / room).rglob("*.py")}

    class Recorder:
        def __init__(self) -> None:
            self.seconds: dict[str, float] = {}
            self.worked: dict[str, float] = {}
            self.lines: dict[str, set[tuple[str, int]]] = {}
            self.now: set[tuple[str, int]] = set()

        def trace(self, frame: Any, event: str, _: Any) -> Any:
            file = files.get(frame.f_code.co_filename)
            if file is None:
                return None
            if event == "line":
                self.now.add((file, frame.f_lineno))
            return self.trace

        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
            self.now = self.lines[item.nodeid] = set()
            started, worked = time.perf_counter(), time.process_time()
            threading.settrace(self.trace)
            sys.settrace(self.trace)
            try:
                return (yield)
            finally:
                sys.settrace(None)
                self.seconds[item.nodeid] = time.perf_counter() - started
                self.worked[item.nodeid] = time.process_time() - worked

    def tests() -> int:
        recorder = Recorder()
        code = pytested([f"tests/{room}", f"src/tocsin/{room}"], recorder)
        homes = [sysconfig.get_path(name) for name in ("stdlib", "platlib", "purelib")]
        foreign = [
            name
            for name, module in list(sys.modules.items())
            if str(getattr(module, "__file__", None)).startswith(tuple(homes))
        ]
        told.write_bytes(pickle.dumps((recorder.seconds, recorder.worked, recorder.lines, foreign)))
        return code

    if forked(tree, tests, 1800):
        sys.exit("The tests fail without any fault:\n" + (tree / "said.txt").read_text("utf-8"))
    return Recorded(*pickle.loads(told.read_bytes()))


def warm(names: list[str]) -> None:
    """Import once what the tests of every fault would import; of tocsin itself nothing.

    So each fork reads the faulty code anew, and no compiled program of the code without the fault
    can be run in its place.
    """
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    if threading.active_count() > 1 or "tocsin" in sys.modules:
        sys.exit("An import started a thread or imported tocsin; a fork would not be like new.")


def pytested(tests: list[str], *plugins: object) -> int:
    """Run tests in the copy of the tree, until one fails; the exit code of pytest."""
    import pytest

    # Asserts that do not say what they compared are read from compiled files.
    options = ["-x", "-q", "--no-header", "--assert=plain", "-p", "no:cacheprovider"]
    options += ["--doctest-modules", f"--hypothesis-profile={FIRST}"]
    return int(
        pytest.main([*options, "-m", LEFT_OUT, "--basetemp=temporary", *tests], list(plugins))
    )


class Chosen:
    """Keep these tests, in this order."""

    def __init__(self, order: list[str]) -> None:
        self.place = {test: place for place, test in enumerate(order)}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Called by pytest."""
        kept = [item for item in items if item.nodeid in self.place]
        items[:] = sorted(kept, key=lambda item: self.place[item.nodeid])


def forked(tree: Path, work: Callable[[], int], worked: float) -> int:
    """Do some work in a fork of this process, and end all that it started.

    Args:
        tree: the folder in which it is done.
        work: a function that returns an exit code.
        worked: after so many seconds of the processor it is ended.

    Returns:
        What the work returned; below 0 if it took too long or was ended by a signal.
    """
    child = os.fork()
    if not child:
        code = 3
        with contextlib.suppress(BaseException):
            os.setsid()
            limit = int(worked) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            os.chdir(tree)
            output = os.open("said.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(output, 1)
            os.dup2(output, 2)
            sys.path.insert(0, str(tree / "src"))
            os.environ["PYTHONPATH"] = str(tree / "src")
            os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
            sys.dont_write_bytecode = True
            try:
                code = work()
            except BaseException:
                traceback.print_exc()
        sys.stdout.flush()
        os._exit(code)
    ended = os.pidfd_open(child)
    ready, _, _ = select.select([ended], [], [], 10 * worked)
    os.close(ended)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if ready else -1


def fails(tree: Path, module: str, tests: list[str], recorded: Recorded) -> bool:
    """Whether one of the tests fails: first the module's own, the quickest of a file first."""
    if not tests:
        return False
    home, seconds = Path("tests") / module, recorded.seconds
    own = {
        f"src/tocsin/{module}",
        str(home.with_name(f"test_{home.stem.replace('__init__', 'init')}.py")),
    }
    files: dict[str, float] = {}
    for test in tests:
        file = test.partition("::")[0]
        files[file] = files.get(file, 0.0) + (0.0 if file in own else seconds[test])
    order = sorted(tests, key=lambda test: (files[test.partition("::")[0]], seconds[test]))
    limit = 10 + PATIENCE * sum(recorded.worked[test] for test in tests)
    return bool(forked(tree, lambda: pytested(list(files), Chosen(order)), limit))
