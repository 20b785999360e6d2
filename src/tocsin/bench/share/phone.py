"""A server of its own and a browser whose process can be killed, for journeys of a reporter."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from tocsin.bench.cost import UNSEEN, descendants
from tocsin.errors import UsageError, require
from tocsin.share.server.accounts import people, secrets, signing_in
from tocsin.share.server.accounts.people import Place
from tocsin.share.server.database.connection import Database, connect
from tocsin.share.server.database.schema import upgrade
from tocsin.share.server.database.tables import objects
from tocsin.share.server.pages.drawing import version
from tocsin.share.server.running.app import make_app
from tocsin.share.server.settings import ServerSettings
from tocsin.share.server.web.asking import COOKIE, Service

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Playwright
    from starlette.types import Message, Receive, Scope, Send

NAME, PASSWORD = "Fay", "correct horse battery staple"
ROUNDS = b"const ROUNDS = 600000;", b"const ROUNDS = 6000;  "
"""How often the page stretches a PIN, and how often on a journey: it costs a third of a second at
each opening, and changes nothing of what is kept."""
QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0",
    "--window-size=390,844",
)  # fmt: skip
WAIT = 120.0
"""Seconds for which a server or a browser is waited for."""

_UPGRADING = threading.Lock()


class Server:
    """This is an exchange server on a port of this machine, with one reporter.

    Its pages can be made those of a newer version, as an update of the server makes them.
    """

    def __init__(self, folder: Path) -> None:
        uvicorn = require("uvicorn", extra="server")
        folder.mkdir(parents=True, exist_ok=True)
        self.database: Database = connect(folder)
        # Alembic keeps what it works on in one place for the whole process.
        with _UPGRADING:
            upgrade(self.database)
        with self.database.writing() as connection:
            place = Place("Health", "field reporter")
            stretched = secrets.stretch(PASSWORD)
            self._account = people.add(self.database, connection, NAME, place, stretched)
        plenty = ServerSettings(requests_per_minute=10**9, sign_ins_per_hour=10**9)
        self._app = make_app(Service(self.database, plenty))
        self._updates = 0
        config = uvicorn.Config(
            self._answer, port=0, log_level="critical", lifespan="off", interface="asgi3"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        _wait_until(lambda: bool(self._server.started))
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"

    def update(self) -> None:
        """Let the pages be of a newer version from now on."""
        self._updates += 1

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        old, new = version().encode(), f"{self._updates:012x}".encode()

        async def count_and_send(message: Message) -> None:
            if body := message.get("body"):
                # What is put in is as long as what it replaces, so the length of the answer stays.
                body = body.replace(*ROUNDS)
                message = {**message, "body": body.replace(old, new) if self._updates else body}
            await send(message)

        await self._app(scope, receive, count_and_send)

    def session(self) -> str:
        """Begin a session of the reporter's, as signing in does it; the secret for its cookie."""
        with self.database.writing() as connection:
            return signing_in.begin(self.database, connection, self._account)

    def reports(self) -> Counter[str]:
        """Count the versions of reports that arrived, by their headline."""
        with self.database.reading() as connection:
            query = select(objects.c.payload).where(objects.c.type == "report")
            rows = connection.execute(query).scalars().all()
        return Counter(str(json.loads(one)["answers"].get("headline", "")) for one in rows)

    def close(self) -> None:
        """Stop the server."""
        self._server.should_exit = True
        self._thread.join(WAIT)
        self.database.close()


class Phone:
    """This is a browser with a profile on the disk, which may be killed at any moment."""

    def __init__(self, playwright: Playwright, folder: Path, address: str) -> None:
        # Debian builds the same engine without its windows, too, which starts in half the time.
        found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        if found is None:
            raise UsageError("There is no Chromium.", remedy="apt-get install chromium")
        self._chromium, self._playwright = found, playwright
        self._folder, self._address = folder, address
        self._process: subprocess.Popen[bytes] | None = None
        self.context: BrowserContext
        self.start()

    def start(self) -> None:
        """Start the browser on its profile."""
        ready = self._folder / "DevToolsActivePort"
        ready.unlink(missing_ok=True)
        # Killed browsers leave their mark that the profile is in use.
        for mark in self._folder.glob("Singleton*"):
            mark.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [self._chromium, *QUIET, f"--user-data-dir={self._folder}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        _wait_until(lambda: ready.exists() and ready.read_text().count("\n") > 0)
        port = ready.read_text().split("\n")[0]
        browser = self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        self.context = browser.contexts[0]
        self.context.set_default_timeout(WAIT * 1000)

    def kill(self) -> None:
        """Kill the browser with all its processes, as a dead battery does."""
        if self._process is not None:
            UNSEEN.add(*descendants(self._process.pid))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(WAIT)
            self._process = None

    def page(self, path: str) -> Page:
        """Open a page of the server in a tab of its own."""
        page = self.context.new_page()
        page.goto(self._address + path)
        return page

    def form(self, session: str) -> Page:
        """Open the form, in a session that was begun just now."""
        # Browsers take a cookie of this name from protected addresses alone, and send it to their
        # own machine over any.
        address = self._address.replace("http:", "https:")
        self.context.add_cookies([{"name": COOKIE, "value": session, "url": address}])
        return self.page("/report/en")


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[tuple[Server, Phone]]:
    """Open a server and a phone, and close both at the end.

    Args:
        folder: a folder for both, which is made.

    Yields:
        The server and the phone.

    Raises:
        UsageError: Playwright or Chromium is missing.
    """
    server = Server(folder / "server")
    try:
        with opened_browser(folder / "phone", server.address) as phone:
            yield server, phone
    finally:
        server.close()


@contextlib.contextmanager
def opened_browser(folder: Path, address: str) -> Iterator[Phone]:
    """Open a browser, and kill it at the end.

    Args:
        folder: a folder for its profile, which is made.
        address: the server's address.

    Yields:
        The browser.

    Raises:
        UsageError: Playwright or Chromium is missing.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise UsageError("Playwright is missing.", remedy="pip install playwright") from error
    with sync_playwright() as playwright:
        folder.mkdir(parents=True, exist_ok=True)
        phone = Phone(playwright, folder, address)
        try:
            yield phone
        finally:
            phone.kill()


def _wait_until(ready: Any) -> None:
    until = time.monotonic() + WAIT
    while not ready():
        if time.monotonic() > until:
            raise UsageError("It did not start in time.", remedy="Try again on a calmer machine.")
        time.sleep(0.02)
