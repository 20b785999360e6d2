"""The server as a process: it starts, answers, and stops in good order."""

from __future__ import annotations

import json
import logging
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tocsin.errors import UsageError
from tocsin.share.server.running.serving import Lines, check_reach


@pytest.mark.slow
def test_it_starts_answers_and_stops(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tocsin", "serve", "--data", str(tmp_path / "data")]
    with subprocess.Popen(
        [*command, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        for _ in range(300):
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/health")
                break
            except httpx.ConnectError:
                assert process.poll() is None
                time.sleep(0.1)
        else:
            pytest.fail("the server did not start")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert answer.json() == {"status": "ok"}
    assert len(re.findall(r"/invitation/[\w-]{43}", out)) == 1
    assert process.returncode == 0, err
    line = json.loads(err.splitlines()[0])
    assert (line["route"], line["status"]) == ("/health", 200)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_nobody_reaches_it_from_elsewhere_without_tls(host: str) -> None:
    with pytest.raises(UsageError, match="unprotected"):
        check_reach(host, is_safe=False, behind_proxy=False)
    check_reach(host, is_safe=True, behind_proxy=False)
    check_reach(host, is_safe=False, behind_proxy=True)
    check_reach("::1", is_safe=False, behind_proxy=False)
    check_reach("localhost", is_safe=False, behind_proxy=False)


def test_a_line_of_the_log_is_json_with_the_kind_of_a_fault_alone() -> None:
    try:
        raise ValueError("the secret")
    except ValueError:
        fault = sys.exc_info()
    record = logging.LogRecord("tocsin.server", logging.ERROR, "", 1, "words", None, fault)
    told = json.loads(Lines().format(record))
    assert (told["words"], told["fault"]) == ("words", "ValueError")
    assert "the secret" not in Lines().format(record)
