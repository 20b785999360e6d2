"""Tests by name are counted, and what fails or is not there is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.bench.share import tested
from tocsin.errors import UsageError

ROOT = Path(__file__).parents[3]


def test_every_test_that_is_named_is_there() -> None:
    for few, more in tested.TESTED.values():
        for one in (*few, *more):
            file, _, name = one.partition("::")
            text = (ROOT / "tests" / file).read_text("utf-8")
            assert not name or f"def {name}(" in text, one


def test_all_tests_that_others_failures_name_are_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    named = tested.known_tests()
    assert len(named) == len(set(named)) > 30
    assert "share/cap/test_check.py::test_an_identifier_is_used_once" in named


@pytest.mark.slow
def test_what_passes_fails_and_is_missing_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/conftest.py").write_text("", "utf-8")
    (tmp_path / "tests/test_a.py").write_text(
        "import pytest\ndef test_right(): pass\ndef test_wrong(): assert False\n"
        "def test_left(): pytest.skip('x')\n", "utf-8",
    )  # fmt: skip
    monkeypatch.chdir(tmp_path)
    some = {"some": (("test_a.py",), ("test_b.py",)), "none": (("test_b.py",), ())}
    monkeypatch.setattr(tested, "TESTED", some)
    found = tested.measure_tests(quick=True)
    assert found["some"] == {"passed": 1, "failed": 1, "skipped": 1, "names": ["test_wrong"]}
    missing = {"passed": 0, "failed": 1, "skipped": 0, "names": ["test_b.py did not run"]}
    assert found["none"] == missing
    assert 0 < found["script_bytes_compressed"] < 10_000


def test_outside_a_checkout_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="no tests"):
        tested.measure_tests()
