"""Colours are said once: charts take them from here, and the page's are the same."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import tocsin.share
from tocsin.share.charts.style import INK, ORANGE

SHARE = Path(tocsin.share.__file__).parent


def test_only_the_style_says_colours() -> None:
    for path in [*SHARE.rglob("*.py"), *SHARE.rglob("*.css"), *SHARE.rglob("*.j2")]:
        text = path.read_text("utf-8")
        if path.suffix == ".css":
            root, _, text = text.partition("}")
            assert f"--ink: {INK};" in root
            assert f"--warn: {ORANGE};" in root
        if path.name != "style.py":
            assert not re.findall(r"#[0-9a-fA-F]{6}\b", text), path.name


@pytest.mark.slow
def test_charts_build_no_grammar_of_iris() -> None:
    said = (
        "import sys; from tocsin.share.charts.style import altair; altair().Chart; "
        "print('lark' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]
