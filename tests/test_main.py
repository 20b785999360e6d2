"""The command before anything is imported: Ctrl-C is heard there as well."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).parents[1] / "src"


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a process otherwise there")
def test_ctrl_c_while_the_command_line_is_imported_is_said(tmp_path: Path) -> None:
    """Typer is what takes long to import: here another module of its name takes a minute."""
    slow = "import time\nprint('in it', flush=True)\ntime.sleep(60)\n"
    (tmp_path / "typer.py").write_text(slow, encoding="utf-8")
    command = [sys.executable, "-m", "tocsin", "status"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{SRC}"},
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "in it\n"
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert said == "\nStopped before anything was begun.\n"
