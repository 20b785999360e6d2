"""Threads and processors: linear algebra on one thread, so that no bit depends on the machine.

Libraries of linear algebra (BLAS) divide a sum among as many threads as there are processors, and
add the parts in another order on another machine. The last bits differ then, and what is chosen by
comparing two numbers can differ altogether.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import wraps
from typing import ParamSpec, TypeVar

from tocsin.base import cache

P = ParamSpec("P")
R = TypeVar("R")
XLA_ON_ONE_THREAD = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"


def can_compute_ahead() -> bool:
    """Tell whether there is a second processor, a place for what is kept, and a Python to start."""
    processors = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    return processors > 1 and bool(sys.executable) and cache.folder("steps") is not None


def on_one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function do its linear algebra on one thread.

    Where threadpoolctl is not installed, no extra is that has linear algebra to do.

    Args:
        function: the function.

    Returns:
        The function; other threads of the process are left alone once it has ended.
    """

    @wraps(function)
    def run_limited(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            limits = importlib.import_module("threadpoolctl").threadpool_limits(1, user_api="blas")
        except ImportError:
            limits = nullcontext()
        with limits:
            return function(*args, **kwargs)

    return run_limited


def end_with_parent() -> None:
    """End this process when the one that started it is gone; a pool calls it in each of its own.

    A pool's process waits for work. Where the first process is killed, or ends at once at Ctrl-C,
    nobody tells it, and it would hold its memory for good.
    """
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


@contextmanager
def children_on_one_thread() -> Iterator[None]:
    """Let JAX have one thread in each process that is started here.

    Processes that share the processors gain nothing by more, and a program on several threads may
    differ in its last bits from call to call.
    """
    before = os.environ.get("XLA_FLAGS")
    os.environ["XLA_FLAGS"] = f"{before or ''} {XLA_ON_ONE_THREAD}".strip()
    try:
        yield
    finally:
        if before is None:
            del os.environ["XLA_FLAGS"]
        else:
            os.environ["XLA_FLAGS"] = before
