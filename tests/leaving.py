"""A test leaves its process as it found it, so that no other test hangs on what ran before it.

Looked at are the environment, the working folder, where Python looks for modules, how much is
logged, and what an interrupt does.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

BY_LIBRARIES = (
    "KMP_", "TF_CPP_MIN_LOG_LEVEL", "TPU_SKIP_MDS_QUERY", "PYARROW_IGNORE_TIMEZONE",
    "SPARK_LOCAL_IP", "_RJEM_MALLOC_CONF",
)  # fmt: skip
"""scikit-learn, JAX, Polars and, where PySpark is there, pandera say these when they are
imported, whoever imports them first."""


def surroundings() -> dict[str, Any]:
    """What a test may change for all that its process runs later."""
    environment = {
        name: said
        for name, said in os.environ.items()
        if not name.startswith(BY_LIBRARIES) and name != "PYTEST_CURRENT_TEST"
    }
    return {
        "the environment": environment,
        "the working folder": os.getcwd(),
        "the folders of modules": tuple(sys.path),
        "the level of the log": logging.getLogger().level,
        "the answer to an interrupt": signal.getsignal(signal.SIGINT),
    }


def _difference(was: Any, now: Any) -> str:
    if not isinstance(was, dict):
        return f"{was} → {now}"
    # Values may be secrets of whoever runs the tests.
    return ", ".join(name for name in sorted({*was, *now}) if was.get(name) != now.get(name))


@contextmanager
def leaving_all_as_found() -> Iterator[None]:
    """Fail where something is different afterwards, and put back what can be put back."""
    before = surroundings()
    yield
    after = surroundings()
    changed = [
        f"{what} ({_difference(was, after[what])})"
        for what, was in before.items()
        if after[what] != was
    ]
    if not changed:
        return
    os.environ.clear()
    os.environ.update(before["the environment"])
    os.chdir(before["the working folder"])
    sys.path[:] = before["the folders of modules"]
    logging.getLogger().setLevel(before["the level of the log"])
    signal.signal(signal.SIGINT, before["the answer to an interrupt"])
    pytest.fail(f"The test leaves other than it found: {', '.join(changed)}.")


class NothingIsLeft:
    """A plug-in, since fixtures of `conftest` do not reach the doctests beside the source."""

    @pytest.fixture(autouse=True)
    def left_as_found(self) -> Iterator[None]:
        """Look after one test. What is made for a file or for the session was made before."""
        with leaving_all_as_found():
            yield
