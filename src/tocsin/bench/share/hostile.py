"""Does anything that is sent make a fault of the server: broken bodies, and odd ones that fit?

A fault is an answer of 500 or more; the answer to what is wrong is 400 to 499.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tocsin.bench.share.permissions.people import OWNER, Asker
from tocsin.bench.share.permissions.world import ANSWERS, PUBLIC, World

NOTE: dict[str, Any] = {"type": "note", "payload": {"a": 1}, "markings": [{"level": "GREEN"}]}
REPORT = {"key": "k" * 20, "sending": "s" * 20, "branch": "b" * 20, "answers": ANSWERS}
BODIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/api/objects", NOTE), ("/api/objects/bulk", {"objects": [NOTE]}), ("/api/reports", REPORT),
    ("/api/reports/bulk", {"reports": [REPORT]}), ("/api/tokens", {"scopes": ["read"]}),
    ("/api/log/cosignatures", {"checkpoint": "a\n1\nAAAA\n\n— a AAAA\n"}),
)  # fmt: skip
"""Bodies that are right, from which broken ones are made."""
NASTY = (b"\x00", b"\xff\xfe", b"\\u0000", b"\\ud800", b"1e999", b"-1", b"9" * 40, b"[" * 200,
         b"{}", b"null", b'"', b"\\", b"NaN", "\u202e\u00e9".encode(),
         b"' OR 1=1 --", b"<script>")  # fmt: skip
WORST = 5
"""So many faults are told of."""


def measure_uploads(*, uploads: int = 50_000, seed: int = 0) -> dict[str, Any]:
    """Send broken bodies to every place that takes one.

    Args:
        uploads: how many.
        seed: start of all random numbers.

    Returns:
        `uploads`, how many of them were `taken` all the same, and how many made `upload_faults`;
        and the first few as `upload_worst`.
    """
    draw, worst, faults, taken = random.Random(seed), [], 0, 0
    analyst = Asker("Ama", OWNER, "analyst")
    with _world(analyst) as world:
        for n in range(uploads):
            path, told = draw.choice(BODIES)
            body = break_body(draw, json.dumps(told | {"n": n} if n % 7 == 0 else told).encode())
            answer = world.ask(analyst, "POST", path, body)
            taken += answer.status < 400
            if answer.status >= 500:
                faults += 1
                worst.append(f"{answer.status} {path} {body!r}")
    return {
        "uploads": uploads, "taken": taken, "upload_faults": faults, "upload_worst": worst[:WORST],
    }  # fmt: skip


def break_body(draw: random.Random, body: bytes) -> bytes:
    """Put some bytes into a body, take some out, double or change them."""
    for _ in range(draw.randint(1, 4)):
        at, to = sorted(draw.randint(0, len(body)) for _ in range(2))
        match draw.randint(0, 3):
            case 0:
                body = body[:at] + draw.choice(NASTY) + body[at:]
            case 1:
                body = body[:at] + draw.choice(NASTY) + body[to:]
            case 2:
                body = body[:at] + body[at:to] * 2 + body[to:]
            case _:
                body = body[:at] + bytes([draw.randint(0, 255)]) + body[at + 1 :]
    return body


def measure_described(*, each: int = 60, every: int = 1) -> dict[str, Any]:
    """Ask each operation of `/openapi.json` with what schemathesis makes of its description.

    Args:
        each: so many requests an operation.
        every: 1 asks all operations, 2 every second one.

    Returns:
        `operations` and `requests`, and how many made `faults`, and the first few as `worst`;
        nothing where schemathesis is not installed.
    """
    if importlib.util.find_spec("schemathesis") is None:
        return {}
    schemathesis: Any = importlib.import_module("schemathesis")
    hypothesis: Any = importlib.import_module("hypothesis")
    askers = [Asker(name, OWNER, role) for name, role in (
        ("Ama", "analyst"), ("Oma", "administrator"), ("Pia", "partner"))]  # fmt: skip
    requests, operations, worst = 0, 0, []
    with _world(*askers) as world:
        schema = schemathesis.openapi.from_asgi("/openapi.json", world.app)
        for found in list(schema.get_all_operations())[::every]:
            operation = found.ok()
            if operation.path == "/api/events":  # It does not end.
                continue
            operations += 1

            def ask(case: Any) -> None:
                nonlocal requests
                requests += 1
                token = world.token(askers[requests % 3])
                given = {"authorization": f"Bearer {token}"}
                # What the server does not foresee reaches whoever runs it as an exception.
                try:
                    status = case.call(headers=given, base_url="https://testserver").status_code
                except Exception as error:
                    status = type(error).__name__
                if not isinstance(status, int) or status >= 500:
                    worst.append(f"{status} {case.as_curl_command()}")

            chosen = hypothesis.settings(
                max_examples=each, deadline=None, derandomize=True, database=None,
                phases=[hypothesis.Phase.generate],
                suppress_health_check=list(hypothesis.HealthCheck),
            )  # fmt: skip
            chosen(hypothesis.given(operation.as_strategy())(ask))()
    return {
        "operations": operations, "requests": requests, "faults": len(worst),
        "worst": worst[:WORST],
    }  # fmt: skip


@contextmanager
def _world(*askers: Asker) -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), [], askers)
        # An id that a request may name is that of something that is there.
        assert world.ask(askers[0], "GET", f"/api/objects/{PUBLIC}").status == 200
        try:
            yield world
        finally:
            world.close()
