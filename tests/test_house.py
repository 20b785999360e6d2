"""The rules of the house, kept by a test."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "tocsin"
MODULES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_file_is_short_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 400
    assert text.startswith('"""') or not text.strip()
    assert path.stem not in {"utils", "helpers", "manager", "common", "misc"}


def test_tests_mirror_the_source() -> None:
    for path in (ROOT / "tests").rglob("test_*.py"):
        place = path.relative_to(ROOT / "tests")
        if len(place.parts) > 1:
            name = place.stem.removeprefix("test_").replace("init", "__init__")
            assert (SOURCE / place.parent / f"{name}.py").exists(), path


def test_a_room_holds_at_most_twelve_things() -> None:
    for room in [SOURCE, *(path for path in SOURCE.rglob("*") if path.is_dir())]:
        if (room / "__init__.py").exists():
            names = {path.name for path in room.iterdir() if not path.name.startswith("__")}
            assert len(names - {"py.typed"}) <= 12, f"{room.relative_to(SOURCE)}: {sorted(names)}"


def test_importing_is_light() -> None:
    heavy = "jax,altair,splink,scoringrules,scipy,vl_convert,weasyprint,duckdb,polars"
    code = f"import sys, tocsin; print([m for m in '{heavy}'.split(',') if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_no_file_names_a_registry_or_this_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    forbidden = re.compile(rb"py" + rb"pi\.org|pythonho" + rb"sted|/wo" + rb"rk/|/ro" + rb"ot/")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if path.is_file() and path.suffix not in {".gz", ".topojson"}:
            assert not forbidden.search(path.read_bytes()), name


def test_links_in_the_documents_lead_somewhere() -> None:
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_no_noun_hides_a_name_of_the_schema() -> None:
    """Importing a module sets its name in the package, over whatever was there."""
    import tocsin.schema

    assert not {path.stem for path in (SOURCE / "schema").glob("*.py")} & set(tocsin.schema.__all__)
