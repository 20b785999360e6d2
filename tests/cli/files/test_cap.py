"""`tocsin cap check`: exit codes, words and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.bench.share.messages import message
from tocsin.cli import app

RIGHT = Path("right.xml")


@pytest.mark.slow
def test_exit_codes_and_reasons(tmp_path: Path) -> None:
    import random
    import xml.etree.ElementTree as ET

    alert = message(random.Random(2))
    (tmp_path / "right.xml").write_bytes(ET.tostring(alert))
    run = CliRunner().invoke
    good = run(app, ["cap", "check", str(tmp_path)])
    assert good.exit_code == 0, good.output
    assert "valid CAP 1.2" in good.output
    alert.remove(alert[0])
    (tmp_path / "wrong.xml").write_bytes(ET.tostring(alert))
    bad = run(app, ["cap", "check", "--json", str(tmp_path)])
    assert bad.exit_code == 1
    told = json.loads(bad.output)
    assert [one["valid"] for one in told] == [True, False]
    errors = [one for one in told[1]["findings"] if one["severity"] == "error"]
    assert [(one["what"], one["line"]) for one in errors] == [("'identifier' is missing", 1)]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["cap", "check", str(tmp_path / "none.xml")])
    assert done.exit_code != 0
