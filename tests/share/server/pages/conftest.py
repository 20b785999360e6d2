"""What the tests of pages share: a server on a port of this machine, and a phone."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import uvicorn

from share.server.conftest import PASSWORD, Site
from tocsin.share.server.database.connection import SQLITE_FILE, connect

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext


@pytest.fixture(scope="module")
def place(fresh: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, str]]:
    """A server on a port of this machine, and its address."""
    folder = tmp_path_factory.mktemp("place")
    shutil.copy(fresh, folder / SQLITE_FILE)
    site = Site(connect(folder))
    site.account("Fay", role="field reporter")
    site.account("Ama")
    config = uvicorn.Config(site.app, port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield site, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
    site.database.close()


@pytest.fixture
def phone(browser: Browser, place: tuple[Site, str]) -> Iterator[BrowserContext]:
    """A phone on which somebody signed in and opened the form once, which it keeps since."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=place[1])
    page = context.new_page()
    page.goto("/sign-in?next=/report/en")
    page.fill("#name", "Fay")
    page.fill("#password", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/report/en")
    page.click("#without")
    # The choice is kept before the tab is closed.
    page.locator("#desk").wait_for()
    page.evaluate("navigator.serviceWorker.ready")
    page.close()
    yield context
    context.close()
