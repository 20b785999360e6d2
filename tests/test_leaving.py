"""A test that changes its process fails, and the next one finds it as it was."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from leaving import leaving_all_as_found, surroundings


def level(_: Path) -> None:
    logging.getLogger().setLevel(logging.DEBUG)


def interrupt(_: Path) -> None:
    # Not to ignore it, since that is what whoever begins tests in the background asks for.
    signal.signal(signal.SIGINT, lambda *_: None)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda _: os.environ.update(TOCSIN_CACHE="off"), "the environment"),
        (lambda _: os.environ.pop("PATH"), "the environment"),
        (os.chdir, "the working folder"),
        (lambda folder: sys.path.append(str(folder)), "the folders of modules"),
        (level, "the level of the log"),
        (interrupt, "the answer to an interrupt"),
    ],
)
def test_what_a_test_leaves_changed_is_named_and_put_back(
    change: Callable[[Path], object], what: str, tmp_path: Path
) -> None:
    before = surroundings()
    said = rf"found: {what} \(.+\)\."
    with pytest.raises(pytest.fail.Exception, match=said), leaving_all_as_found():
        change(tmp_path)
    assert surroundings() == before


def test_a_test_that_puts_all_back_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with leaving_all_as_found(), monkeypatch.context() as patched:
        patched.setenv("TOCSIN_CACHE", "off")


def test_every_test_is_looked_after(request: pytest.FixtureRequest) -> None:
    assert "left_as_found" in request.fixturenames
