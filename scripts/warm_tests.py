"""Run a room's tests many times on faulty code, in forks of a process that has the libraries.

`scripts/mutants.py` uses it. One process imports what the tests import, except the room itself and
what hangs on it, so that each fork reads the faulty code anew; one run without a fault records how
long each test takes and which lines of the room it runs, so that for a fault the right tests come
first.
"""

from __future__ import annotations

import contextlib
import gc
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

import pytest

OTHERS = "not walk and not browser and not release"
QUICK, SLOW = f"not slow and {OTHERS}", f"slow and {OTHERS}"
FIRST = "first"
"""The name under which properties are tried as ever, but end at the first case that fails."""
CHEAP = 6.0
"""Seconds of the processor for which the first tests of a fault may run."""
PATIENCE = 3.0
"""Tests that need so many times more of the processor's time with a fault than without, and ten
seconds more, see it. By the clock they have ten times as long, for the processor may be shared."""


Lines = set[tuple[str, int]]


class Recorded(NamedTuple):
    """What the tests did without any fault."""

    seconds: dict[str, float]
    """By test, by the clock."""
    worked: dict[str, float]
    """By test, the seconds of the processor."""
    lines: dict[str, Lines]
    """The lines of the room that a test ran itself, as file and line."""
    reached: dict[str, Lines]
    """By file of tests, all that ran in a process with its tests alone: also at an import, in a
    fixture, or once for many tests."""


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
    """Run the room's quick tests without a fault, and see which lines of the room each one runs.

    Each file of tests runs in a fork of its own, so that nothing is there from another file's
    tests. What it imported is then imported here, for all later forks: libraries at once, and at
    the end also what of tocsin is the same whatever the fault.
    """
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
    found, house = Recorded({}, {}, {}, {}), dict[str, None]()
    tests = [str(path.relative_to(tree)) for path in (tree / "tests" / room).rglob("test_*.py")]
    for place in (*sorted(tests), f"src/tocsin/{room}"):
        recorder = Recorder(files)

        def run(place: str = place, recorder: Recorder = recorder) -> int:
            sys.settrace(recorder.trace)
            code = pytested([place], recorder)
            sys.settrace(None)
            mine = [name for name in sys.modules if name.partition(".")[0] == "tocsin"]
            told.write_bytes(pickle.dumps((recorder.found, recorder.reached, foreign(), mine)))
            return code

        if forked(tree, run, 1800):
            said = (tree / "said.txt").read_text("utf-8")
            sys.exit(f"The tests fail without any fault:\n{said}")
        by_test, reached, names, mine = pickle.loads(told.read_bytes())
        for test, (seconds, worked, lines) in by_test.items():
            found.seconds[test], found.worked[test] = seconds, worked
            found.lines[test], found.reached[file_of(test)] = lines, reached
        warm(names)
        house |= dict.fromkeys(mine)
    warm_house(tree, room, list(house))
    return found


class Recorder:
    """A plugin of pytest that notes seconds, and lines of some files, by test."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files
        self.found: dict[str, tuple[float, float, Lines]] = {}
        self.now: Lines = set()
        self.reached: Lines = self.now

    def trace(self, frame: Any, event: str, _: Any) -> Any:
        """Called by Python for each call, and for each line in the files."""
        file = self.files.get(frame.f_code.co_filename)
        if file is None:
            return None
        if event == "line":
            self.now.add((file, frame.f_lineno))
        return self.trace

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Called by pytest around each test, its fixtures included."""
        self.now = set()
        started, worked = time.perf_counter(), time.process_time()
        sys.settrace(self.trace)
        threading.settrace(self.trace)
        try:
            return (yield)
        finally:
            spent = time.perf_counter() - started, time.process_time() - worked
            self.found[item.nodeid] = (*spent, self.now)
            self.reached |= self.now
            self.now = self.reached


def foreign() -> list[str]:
    """What this process has imported that is not of this repository."""
    homes = tuple(sysconfig.get_path(name) for name in ("stdlib", "platlib", "purelib"))
    return [
        name
        for name, module in list(sys.modules.items())
        if str(getattr(module, "__file__", None)).startswith(homes)
    ]


def file_of(test: str) -> str:
    """The file in which a test is."""
    return test.partition("::")[0]


def warm(names: list[str]) -> None:
    """Import once what the tests of every fault would import; of tocsin itself nothing yet."""
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    if threading.active_count() > 1 or "tocsin" in sys.modules:
        sys.exit("An import started a thread or imported tocsin; a fork would not be like new.")


class Barred(BaseException):
    """The room was asked for; no code takes this for a library that is not installed."""


class Bar:
    """A finder that lets nothing import a room, so that what hangs on it cannot be imported."""

    def __init__(self, room: str) -> None:
        self.name = f"tocsin.{room.replace('/', '.')}"

    def find_spec(self, name: str, *_: object) -> None:
        """Called by Python for each module that is not there yet."""
        if f"{name}.".startswith(f"{self.name}."):
            raise Barred(name)


def warm_house(tree: Path, room: str, names: list[str]) -> None:
    """Import once what of tocsin is the same whatever the fault: half of a fork's time.

    These are the modules that can be imported while the room is barred. No module of the room and
    none that imports it is among them, so that each fork reads these anew, and no compiled program
    of the code without the fault can be run in its place. What would start a thread is left out,
    since threads do not survive a fork.
    """
    told = tree / "house.pickle"

    def possible() -> int:
        bar_and_import(tree, room, names, found := list[str]())
        told.write_bytes(pickle.dumps(found))
        return 0

    if forked(tree, possible, 600):
        sys.exit(f"What could be imported is not known:\n{(tree / 'said.txt').read_text('utf-8')}")
    bar_and_import(tree, room, pickle.loads(told.read_bytes()), [])
    home = str(tree / "src" / "tocsin" / room)
    if any(str(getattr(one, "__file__", None)).startswith(home) for one in sys.modules.values()):
        sys.exit("A module of the room was imported; a fork would run it without the fault.")
    gc.collect()
    gc.freeze()


def bar_and_import(tree: Path, room: str, names: list[str], found: list[str]) -> None:
    """Import modules while the room is barred, and note those that can be, up to the first thread.

    Args:
        tree: the copy of the tree.
        room: as under `src/tocsin`.
        names: of modules.
        found: to this list each name is added that could be imported.
    """
    threads = len(os.listdir("/proc/self/task"))
    bar = Bar(room)
    sys.path.insert(0, str(tree / "src"))
    sys.meta_path.insert(0, bar)  # type: ignore[arg-type]
    for name in names:
        with contextlib.suppress(Exception, Barred):
            importlib.import_module(name)
            if len(os.listdir("/proc/self/task")) > threads:
                break
            found.append(name)
    sys.meta_path.remove(bar)  # type: ignore[arg-type]


def pytested(tests: list[str], *plugins: object, which: str = QUICK) -> int:
    """Run tests in the copy of the tree, until one fails.

    Args:
        tests: files, folders or names of tests.
        plugins: as pytest takes them.
        which: an expression of markers.

    Returns:
        The exit code of pytest; 0 if there is no such test.
    """
    # Asserts that do not say what they compared are read from compiled files.
    options = ["-x", "-q", "--no-header", "--assert=plain", "-p", "no:cacheprovider"]
    options += ["--doctest-modules", f"--hypothesis-profile={FIRST}"]
    options += ["-m", which, "--basetemp=temporary"]
    code = int(pytest.main([*options, *tests], list(plugins)))
    return 0 if code == pytest.ExitCode.NO_TESTS_COLLECTED else code


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


def in_order(tests: list[str], module: str, recorded: Recorded) -> list[str]:
    """Tests in the order in which they see a fault soonest: the module's own before others, those
    of one file together, the quickest of a file first.
    """
    seconds = recorded.seconds
    own = {f"src/tocsin/{module}", tests_of(module)}
    files: dict[str, float] = {}
    for test in tests:
        file = file_of(test)
        files[file] = files.get(file, 0.0) + (0.0 if file in own else seconds[test])
    return sorted(tests, key=lambda test: (files[file_of(test)], seconds[test]))


def tests_of(module: str) -> str:
    """The file of tests that mirrors a file of the code."""
    home = Path("tests") / module
    return str(home.with_name(f"test_{home.stem.replace('__init__', 'init')}.py"))


def fail(tree: Path, tests: list[str], recorded: Recorded) -> bool:
    """Whether one of the tests fails, which are run in this order."""
    if not tests:
        return False
    files = list(dict.fromkeys(map(file_of, tests)))
    limit = 10 + PATIENCE * sum(recorded.worked[test] for test in tests)
    return bool(forked(tree, lambda: pytested(files, Chosen(tests)), limit))


def cheap(tests: list[str], recorded: Recorded) -> int:
    """How many of these tests, from the first on, take no more than `CHEAP` together."""
    spent = 0.0
    for place, test in enumerate(tests):
        spent += recorded.worked[test]
        if spent > CHEAP:
            return max(place, 1)
    return len(tests)


def slow_ones_fail(tree: Path, place: str, worked: float) -> bool:
    """Whether one of the slow tests of a file or room fails.

    Args:
        tree: the copy of the tree.
        place: the file or folder of tests.
        worked: the seconds of the processor that all the room's slow tests take without a fault.
    """
    if not (tree / place).exists():
        return False
    limit = 10 + PATIENCE * worked
    return bool(forked(tree, lambda: pytested([place], which=SLOW), limit))


def slow_seconds(tree: Path, room: str) -> float:
    """How long the processor works on the room's slow tests without a fault; none of them fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    if forked(tree, lambda: pytested([f"tests/{room}"], which=SLOW), 1800):
        said = (tree / "said.txt").read_text("utf-8")
        sys.exit(f"The slow tests fail without any fault:\n{said}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
