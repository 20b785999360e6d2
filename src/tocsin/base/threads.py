"""Sums in one order: linear algebra on one thread, so that the bits do not depend on the machine.

Libraries of linear algebra (BLAS) divide a sum among as many threads as there are processors, and
add the parts in another order on another machine. The last bits differ then, and what is chosen by
comparing two numbers can differ altogether.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def on_one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function do its linear algebra on one thread.

    Where threadpoolctl is not installed, no extra is that has linear algebra to do.

    Args:
        function: the function.

    Returns:
        The function; other threads of the process are left alone once it has ended.
    """

    @wraps(function)
    def limited(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            limits = importlib.import_module("threadpoolctl").threadpool_limits(1, user_api="blas")
        except ImportError:
            limits = nullcontext()
        with limits:
            return function(*args, **kwargs)

    return limited
