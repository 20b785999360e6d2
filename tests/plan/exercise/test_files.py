"""What players get holds nothing of the truth, and the list goes round unchanged."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from tocsin.errors import SourceRefused, UsageError
from tocsin.plan.exercise import (
    Future,
    Script,
    read_events,
    read_truth,
    write_exercise,
    write_script,
)
from tocsin.plan.exercise.files import timetable, truth
from tocsin.schema.days.periods import month_after
from tocsin.schema.spreadsheet import write_table


@pytest.fixture(scope="module", params=[1, 2, 3])
def script(request: pytest.FixtureRequest) -> Script:
    """A script with true and false reports."""
    rng = np.random.default_rng(request.param)
    months = tuple(month_after(date(2027, 1, 1), later) for later in range(9))
    return write_script(
        Future(
            request.param,
            ("Mali", "Niger", "Chad"),
            months,
            rng.gamma(0.7, 60, (9, 3)).astype(np.float32),
            rng.gamma(0.5, 4000, (9, 3)).astype(np.float32),
            rng.gamma(1, 6, (9, 3)).astype(np.float32),
        )
    )


def test_no_file_of_players_leaks_the_truth(script: Script, tmp_path: Path) -> None:
    write_exercise(script, tmp_path)
    files = [path for room in ("players", "handouts") for path in (tmp_path / room).rglob("*")]
    texts = [path.read_text("utf-8") for path in files if path.is_file()]
    assert len(texts) > 8
    hidden = [
        *script.events["Notes"],
        *script.events["Expected Participant Response"],
        *script.events["Exercise Objective"],
        "Truth", "rumour", "false report", "Hand out if", "Contingency", "Contextual",
        *(f"{turn.size:.0f} deaths" for turn in script.turns),
    ]  # fmt: skip
    for text in texts:
        assert not [one for one in hidden if one in text]
    assert not [path for path in files if path.suffix in {".xlsx", ".json"}]


def test_handouts_are_the_messages_to_each_cell(script: Script, tmp_path: Path) -> None:
    write_exercise(script, tmp_path)
    handouts = {path.stem for path in (tmp_path / "handouts").rglob("*.txt")}
    assert handouts == set(script.events["Event Number"])


@pytest.mark.slow
@pytest.mark.parametrize("name", ["msel.csv", "msel.xlsx"])
def test_the_list_goes_round_unchanged(script: Script, tmp_path: Path, name: str) -> None:
    write_exercise(script, tmp_path)
    path = tmp_path / "controllers" / name
    read = read_events(path)
    assert read.equals(script.events)
    again = tmp_path / name
    write_table(read, again)
    assert read_events(again).equals(read)
    if name.endswith("csv"):
        assert again.read_bytes() == path.read_bytes()


def test_a_list_that_a_spreadsheet_saved_is_the_same(script: Script, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    write_exercise(script, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "controllers" / "msel.xlsx")
    for row in book.active.iter_rows(min_row=2):
        row[1].value = datetime.fromisoformat(row[1].value)
        row[0].value = float(row[0].value) if row[0].value.isdigit() else row[0].value
    book.active.append([None] * 10)
    book.save(tmp_path / "typed.xlsx")
    assert read_events(tmp_path / "typed.xlsx").equals(script.events)
    text = script.events.write_csv(separator=";").replace("\n", "\r\n")
    (tmp_path / "saved.csv").write_text(text, encoding="utf-8-sig", newline="")
    assert read_events(tmp_path / "saved.csv").equals(script.events)


def test_a_truth_that_a_spreadsheet_saved_is_read_or_refused(
    script: Script, tmp_path: Path
) -> None:
    write_exercise(script, tmp_path)
    path = tmp_path / "controllers" / "truth.csv"
    before, text = read_truth(path), path.read_text()
    assert before["happens"].to_list() == [turn.happens for turn in script.turns]
    path.write_text(text.replace(",", ";").replace("true", "TRUE"))
    assert read_truth(path).equals(before)
    path.write_text(text.replace(str(before["time"][0]), "07/03/2027 13:00"))
    with pytest.raises(SourceRefused, match=r"row 2: '07/03/2027 13:00' is no time"):
        read_truth(path)
    path.write_text(text.replace("happens", "true?"))
    with pytest.raises(SourceRefused, match="no column 'happens'"):
        read_truth(path)


def test_a_workbook_is_closed_once_it_is_read(script: Script, tmp_path: Path) -> None:
    """Where a file that is open cannot be replaced, controllers could not save theirs."""
    write_exercise(script, tmp_path)
    path = tmp_path / "controllers" / "msel.xlsx"
    read_events(path)
    opened = Path("/proc/self/fd")
    if not opened.exists():
        pytest.skip("no list of open files")
    assert path.resolve() not in [one.resolve() for one in opened.iterdir()]


def test_an_empty_sheet_has_no_columns(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl").Workbook().save(tmp_path / "msel.xlsx")
    with pytest.raises(SourceRefused, match="no column"):
        read_events(tmp_path / "msel.xlsx")


def test_the_timetable_never_goes_back(script: Script) -> None:
    minutes = timetable(script, 120)["minute"]
    assert minutes.is_sorted()
    assert minutes.max() <= 120  # type: ignore[operator]


def test_the_truth_tells_what_does_not_happen(script: Script) -> None:
    told = truth(script)
    assert set(told.filter(~told["happens"])["kind"]) <= {"rumour"}
    assert told["time"].is_sorted()


def test_a_new_exercise_leaves_no_handout_of_the_one_before(script: Script, tmp_path: Path) -> None:
    old = tmp_path / "handouts" / "civil-protection-cell"
    old.mkdir(parents=True)
    (old / "99b.txt").write_text("of another exercise")
    (old / "notes.txt").write_text("of a controller")
    write_exercise(script, tmp_path)
    assert not (old / "99b.txt").exists()
    assert (old / "notes.txt").exists()


@pytest.mark.slow
def test_what_players_decided_is_not_written_over(script: Script, tmp_path: Path) -> None:
    write_exercise(script, tmp_path)
    write_exercise(script, tmp_path)
    path = tmp_path / "players" / "partner-states-cell" / "decisions.csv"
    path.write_text(path.read_text() + "Partner states cell,2027-02-01 09:00,warn,Mali,x\n")
    with pytest.raises(UsageError, match="Players have written decisions"):
        write_exercise(script, tmp_path)
    assert "Mali" in path.read_text()
