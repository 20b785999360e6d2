"""What surrounds every request: a limit on its size, headers of the answer, a line in the log."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tocsin.share.server.web.asking import Service

logger = logging.getLogger("tocsin.server")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""What a page may load: what comes from this server, and no script that stands in the page."""
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    # With 'no-referrer' browsers would hide from our own forms' requests where they come from.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), payment=(), usb=()",
    "cache-control": "no-store",
}
ENCODED = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
SAFER = "max-age=31536000"
"""For a year, browsers that came over TLS ask over nothing else."""


class _TooLarge(HTTPException):
    """FastAPI would take another kind of error, met while it reads, for a wrong request."""

    def __init__(self) -> None:
        super().__init__(413)


class Protection:
    """This is the layer around the application, by the interface ASGI.

    A request with more bytes than allowed is refused, whether it says so beforehand or not.
    """

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500
        started = False

        async def send_protected(message: Message) -> None:
            nonlocal status, started
            if message["type"] == "http.response.start":
                status, started = message["status"], True
                _add_headers(message, scope, self._service)
            await send(message)

        try:
            limited = self._limit(scope, receive)
            await self._app(scope, limited, send_protected)
        except _TooLarge:
            if not started:
                await _refuse(send_protected)
        finally:
            route = _route(scope)
            seconds = time.perf_counter() - began
            self._service.counts.add(scope["method"], route, status, seconds)
            _log(scope, route, status, seconds)

    def _limit(self, scope: Scope, receive: Receive) -> Receive:
        most = self._service.settings.largest_upload
        said = Headers(scope=scope).get("content-length", "0")
        if said.isdigit() and int(said) > most:
            raise _TooLarge
        taken = 0

        async def count() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise _TooLarge
            return message

        return count


def _add_headers(message: MutableMapping[str, Any], scope: Scope, service: Service) -> None:
    headers = MutableHeaders(scope=message)
    there = {name for name, _ in headers.raw}
    headers.raw.extend(one for one in ENCODED if one[0] not in there)
    # A proxy that does not say how people came is believed by the address that they use.
    is_safe = scope.get("scheme") == "https" or service.settings.address.startswith("https:")
    if is_safe and service.insists_on_tls:
        headers.setdefault("strict-transport-security", SAFER)


async def _refuse(send: Send) -> None:
    body = json.dumps({"error": "TooLarge", "what": "The request is too large."}).encode()
    headers = [
        (b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _route(scope: Scope) -> str:
    """The pattern of the address: an address itself may hold a secret, as a one-time link does."""
    return str(getattr(scope.get("route"), "path", "other"))


def _log(scope: Scope, route: str, status: int, seconds: float) -> None:
    account = scope.get("state", {}).get("account", "")
    told = {
        "method": scope["method"], "route": route, "status": status,
        "milliseconds": round(seconds * 1000, 1), "account": account,
    }  # fmt: skip
    logger.info(told)
