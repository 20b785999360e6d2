"""Change a module of the house when it is imported, and import it for nobody."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import pytest


class _WhenImported(MetaPathFinder):
    """Finds one module as all others do, and changes names in it as soon as its code has run."""

    def __init__(self, name: str, values: dict[str, Any]) -> None:
        self.name, self.values = name, values

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        # Whoever else waits for this module, such as the finder of old names, is asked as well.
        others = (one for one in sys.meta_path if one is not self)
        found = (one.find_spec(fullname, path, target) for one in others)
        spec = next(one for one in found if one is not None)
        loader = spec.loader
        assert loader is not None
        run = loader.exec_module

        def run_and_change(module: ModuleType) -> None:
            run(module)
            for name, value in self.values.items():
                assert hasattr(module, name), f"{fullname} has no {name} any more"
                setattr(module, name, value)

        loader.exec_module = run_and_change  # type: ignore[method-assign]
        return spec


@contextmanager
def changed_when_imported(name: str, **values: Any) -> Iterator[None]:
    """Give names of a module other values: now where it is imported, else as soon as it is.

    To import it here would cost each run of tests what it imports in its turn: of the networks
    that is four seconds of a processor, also where no test makes a forecast.
    """
    finder = _WhenImported(name, values)
    with pytest.MonkeyPatch.context() as patched:
        if name in sys.modules:
            for one, value in values.items():
                patched.setattr(sys.modules[name], one, value)
        patched.setattr(sys, "meta_path", [finder, *sys.meta_path])
        yield
