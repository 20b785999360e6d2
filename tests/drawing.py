"""Which cases properties draw: the same each time, other ones by a seed, more of them by a profile.

Hypothesis has no way of its own for three of these, so its own names are used here, as they are
in the version that the lockfile holds; `tests/test_drawing.py` fails where they change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

if TYPE_CHECKING:
    from collections.abc import Iterator

CALM = 40
FEW = 6
EXPLORED = 1000
MORE = 10
"""By how much `exploring` multiplies the number of a property that asks for one of its own."""

_OWN = "_hypothesis_internal_use_settings"


def register_profiles() -> None:
    """Name the profiles of the house, and load the one of `make test`."""
    settings.register_profile("calm", deadline=None, derandomize=True, max_examples=CALM)
    settings.register_profile("quick", deadline=None, derandomize=True, max_examples=FEW)
    settings.register_profile("thorough", deadline=None, derandomize=True, max_examples=300)
    settings.register_profile("exploring", deadline=None, max_examples=EXPLORED)
    settings.load_profile("calm")


def draw_by(seed: str | None) -> None:
    """Let a seed that was asked for decide what is drawn; without it the profile stays as it is.

    A profile that draws the same each time leaves `--hypothesis-seed` unread, without a word.
    """
    if seed is not None and settings.default is not None and settings.default.derandomize:
        settings.register_profile("seeded", settings.default, derandomize=False)
        settings.load_profile("seeded")


def draw_alike() -> Iterator[None]:
    """Where each run draws the same, take no case from the code that happens to be imported.

    One value of twenty is a constant, half of them out of the modules of the house that the
    process has imported by then. Which ones these are hangs on the tests that ran before it, so
    the same commit drew other cases with another worker. A seed, and `exploring`, use them.
    """
    with pytest.MonkeyPatch.context() as patched:
        if settings.default is not None and settings.default.derandomize:
            patched.setattr(providers, "_get_local_constants", providers.Constants)
            providers.CONSTANTS_CACHE.cache.clear()
        yield


def set_number(item: pytest.Item) -> None:
    """Let a property that asks for a number of cases of its own follow `quick` and `exploring`.

    Hypothesis looks the attribute up at each call.
    """
    if settings.default is None:
        return
    number, test = settings.default.max_examples, getattr(item, "obj", None)
    own = getattr(test, _OWN, None)
    if own is None:
        return
    if number == FEW and own.max_examples > FEW:
        setattr(test, _OWN, settings(own, max_examples=FEW))
    elif number == EXPLORED and own.max_examples != EXPLORED:
        setattr(test, _OWN, settings(own, max_examples=own.max_examples * MORE))
