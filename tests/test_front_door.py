"""`import tocsin`: light, listed by `dir`, and known to editors.

What type checkers know of it is in `typing_examples/`, which `make check` looks at.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

import tocsin

VERBS = ("read", "link", "fuse", "forecast", "compare", "brief", "plugins")


def test_dir_lists_what_there_is_and_all_of_it_can_be_had() -> None:
    listed = dir(tocsin)
    assert {*VERBS, *tocsin.STAGES, "Workspace", "schema"} <= set(listed)
    assert {name for name in listed if not name.startswith("__")} == {
        name for name in tocsin.__all__ if not name.startswith("__")
    }
    for name in tocsin.__all__:
        assert getattr(tocsin, name) is not None
    for stage in tocsin.STAGES:
        assert getattr(tocsin, stage).__name__ == f"tocsin.{stage}"


def test_a_wrong_name_tells_the_right_one() -> None:
    with pytest.raises(AttributeError, match="did you mean 'forecast'"):
        _ = tocsin.forcast
    with pytest.raises(AttributeError, match=r"no attribute 'quux'$"):
        _ = tocsin.quux


@pytest.mark.slow
def test_naming_a_verb_loads_no_heavy_library() -> None:
    heavy = "jax,altair,splink,scipy,sklearn,distributed,weasyprint,xarray,pandas,pandera"
    code = (
        f"import sys, tocsin; [getattr(tocsin, name) for name in {VERBS[:1]}]; dir(tocsin); "
        f"print([m for m in '{heavy}'.split(',')[:8] if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_every_verb_has_an_example() -> None:
    for name in VERBS[:5]:
        assert ">>> " in (getattr(tocsin, name).__doc__ or ""), name


@pytest.mark.slow
def test_an_editor_completes_the_front_door() -> None:
    jedi = pytest.importorskip("jedi")
    offered = {one.name for one in jedi.Script("import tocsin\ntocsin.").complete(2, 7)}
    assert {*VERBS, *tocsin.STAGES} <= offered
    line = "tocsin.forecast(x)."
    names = {one.name for one in jedi.Script(f"import tocsin\n{line}").complete(2, len(line))}
    assert {"summary", "draws", "record", "plot"} <= names
