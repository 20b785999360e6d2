"""Ctrl-C in the middle of a stage: said, exit code 1, and the last good state."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tocsin.observe import example_files
from tocsin.schema.settings import Region, Settings
from tocsin.workspace import road
from tocsin.workspace.runner import run
from tocsin.workspace.steps import find_step
from tocsin.workspace.store import Workspace

DEAF = """
import ctypes
import threading
from tocsin.cli.stop import watch_for_stop
watch_for_stop()
library = ctypes.CDLL(None)
lock = ctypes.create_string_buffer(128)
library.pthread_mutex_lock(lock)
# The word comes from another thread, when this one has long been in the call.
threading.Timer(1.0, lambda: print("in it", flush=True)).start()
library.pthread_mutex_lock(lock)
"""
"""A process that hangs in a call outside Python, as in a compilation."""


def _interrupt(command: list[str], heard: str) -> tuple[int, str]:
    """Start, wait for a word on standard error or output, press Ctrl-C; exit code and words."""
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with subprocess.Popen(command, text=True, bufsize=1, **both) as process:  # type: ignore[call-overload]
        said = ""
        while heard not in said:
            letter = process.stdout.read(1)
            assert letter, said
            said += letter
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=120)
    return process.returncode, said + rest


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the call is one of Linux")
def test_what_cannot_be_interrupted_ends_with_the_process() -> None:
    code, said = _interrupt([sys.executable, "-c", DEAF], "in it")
    assert code == 1
    assert "Stopping" in said
    assert "last good state" in said


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace on which each stage has something to do."""
    folder = tmp_path_factory.mktemp("ready")
    path = folder / "s.csv"
    rows = [
        f"{country},{year}-{month:02d},{month}"
        for country in ("Syria", "Iraq")
        for year in range(2012, 2023)
        for month in range(1, 13)
    ]
    path.write_text("country,month,ged_sb\n" + "\n".join(rows) + "\n", encoding="utf-8")
    region = Region(name="Two", territories={"Two": [652, 645]})
    events = [one for one in example_files() if "central_african" in one.name]
    with Workspace.init(folder / "w", Settings(region=region, draws=100)) as opened:
        road.observe(opened, [path, *events])
        run(opened, find_step("anticipate"))
    return folder / "w"


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["observe", "assess", "anticipate", "plan"])
def test_a_stage_that_is_stopped_leaves_what_was(ready: Path, verb: str) -> None:
    files = [str(one) for one in example_files() if "syria" in one.name]
    command = [sys.executable, "-m", "tocsin", verb, "-w", str(ready)]
    with Workspace.open(ready) as opened:
        before = opened.runs()
    code, said = _interrupt([*command, *(files if verb == "observe" else [])], f"{verb} ")
    assert code == 1, said
    assert "last good state" in said
    with Workspace.open(ready) as opened:
        assert opened.runs() == before
