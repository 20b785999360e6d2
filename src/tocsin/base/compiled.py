"""JAX, with its compiled programs kept between processes.

A program is compiled once on a machine and read by all later processes (`tocsin.base.cache`).
Programs are kept apart by release of JAX and by the processor's abilities, so that a home folder
shared by several machines gives none of them a program that it cannot run.
"""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from pathlib import Path
from typing import Any

from tocsin.base import cache
from tocsin.errors import require

LEAST_SECONDS = 0.05
"""Programs that compile faster are not worth a file."""
QUICKLY: dict[str, int] = {"xla_backend_optimization_level": 1}
"""Options of the compiler for programs that one command runs for seconds: the lower level takes a
third of the time for the fit of the networks, and gives the same bits (decision 140)."""


def jax_for(extra: str) -> Any:
    """Import JAX and set it to keep its compiled programs between processes.

    At the first call the folder of programs is also brought below its limit (`tocsin.base.cache`).
    A folder that the user has set in JAX itself is left alone.

    Args:
        extra: the extra of tocsin that brings JAX, for the error.

    Returns:
        The module `jax`.

    Raises:
        MissingExtra: JAX is not installed.
    """
    jax = require("jax", extra=extra)
    _keep(jax)
    return jax


@lru_cache(maxsize=1)
def _keep(jax: Any) -> None:
    if jax.config.jax_compilation_cache_dir is not None:
        return  # the user has a folder for all of their programs
    folder = cache.folder("programs")
    if folder is None:
        return
    cache.sweep("programs")
    jax.config.update("jax_compilation_cache_dir", str(folder / f"{jax.__version__}-{machine()}"))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", LEAST_SECONDS)
    jax.config.update("jax_persistent_cache_enable_xla_caches", "none")


@lru_cache(maxsize=1)
def machine() -> str:
    """Give a short name of what the processor can do, by which the last bits may differ.

    Returns:
        Twelve hexadecimal digits.
    """
    said = [platform.machine(), platform.processor()]
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        said += sorted({line for line in lines if line.startswith(("flags", "model name"))})
    except OSError:
        pass
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
