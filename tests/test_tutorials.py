"""Every block of every tutorial runs as it stands, in a folder that was empty."""

from __future__ import annotations

import codeop
import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

PAGES = sorted(Path(__file__).parents[1].glob("docs/tutorials/*.md"))
README = Path(__file__).parents[1] / "README.md"
FENCE = re.compile(r"(?:<!-- file: (?P<file>\S+) -->\n)?```(?P<kind>\w*)\n(?P<text>.*?)\n```", re.S)


class Block(NamedTuple):
    """A fenced block: its language, its text, and the file that it is to be saved as."""

    kind: str
    text: str
    file: str | None


def blocks(page: Path) -> Iterator[Block]:
    for found in FENCE.finditer(page.read_text("utf-8")):
        yield Block(found["kind"], found["text"], found["file"])


@pytest.mark.parametrize("page", [README, *PAGES], ids=lambda p: p.stem)
def test_blocks_of_python_can_be_pasted_into_its_prompt(page: Path) -> None:
    """At the prompt a statement ends with an empty line, and the next one begins after it."""
    for block in blocks(page):
        if block.kind != "python" or block.file:
            continue
        statement: list[str] = []
        for line in [*block.text.splitlines(), ""]:
            statement.append(line)
            if codeop.compile_command("\n".join(statement), symbol="single") is not None:
                statement = []
        assert not "".join(statement).strip(), block.text


@pytest.mark.release
@pytest.mark.parametrize(
    "page", [page for page in PAGES if page.stem != "index"], ids=lambda p: p.stem
)
def test_a_tutorial_runs_from_top_to_bottom(
    page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names: dict[str, object] = {"__name__": "__tutorial__"}
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with contextlib.chdir(tmp_path), capsys.disabled():
        for block in blocks(page):
            if block.file:
                Path(block.file).write_text(block.text + "\n", "utf-8")
            elif block.kind == "python":
                with contextlib.redirect_stdout(sys.stderr):
                    exec(compile(block.text, f"{page.name}", "exec"), names)
            elif block.kind == "sh":
                done = subprocess.run(
                    ["bash", "-euo", "pipefail", "-c", block.text],
                    capture_output=True,
                    text=True,
                    env=environment,
                    check=False,
                )
                assert done.returncode == 0, f"{block.text}\n{done.stdout}{done.stderr}"


def test_every_tutorial_is_in_the_index() -> None:
    index = next(page for page in PAGES if page.stem == "index").read_text("utf-8")
    assert {page.stem for page in PAGES} - {"index"} == set(re.findall(r"^[a-z-]+$", index, re.M))


def test_a_page_has_blocks_to_run() -> None:
    for page in PAGES:
        if page.stem != "index":
            kinds = [block.kind for block in blocks(page)]
            assert set(kinds) & {"python", "sh"}, page.name


def _named(page: str, block: int) -> dict[str, Any]:
    """What the first block of Python on a page, or another, leaves under its names."""
    [path] = [one for one in PAGES if one.stem == page]
    names: dict[str, Any] = {}
    code = [one.text for one in blocks(path) if one.kind == "python"][block]
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(code, path.name, "exec"), names)
    return names


@pytest.mark.slow
def test_the_frames_of_two_sources_may_be_of_pandas() -> None:
    pytest.importorskip("pandas")
    names = _named("two-sources", 0)
    frames = {source: names[source].to_pandas() for source in ("agency", "press")}
    again = names["tocsin"].link(frames)
    assert again.links.height == 2
    for table in ("links", "clusters", "why"):
        assert getattr(again, table).equals(getattr(names["found"], table))


@pytest.mark.slow
def test_the_counts_of_what_would_change_may_be_of_pandas() -> None:
    pytest.importorskip("pandas")
    names = _named("what-would-change-if", 0)
    counts = names["counts"].to_pandas()
    again = names["tocsin"].forecast(counts, model="zero-inflated", horizon=12, draws=200)
    assert again.summary.equals(names["ahead"].summary)
    assert again.record.equals(names["ahead"].record)
