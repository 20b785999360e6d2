"""How tests ask an application: in the thread of the test, without a server or a socket.

Starlette's own transport makes an event loop and a thread for each request, and crosses to that
thread for each piece of it: over half of the time that a request took in these tests.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import unquote

import httpx

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message


class Loop:
    """An event loop, closed when nobody holds it any more."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()

    def __del__(self) -> None:
        self.loop.close()


class Loops(threading.local):
    """The loop of each thread, so that requests of several threads are answered at one time."""

    def __init__(self) -> None:
        self.own = Loop()


LOOPS = Loops()


def run(asked: Coroutine[None, None, None]) -> None:
    """Run it in this thread; where Playwright's loop runs already, in another one."""
    if asyncio._get_running_loop() is None:
        LOOPS.own.loop.run_until_complete(asked)
    else:
        with ThreadPoolExecutor(1) as another:
            another.submit(asyncio.run, asked).result()


class Transport(httpx.BaseTransport):
    """Asks an application (ASGI 3.0) and gives its whole answer; a fault is an answer of 500.

    What an endless answer says is seen with Starlette's own transport.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body, url = request.read(), request.url
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1",
            "method": request.method, "path": unquote(url.path),
            "raw_path": url.raw_path.partition(b"?")[0], "root_path": "", "scheme": url.scheme,
            "query_string": url.query, "server": (url.host, url.port or 443),
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "client": ("testclient", 50_000), "state": {}, "extensions": {},
        }  # fmt: skip
        said: list[Message] = []

        async def ask() -> None:
            ended, waiting = asyncio.Event(), [body]

            async def receive() -> Message:
                if waiting:
                    return {"type": "http.request", "body": waiting.pop()}
                await ended.wait()
                return {"type": "http.disconnect"}

            async def send(message: Message) -> None:
                said.append(message)
                if not message.get("more_body", message["type"] != "http.response.body"):
                    ended.set()

            # A fault is raised again for the server's log after it was answered.
            with contextlib.suppress(Exception):
                await self.app(scope, receive, send)

        run(ask())
        if not said:
            return httpx.Response(500, request=request)
        begin, *parts = said
        more = [part.get("more_body", False) for part in parts]
        assert begin["type"] == "http.response.start", said
        assert all(part["type"] == "http.response.body" for part in parts), said
        assert more == [True] * (len(parts) - 1) + [False], "It ends once, with its last part."
        content = b"".join(bytes(part.get("body", b"")) for part in parts)
        return httpx.Response(
            begin["status"], headers=begin.get("headers"), request=request,
            stream=httpx.ByteStream(b"" if request.method == "HEAD" else content),
        )  # fmt: skip
