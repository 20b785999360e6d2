"""Compiled programs are kept between processes, and without a folder nothing breaks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
from tocsin.base.compiled import jax_for
jax = jax_for("anticipate")
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
print(float(jax.jit(lambda x: (x * 2).sum())(jax.numpy.arange(4.0))))
"""


def run(folder: str) -> str:
    environment = os.environ | {"TOCSIN_CACHE": folder}
    environment.pop("JAX_COMPILATION_CACHE_DIR", None)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@pytest.mark.slow
def test_programs_are_kept(tmp_path: Path) -> None:
    assert run(str(tmp_path)) == "12.0"
    kept = {path.name for path in (tmp_path / "programs").rglob("*-cache")}
    assert kept
    assert run(str(tmp_path)) == "12.0"
    assert {path.name for path in (tmp_path / "programs").rglob("*-cache")} == kept


@pytest.mark.slow
def test_a_damaged_program_is_compiled_again(tmp_path: Path) -> None:
    run(str(tmp_path))
    for path in (tmp_path / "programs").rglob("*-cache"):
        path.write_bytes(b"\0" * 100)
    assert run(str(tmp_path)) == "12.0"


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["off", "/proc/nowhere"])
def test_without_a_folder_all_works(folder: str) -> None:
    assert run(folder) == "12.0"
