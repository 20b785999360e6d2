"""Serving: uvicorn with our application, its log as lines of JSON."""

from __future__ import annotations

import gc
import json
import logging
import shlex
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from socket import socket
from typing import Any
from urllib.parse import urlsplit

from tocsin.errors import TocsinError, UsageError, require
from tocsin.share.server.accounts.oidc import Provider
from tocsin.share.server.accounts.sealing import open_seal
from tocsin.share.server.database.connection import now
from tocsin.share.server.running.app import make_app
from tocsin.share.server.running.logbook import Keeper, open_key
from tocsin.share.server.running.opening import first_link, open_folder
from tocsin.share.server.running.scheduling import Scheduler, list_jobs
from tocsin.share.server.running.standby import stands_by, take_over
from tocsin.share.server.running.tls import is_here, own_certificate, reachable_name
from tocsin.share.server.running.workers import run_workers
from tocsin.share.server.settings import SETTINGS_FILE, ServerSettings
from tocsin.share.server.web.asking import Service

COLLECTED = 10_000
"""Objects made beyond those that went, after which Python looks for circles among the new ones;
its own default of some hundreds is reached by a single answer."""
SWITCH = 0.0005
"""Seconds after which a busy thread lets another one go on; Python's own default is ten times as
long."""
Tell = Callable[[str], None]
"""Says a line to whoever started the server."""


class Lines(logging.Formatter):
    """This formats records as lines of JSON, with the time in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        """Format one record."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {"at": at, "level": record.levelname.lower(), "from": record.name}
        if isinstance(record.msg, dict):
            told |= record.msg
            return json.dumps(told | _fault(record), ensure_ascii=False)
        words = record.getMessage()
        try:
            more = json.loads(words)
        except ValueError:
            more = words
        told |= more if isinstance(more, dict) else {"words": words}
        return json.dumps(told | _fault(record), ensure_ascii=False)


def _fault(record: logging.LogRecord) -> dict[str, str]:
    """The kind of a fault; its words may hold data of others."""
    kind = record.exc_info[0] if record.exc_info else None
    return {} if kind is None else {"fault": kind.__name__}


def _tell_link(link: str, folder: Path, settings: ServerSettings, tell: Tell) -> None:
    """Say the first link, and what has to be right before it is opened."""
    tell(f"Make the administrator's account here, within a week: {link}")
    again = f"tocsin serve --data {shlex.quote(str(folder))} --new-link"
    tell(f"The link is shown this once. If it is lost: {again}")
    if settings.organisation == ServerSettings().organisation:
        tell(
            f"The organisation has no name of yours yet, and is '{settings.organisation}'. What is "
            f'made so keeps that: stop, write organisation = "…" into {folder / SETTINGS_FILE}, '
            "start again, and open the link then."
        )


def serve(
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    certificate: Path | None = None,
    key: Path | None = None,
    behind_proxy: bool = False,
    new_link: bool = False,
    takes_over: bool = False,
    workers: int = 1,
    tell: Tell = print,
) -> None:
    """Serve until somebody stops the process.

    Args:
        folder: the data folder.
        host: the address to listen at.
        port: the port.
        certificate: a certificate chain (PEM) for TLS; None: where other machines reach the
            address, the server makes one of its own.
        key: its key (PEM).
        behind_proxy: True where a proxy on this machine does TLS, and says who asks.
        new_link: True makes a further one-time link for an administrator.
        takes_over: True lets a restored server take the place of the one of its backup.
        workers: how many processes answer; more than one only with PostgreSQL.
        tell: says where the server is, and the first link.

    Raises:
        UsageError: a certificate came without its key; the data folder cannot be opened; or
            several processes were to share SQLite.
        MissingExtra: the extra `server` is not installed.
    """
    require("uvicorn", extra="server")
    require("python_multipart", extra="server")
    # Both are found by uvicorn: it takes half the time for a request with them.
    require("httptools", extra="server")
    if sys.platform != "win32":
        require("uvloop", extra="server")
    if (certificate is None) != (key is None):
        raise UsageError("TLS needs a certificate and its key.", remedy="Give both or neither.")
    database, settings = open_folder(folder)
    if workers > 1 and database.is_sqlite:
        database.close()
        raise UsageError(
            "SQLite is written by one process at a time.", where=f"--workers {workers}",
            remedy="Keep the data in PostgreSQL (docs/operate.md), or leave --workers out.",
        )  # fmt: skip
    is_trusted = certificate is not None
    if certificate is None and not behind_proxy and not is_here(host):
        certificate, key = _certificate(folder, host, settings, tell)
    scheme = "http" if certificate is None else "https"
    address = settings.address.rstrip("/") or f"{scheme}://{reachable_name(host)}:{port}"
    secret = first_link(database, settings, again=new_link)
    if secret:
        _tell_link(f"{address}/invitation/{secret}", folder, settings, tell)
    waits = _waits(folder, takes_over, tell)
    tell(f"Serving at {address}")
    own_key = open_key(folder, settings.organisation)
    open_key(folder, settings.organisation, witness=True)
    seal = open_seal(folder)
    keeper = Keeper(database, own_key, signs=not waits)
    keeper.start()
    # What the server does by itself is done here, and never by a process that answers.
    itself = Service(database, settings, address, seal=seal)
    scheduler = Scheduler(database, lambda: [] if waits else list_jobs(itself, own_key))
    itself.stopping = scheduler.is_ended
    scheduler.start()
    listening: dict[str, Any] = {
        "host": host, "port": port, "log_config": _log(), "access_log": False,
        "server_header": False, "date_header": False, "proxy_headers": behind_proxy,
        "timeout_graceful_shutdown": 20, "ssl_certfile": certificate, "ssl_keyfile": key,
        "forwarded_allow_ips": settings.proxies,
    }  # fmt: skip
    # Browsers that were told to take nothing but TLS would not let people past an own certificate.
    insists = is_trusted or behind_proxy
    answering = partial(_answer, folder, address, listening, insists)
    try:
        if workers > 1:
            run_workers(answering, host, port, workers)
        else:
            answering()
    finally:
        scheduler.stop()
        keeper.stop()
        database.close()


def _waits(folder: Path, takes_over: bool, tell: Tell) -> bool:
    """Does a restored server stand by? Say so, and how it takes over."""
    if takes_over and take_over(folder):
        tell(
            "This server takes the place of the one of which its backup was made. It cosigns a "
            "neighbour's log again once it knows what it cosigned since: tocsin neighbours list"
        )
    waits = stands_by(folder)
    if waits:
        tell(
            "This server was restored from a backup. It answers, and by itself tells nobody "
            "anything: no digest, no webhook, no neighbour, no signed checkpoint. Once the other "
            f"one is gone for good: tocsin serve --data {shlex.quote(str(folder))} --take-over"
        )
    return waits


def _answer(
    folder: Path,
    address: str,
    listening: dict[str, Any],
    insists: bool,
    on: socket | None = None,
) -> None:
    """Answer requests in this process until somebody stops it."""
    uvicorn = require("uvicorn", extra="server")
    # A report waits for its turn in Python after each of its ten questions to the database, while
    # the reports of others wait for its transaction.
    sys.setswitchinterval(SWITCH)
    database, settings = open_folder(folder)
    witness = open_key(folder, settings.organisation, witness=True)
    service = Service(database, settings, address, witness=witness, seal=open_seal(folder))
    if stands_by(folder):
        # What its neighbours' logs were since the backup it does not know, and vouches for none.
        service.witness, service.stands_by = None, True
    service.insists_on_tls = insists
    if settings.oidc.issuer:
        require("authlib", extra="oidc")
        service.oidc = Provider(settings.oidc, address)
    app = make_app(service)
    app.state.key = open_key(folder, settings.organisation)
    server = uvicorn.Server(uvicorn.Config(app, **listening))
    # Open streams would hold up the end for as long as uvicorn waits.
    service.stopping = lambda: bool(server.should_exit)
    # What was made by now stays as long as this process: a collection that walks all of it would
    # hold up every answer meanwhile.
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECTED)
    try:
        server.run(sockets=[on] if on is not None else None)
    finally:
        database.close()
    if not server.started:
        raise TocsinError(
            f"The server cannot listen at {listening['host']}:{listening['port']}.",
            remedy="Choose another --port.",
        )


def _certificate(
    folder: Path, host: str, settings: ServerSettings, tell: Tell
) -> tuple[Path, Path]:
    """The server's own certificate, for where nobody gave one."""
    names = {reachable_name(host), urlsplit(settings.address).hostname or "localhost"}
    own = own_certificate(folder, names, now=now())
    tell(f"TLS with a certificate of its own. Its SHA-256: {own.fingerprint}")
    tell("Browsers warn of it, and phones keep no form offline, until somebody trusts it.")
    return own.certificate, own.key


def _log() -> dict[str, object]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": Lines}},
        "handlers": {"err": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "loggers": {
            "uvicorn": {"handlers": ["err"], "level": "WARNING", "propagate": False},
            "tocsin.server": {"handlers": ["err"], "level": "INFO", "propagate": False},
        },
    }
