"""How much a release's longest tests do: what `make check-all` has time for, or all of it."""

from __future__ import annotations

import os

WHOLE = os.environ.get("TOCSIN_WHOLE") == "1"


def cases(some: int, whole: int) -> int:
    """The number of cases: `whole` where `TOCSIN_WHOLE=1` asks for it, which takes minutes more."""
    return whole if WHOLE else some
