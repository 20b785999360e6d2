"""`tocsin collect`: reports of the server become reports of a workspace, once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from share.server.conftest import Site
from tocsin.cli import app
from tocsin.share.server.access.reader import REPORT
from tocsin.share.server.desk.reports import Sending, receive
from tocsin.share.server.running.opening import open_folder
from tocsin.workspace.store import Workspace

run = CliRunner().invoke


@pytest.mark.slow
def test_reports_are_collected_once_and_corrected(tmp_path: Path) -> None:
    data, place = tmp_path / "data", tmp_path / "ws"
    database, settings = open_folder(data)
    fay = Site(database, settings).account("Fay", settings.organisation, "field reporter")
    assert REPORT in fay.reader.verbs
    answers = {"event_date": "2026-11-20", "country": "Mali", "event_kind": "one_sided"}
    with Workspace.init(place):
        pass
    command = ["collect", "--data", str(data), "--workspace", str(place), "--json"]
    told = []
    for trunk, headline in ((0, "first"), (1, "second")):
        sent = Sending(
            "k" * 20, f"sending-{trunk}-{'x' * 20}", answers | {"headline": headline},
            f"branch-{trunk}-{'x' * 20}", trunk=trunk,
        )  # fmt: skip
        with database.writing() as connection:
            receive(database, connection, fay, sent)
        told += [json.loads(run(app, command).output) for _ in range(2)]
    database.close()
    assert told == [{"reports": 1, "left_out": 0, "refused": 0, "corrections": 0}] * 4
    with Workspace.open(place) as opened:
        assert opened.read("reports")["headline"].to_list() == ["second"]
