"""The same commit draws the same cases, and a seed draws others."""

from __future__ import annotations

import importlib.util
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture import providers

from drawing import EXPLORED, FEW, MORE, draw_alike, draw_by, set_number

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def profile_put_back() -> Iterator[None]:
    before = settings.get_current_profile_name()
    yield
    settings.load_profile(before)


def drawn(**asked: bool) -> list[int]:
    """What one property draws, with the settings asked for."""
    cases: list[int] = []

    @settings(max_examples=100, **asked)
    @given(number=st.integers())
    def draw(number: int) -> None:
        cases.append(number)

    draw()
    return cases


def imported_with(number: int, folder: Path) -> None:
    """Import a module of the house's that knows a number."""
    file = folder / f"knows_{number}.py"
    file.write_text(f"NUMBERS = [{', '.join(str(number + n) for n in range(20))}]\n")
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    sys.modules[file.stem] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


@pytest.mark.slow
def test_what_is_drawn_does_not_hang_on_what_is_imported(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.load_profile("calm")
    folder = tmp_path_factory.mktemp("house")
    # A folder whose name says `test` would not count as code.
    monkeypatch.setattr(providers, "is_local_module_file", lambda path: "knows_" in path)
    with pytest.MonkeyPatch.context() as patched:
        # As it was: a module more, and other cases are drawn.
        patched.setattr(providers, "_get_local_constants", GENUINE)
        # What the process has imported until now would stand before the new numbers.
        patched.setattr(providers, "_local_constants", providers.Constants())
        patched.setattr(providers, "_seen_modules", set(map(id, sys.modules.values())))
        patched.setattr(providers, "_sys_modules_len", len(sys.modules))
        providers.CONSTANTS_CACHE.cache.clear()
        before = drawn(derandomize=True)
        imported_with(7_310_451, folder)
        assert drawn(derandomize=True) != before
    for _ in draw_alike():
        before = drawn(derandomize=True)
        imported_with(9_182_736, folder)
        assert drawn(derandomize=True) == before
        assert not {7_310_451 + n for n in range(20)} & set(before)


GENUINE = providers._get_local_constants
"""As Hypothesis has it, kept at import: a session that draws alike has put another in its place."""


@pytest.mark.parametrize("profile", ["calm", "quick", "thorough"])
def test_a_seed_is_read_by_profiles_that_otherwise_draw_alike(profile: str) -> None:
    settings.load_profile(profile)
    number = settings.default.max_examples
    draw_by(None)
    assert settings.default.derandomize
    draw_by("3")
    assert not settings.default.derandomize
    assert settings.default.max_examples == number


def test_numbers_of_ones_own_follow_the_profile() -> None:
    def number(profile: str, own: int) -> int:
        @settings(max_examples=own)
        @given(number=st.integers())
        def draw(number: int) -> None: ...

        settings.load_profile(profile)
        set_number(SimpleNamespace(obj=draw))  # type: ignore[arg-type]
        return draw._hypothesis_internal_use_settings.max_examples  # type: ignore[attr-defined]

    assert number("quick", 25) == FEW
    assert number("quick", 3) == 3
    assert number("calm", 25) == 25
    assert number("exploring", 25) == 25 * MORE
    assert number("exploring", EXPLORED) == EXPLORED
