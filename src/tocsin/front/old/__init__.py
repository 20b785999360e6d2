"""Old names of modules and functions, which go on working for one release with a warning.

In 0.2 the rooms of the house were divided: `tocsin.anticipate.backtest`, for one, is now
`tocsin.anticipate.evaluation.backtest`. Whoever imports the old name gets the new module.
Functions whose old name was no verb, or stood for two things, have a new one likewise, and those
that are done otherwise now are kept in the files of this room. It stands above all others, none of
which imports it, and goes as a whole with the next release.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from tocsin.base.moved import read_paths_by, warn_of_old
from tocsin.front.old.adapted import ADAPTED
from tocsin.front.old.divided import DIVIDED
from tocsin.front.old.gone import GONE
from tocsin.front.old.renamed import CALLED, MOVED, RENAMED

__all__ = ["ADAPTED", "CALLED", "DIVIDED", "GONE", "MOVED", "RENAMED", "install"]

ROOT = "tocsin."

_MODULES = {old.rpartition(".")[0] for old in [*RENAMED, *ADAPTED, *GONE]} | {*CALLED, *DIVIDED}


class _Room(ModuleType):
    """A package that keeps its own names when a module is imported under an old name in it.

    Python writes an imported module's name into its package, over a function of that name.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        own = self.__dict__.get(name)
        if own is None or isinstance(own, ModuleType) or not isinstance(value, ModuleType):
            super().__setattr__(name, value)


class _Called(ModuleType):
    """A module that can be called as the function whose name it has."""

    def __call__(self, *args: Any, **given: Any) -> Any:
        name = CALLED[self.__name__.removeprefix(ROOT)]
        warn_of_old(self.__name__, f"{self.__name__}.{name}")
        return getattr(self, name)(*args, **given)


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds a module under its old name.

    It is asked first: a package that has moved would else be searched for a module under the old
    name of both, and give a second copy of it.
    """

    def __init__(self) -> None:
        self._specs: dict[str, importlib.machinery.ModuleSpec | None] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        del path, target
        if not fullname.startswith(ROOT) or fullname.removeprefix(ROOT) not in MOVED:
            return None
        return importlib.machinery.ModuleSpec(fullname, self)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        new = ROOT + MOVED[spec.name.removeprefix(ROOT)]
        warn_of_old(spec.name, new)
        found = importlib.import_module(new)
        # The import system is about to write the old name's spec over the module's own.
        self._specs[found.__name__] = found.__spec__
        return found

    def exec_module(self, module: ModuleType) -> None:
        """The module has run under its new name; only its own spec is put back."""
        module.__spec__ = self._specs.pop(module.__name__)
        for old, new in MOVED.items():
            if ROOT + new == module.__name__ and "." in old:
                room = sys.modules.get(ROOT + old.rpartition(".")[0])
                if room is not None:
                    room.__class__ = _Room


class _Renaming(importlib.abc.MetaPathFinder):
    """Gives a module whose names have changed a `__getattr__` that knows the old ones."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not fullname.startswith(ROOT) or fullname.removeprefix(ROOT) not in _MODULES:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def run_and_rename(module: ModuleType) -> None:
                run(module)
                vars(module)["__getattr__"] = _getattr_with_old_names(
                    fullname, getattr(module, "__getattr__", None)
                )
                if fullname.removeprefix(ROOT) in CALLED:
                    module.__class__ = _Called

            vars(spec.loader)["exec_module"] = run_and_rename
        return spec


def _getattr_with_old_names(
    module: str, before: Callable[[str], Any] | None
) -> Callable[[str], Any]:
    def find(name: str) -> Any:
        old = f"{module}.{name}".removeprefix(ROOT)
        new = RENAMED.get(old)
        if new is not None:
            warn_of_old(f"{module}.{name}", ROOT + new)
            place, _, now = new.rpartition(".")
            return getattr(importlib.import_module(ROOT + place), now)
        if old in ADAPTED:
            adapter, instead = ADAPTED[old]
            warn_of_old(f"{module}.{name}", ROOT + instead)
            place, _, now = adapter.rpartition(".")
            return getattr(importlib.import_module(f"{__name__}.{place}"), now)
        if old in GONE:
            instead, why = GONE[old]
            raise AttributeError(
                f"'{module}.{name}' is gone ({why}); use '{ROOT}{instead}' in its place."
            )
        if before is not None:
            return before(name)
        return _find_in_parts(module, name)

    return find


def _find_in_parts(module: str, name: str) -> Any:
    """What a module held before it was divided."""
    if not name.startswith("_"):
        # A module of the package comes first: `from package import name` asks here for it.
        is_package = hasattr(sys.modules[module], "__path__")
        if is_package and importlib.util.find_spec(f"{module}.{name}"):
            return importlib.import_module(f"{module}.{name}")
        for new in DIVIDED.get(module.removeprefix(ROOT), ()):
            part = importlib.import_module(ROOT + new)
            if hasattr(part, name):
                warn_of_old(f"{module}.{name}", f"{ROOT}{new}.{name}")
                return getattr(part, name)
    raise AttributeError(f"module '{module}' has no attribute '{name}'")


def install() -> None:
    """Install the import hooks by which old names of modules are found.

    It is called once, when `tocsin` is imported; a second call changes nothing.
    """
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path[:0] = [_Finder(), _Renaming()]
    read_paths_by(_read_table)


def _read_table(path: Path) -> Any:
    from tocsin.observe import read_table

    return read_table(path)
