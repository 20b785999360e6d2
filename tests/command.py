"""The command `tocsin`, called in this process: to start another takes over a second."""

from __future__ import annotations

import io
import sys
from contextlib import redirect_stderr, redirect_stdout
from subprocess import CompletedProcess
from unittest.mock import patch

from tocsin.cli import main


def tocsin(*words: object) -> CompletedProcess[str]:
    """What a process of these words would print, with its exit code.

    Ctrl-C is not watched for, since that is for a process of its own.
    """
    out, err = io.StringIO(), io.StringIO()
    arguments = ["tocsin", *map(str, words)]
    code = 0
    with (
        patch.object(sys, "argv", arguments),
        patch("tocsin.cli.watch_for_stop"),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return CompletedProcess(arguments, code, out.getvalue(), err.getvalue())
