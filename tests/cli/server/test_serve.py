"""`tocsin serve`: what it refuses, and that nothing goes in the clear to other machines."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from command import tocsin


def test_a_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    done = tocsin("serve", "--data", tmp_path / "d", "--certificate", tmp_path / "c.pem")
    assert done.returncode == 2
    assert not (tmp_path / "d").exists()


@pytest.mark.release
def test_an_address_that_others_reach_has_tls_without_being_asked(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "tocsin", "serve", "--data", str(tmp_path), "--port",
               str(port), "--host", "0.0.0.0"]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for _ in range(300):
            try:
                trust = ssl.create_default_context(cafile=str(tmp_path / "tls.crt"))
                answer = httpx.get(f"https://localhost:{port}/health", verify=trust)
                break
            except (OSError, httpx.HTTPError):
                assert process.poll() is None
                time.sleep(0.1)
        with pytest.raises(httpx.HTTPError):
            httpx.get(f"http://localhost:{port}/health")
        process.terminate()
        out, _ = process.communicate(timeout=60)
    assert answer.json() == {"status": "ok"}
    assert "strict-transport-security" not in answer.headers
    assert "Its SHA-256: " in out
    assert "https://" in out
    assert "0.0.0.0" not in out
