"""From a log to its brief in one verb."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tocsin.cli import app
from tocsin.errors import SourceRefused, UsageError
from tocsin.schema.settings import Region, Settings
from tocsin.workspace.store import Workspace

LOG = """id,date,country,deaths,side_a,side_b
1,2023-01-05,Mali,7,Group A,Army
2,2023-02-09,Mali,2,Group A,Army
"""


@pytest.mark.slow
def test_a_log_becomes_a_brief(tmp_path: Path) -> None:
    log, mapping = tmp_path / "log.csv", tmp_path / "log.toml"
    log.write_text(LOG, encoding="utf-8")
    run = CliRunner()
    drafted = run.invoke(app, ["observe", "--suggest-mapping", str(log)], catch_exceptions=False)
    mapping.write_text(drafted.stdout, encoding="utf-8")
    region = Region(name="Sahel", territories={"Sahel": [432]})
    Workspace.init(tmp_path / "w", Settings(region=region)).close()
    words = ["brief", str(log), "--mapping", str(mapping), "-w", str(tmp_path / "w")]
    done = run.invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0
    assert "2 incidents, 9 deaths" in done.stdout
    assert (tmp_path / "w" / "brief" / "index.html").is_file()


def test_what_cannot_be_read_makes_no_brief(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("a,b\n1,2\n", encoding="utf-8")
    for words, error in ((["--mapping", "m"], UsageError), ([str(log)], SourceRefused)):
        with pytest.raises(error):
            CliRunner().invoke(
                app, ["brief", *words, "-w", str(tmp_path / "w")], catch_exceptions=False
            )
    assert not (tmp_path / "w" / "brief").exists()
