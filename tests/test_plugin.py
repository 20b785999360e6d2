"""A package of somebody else, installed into a fresh environment, is used by name."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import venv
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import tocsin
from tocsin import Workspace
from tocsin.anticipate.data.panel import panel
from tocsin.anticipate.evaluation.track_record import track_record
from tocsin.anticipate.issue.forecast import forecast
from tocsin.anticipate.models.baselines import MODELS
from tocsin.schema.run import Run
from tocsin.schema.settings import Region, Settings
from tocsin.workspace import road

pytestmark = pytest.mark.release
PACKAGE = Path(__file__).parent / "plugin"
SOURCE = Path(tocsin.__file__).parents[1]
MONTHS = pl.date_range(date(2016, 1, 1), date(2023, 12, 1), "1mo", eager=True)
COUNTS = pl.concat(
    [
        pl.DataFrame({"country": name, "month": MONTHS, "ged_sb": [i * n % 7 for i in range(96)]})
        for name, n in (("Mali", 1), ("Niger", 3))
    ]
)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the package in it, and the libraries of this one beside it.

    Nothing is fetched: pip builds with what is here, and looks at no registry.
    """
    folder = tmp_path_factory.mktemp("fresh")
    venv.create(folder / "env", with_pip=True)
    found = folder / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    site = subprocess.run(
        [found, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    beside = [str(SOURCE), *(path for path in sys.path if path.endswith("site-packages"))]
    (Path(site) / "beside.pth").write_text("\n".join(beside))
    package = folder / "package"
    package.mkdir()
    for path in PACKAGE.iterdir():
        if path.is_file():
            (package / path.name).write_bytes(path.read_bytes())
    run(found, "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--no-index",
        "--disable-pip-version-check", str(package))  # fmt: skip
    return found


def run(python: Path, *words: str, code: int = 0) -> str:
    """What a command prints; the environment sees nothing of this one's paths."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run([python, *words], capture_output=True, text=True, env=clean, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("counts") / "counts.csv"
    COUNTS.write_csv(path)
    return str(path)


def test_it_is_listed_with_its_package(python: Path) -> None:
    found = json.loads(run(python, "-m", "tocsin", "plugins", "--others", "--check", "--json"))
    assert [(row["kind"], row["name"], row["package"], row["fault"]) for row in found] == [
        ("forecaster", "seasonal", "tocsin-seasons 1.0", None),
        ("export", "lines", "tocsin-seasons 1.0", None),
    ]


def test_its_model_forecasts_and_is_scored(python: Path, counts: str, tmp_path: Path) -> None:
    out = tmp_path / "draws.parquet"
    run(python, "-m", "tocsin", "forecast", "--history", counts, "--origin", "2022-10",
        "--horizon", "3", "--draws", "100", "--model", "seasonal", "--out", str(out))  # fmt: skip
    # Seven years are known, of which each November is one; their counts are 0 to 6.
    november = pl.read_parquet(out).filter(country="Mali", month="2022-11")["outcome"]
    known = COUNTS.filter(pl.col("country") == "Mali", pl.col("month").dt.month() == 11,
                          pl.col("month") < date(2022, 10, 1))  # fmt: skip
    assert set(november) == set(known["ged_sb"])
    scored = run(python, "-m", "tocsin", "backtest", "--history", counts, "--from", "2023",
                 "--to", "2023", "--model", "seasonal", "--draws", "100", "--workers", "2",
                 "--json")  # fmt: skip
    assert "seasonal" in scored
    wrong = run(python, "-m", "tocsin", "forecast", "--history", counts, "--origin", "2022-10",
                "--model", "sesonal", "--out", str(out), "--json", code=2)  # fmt: skip
    assert "Did you mean 'seasonal'" in json.loads(wrong)["remedy"]


def test_its_export_writes_the_brief(python: Path, tmp_path: Path, counts: str) -> None:
    name = "last twelve months"
    region = Region(name="Two", territories={"Two": [432, 436]})
    with Workspace.init(tmp_path / "region", Settings(region=region)) as workspace:
        road.observe(workspace, [Path(counts)])
        history = panel(workspace.read("series"))
        forecasts, draws = forecast(history, name, MODELS[name], horizon=3, draws=100, seed=1)
        scored = track_record(history, {name: MODELS[name]}, 3)
        computed = {"forecasts": forecasts, "forecast_draws": draws, "track_record": scored}
        run_of = Run("anticipate", "0", workspace.settings.seed)
        workspace.write(run_of, computed, started=time.time())
    out = tmp_path / "brief"
    run(python, "-m", "tocsin", "share", "--workspace", str(tmp_path / "region"), "--out",
        str(out), "--format", "lines", "--format", "csv")  # fmt: skip
    assert (out / "chances.txt").read_text().splitlines()[0].startswith("Mali 2024-01: ")
    assert pl.read_csv(out / "forecasts.csv").height == 6
    assert not (out / "index.html").exists()
