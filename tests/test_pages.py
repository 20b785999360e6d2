"""Pages that show code or are written by a script say what is so."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import subprocess
import sys
from operator import attrgetter
from pathlib import Path

import pytest

import tocsin

ROOT = Path(__file__).parents[1]


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.mark.slow
def test_the_list_of_what_is_looked_up_by_name_is_current() -> None:
    path = ROOT / "scripts" / "build_plugins_page.py"
    spec = importlib.util.spec_from_file_location("build_plugins_page", path)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    current = (ROOT / "docs" / "plugins.md").read_text("utf-8")
    assert current == script.page(), "run: python scripts/build_plugins_page.py"


@pytest.mark.slow
def test_the_examples_of_extending_are_admitted(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from offers import offer
    from tocsin.front.plugins import doors

    names: dict[str, object] = {}
    for block in blocks(ROOT / "docs" / "extend.md"):
        exec(block, names)
    mechanism = SimpleNamespace(PARAMETERS=names["PARAMETERS"], step=names["step"])
    things = {
        "tocsin.forecasters": {"seasonal": names["seasonal"]},
        "tocsin.exports": {"lines": names["lines"]},
        "tocsin.levers": {"clearance": names["clearance"]},
        "tocsin.mechanisms": {"relief": mechanism},
        "tocsin.comparisons": {"large": names["large"]},
    }
    for door in doors():
        for name, thing in things.get(door.group, {}).items():
            offer(monkeypatch, door.group, **{name: thing})
            assert [entry.fault for entry in door.check() if entry.name == name] == [""]


def test_the_shown_package_is_the_one_that_is_installed() -> None:
    page, folder = (ROOT / "docs" / "extend.md").read_text("utf-8"), ROOT / "tests" / "plugin"
    written = (folder / "tocsin_seasons.py").read_text("utf-8")
    for block in blocks(ROOT / "docs" / "extend.md")[:2]:
        body = block[block.rindex('"""\n') :]
        assert body.strip() in written
    entries = (folder / "pyproject.toml").read_text("utf-8")
    for line in re.findall(r'^\w+ = "tocsin_seasons:.*$', page, re.MULTILINE):
        assert line in entries


@pytest.mark.parametrize(
    "page",
    [ROOT / "README.md", *sorted(ROOT.glob("docs/tutorials/*.md"))],
    ids=lambda page: page.stem,
)
def test_the_front_door_takes_what_a_page_gives_it(page: Path) -> None:
    """Pages are run as a whole before a release; a name that was changed is seen here at once."""
    calls = [
        node
        for block in blocks(page)
        for node in ast.walk(ast.parse(block))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("tocsin.")
    ]
    for call in calls:
        function = attrgetter(ast.unparse(call.func).removeprefix("tocsin."))(tocsin)
        named = {given.arg: given.value for given in call.keywords if given.arg}
        inspect.signature(function).bind(*call.args, **named)


@pytest.mark.release
def test_the_readmes_python_works_when_it_is_pasted(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    code = "\n".join(blocks(ROOT / "README.md"))
    done = subprocess.run(
        [sys.executable, "-W", "error::DeprecationWarning:tocsin", "-c", code],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
