"""Old names of modules and functions, which go on working for one release with a warning.

In 0.2 the rooms of the house were divided: `tocsin.anticipate.backtest`, for one, is now
`tocsin.anticipate.evaluation.backtest`. Whoever imports the old name gets the new module.
Functions whose old name was no verb, or stood for two things, have a new one likewise.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
import warnings
from collections.abc import Callable, Sequence
from functools import wraps
from types import FunctionType, ModuleType
from typing import Any, ParamSpec, TypeVar

from tocsin.base.moved.adapted import ADAPTED
from tocsin.base.moved.gone import GONE
from tocsin.base.moved.renamed import CALLED, MOVED, RENAMED

__all__ = [
    "ADAPTED",
    "CALLED",
    "GONE",
    "MOVED",
    "RENAMED",
    "install",
    "observe_for_paths",
    "old_name",
    "old_names",
    "old_parameters",
]

ROOT = "tocsin."

P = ParamSpec("P")
R = TypeVar("R")

_MODULES = {old.rpartition(".")[0] for old in [*RENAMED, *ADAPTED, *GONE]} | set(CALLED)


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
        _warn(self.__name__, f"{self.__name__}.{name}")
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
        _warn(spec.name, new)
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
            _warn(f"{module}.{name}", ROOT + new)
            place, _, now = new.rpartition(".")
            return getattr(importlib.import_module(ROOT + place), now)
        if old in ADAPTED:
            adapter, instead = ADAPTED[old]
            _warn(f"{module}.{name}", ROOT + instead)
            place, _, now = adapter.rpartition(".")
            return getattr(importlib.import_module(f"{__name__}.{place}"), now)
        if old in GONE:
            instead, why = GONE[old]
            raise AttributeError(
                f"'{module}.{name}' is gone ({why}); use '{ROOT}{instead}' in its place."
            )
        if before is not None:
            return before(name)
        raise AttributeError(f"module '{module}' has no attribute '{name}'")

    return find


def install() -> None:
    """Install the import hooks by which old names of modules are found.

    It is called once, when `tocsin` is imported; a second call changes nothing.
    """
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path[:0] = [_Finder(), _Renaming()]


def old_names(package: str, *news: str) -> Callable[[str], Any]:
    """Make a `__getattr__` for a package or module whose content is now in other modules.

    Args:
        package: the full name of the package or module.
        news: full names of the modules in which its content is now, the first to be looked in
            first.

    Returns:
        The function to assign to `__getattr__`. It takes a name and returns what has that name
        now, with a `DeprecationWarning`; it raises `AttributeError` where nothing has the name.
    """

    def find(name: str) -> Any:
        if not name.startswith("_"):
            # A module of the package comes first: `from package import name` asks here for it.
            is_package = hasattr(sys.modules[package], "__path__")
            if is_package and importlib.util.find_spec(f"{package}.{name}"):
                return importlib.import_module(f"{package}.{name}")
        for new in news if not name.startswith("_") else ():
            module = importlib.import_module(new)
            if hasattr(module, name):
                _warn(f"{package}.{name}", f"{new}.{name}")
                return getattr(module, name)
        raise AttributeError(f"module '{package}' has no attribute '{name}'")

    return find


def old_parameters(**news: str | None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a decorator for a function of which a parameter has a new name, or is taken no more.

    Calls that give the parameter by its old name go on working, with a `DeprecationWarning`.

    Args:
        news: the old name of each parameter, and its new one; None for one without which the
            function does what it did, so that what is given for it is left out.

    Returns:
        The decorator; it keeps the types and the name of the function, which then has `news` as
        its attribute `old_parameters`.

    Raises:
        TypeError: the decorated function is given both names of one parameter.
    """
    gone = [old for old, new in news.items() if new is None]

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        code = function.__code__ if isinstance(function, FunctionType) else None
        places = code.co_argcount if code is not None else sys.maxsize

        @wraps(function)
        def call(*args: P.args, **given: P.kwargs) -> R:
            name, kept = function.__qualname__, args[:places]
            if 0 < len(args) - len(kept) <= len(gone):
                _warn(f"{name}(…, {gone[0]})", f"{name}(…)")
                return function(*kept, **given)  # type: ignore[arg-type]
            for old in news.keys() & given.keys():
                new = news[old]
                if new in given:
                    raise TypeError(f"'{new}' and its old name '{old}' are both given")
                told = f"{new}=…" if new else "…"
                _warn(f"{name}({old}=…)", f"{name}({told})")
                value = given.pop(old)
                if new is not None:
                    given[new] = value
            return function(*args, **given)

        vars(call)["old_parameters"] = news
        return call

    return decorate


def old_name(new: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make a decorator for a method that goes on working under its old name, with a warning.

    Args:
        new: the full name of what takes its place.

    Returns:
        The decorator; the method that it returns warns with a `DeprecationWarning` at each call.
    """

    def decorate(method: Callable[P, R]) -> Callable[P, R]:
        @wraps(method)
        def call(*args: P.args, **given: P.kwargs) -> R:
            _warn(method.__qualname__, new)
            return method(*args, **given)

        return call

    return decorate


def _warn(old: str, new: str) -> None:
    warnings.warn(
        f"'{old}' is now '{new}'; the old name goes with the next release.",
        DeprecationWarning,
        stacklevel=3,
    )


def observe_for_paths(instead: str) -> ModuleType:
    """Return the package `tocsin.observe`, for a function that took paths and now takes tables.

    A stage must not import another one, so for one release it is found here by name. Each call
    warns with a `DeprecationWarning`.

    Args:
        instead: full name of what takes tables, for the warning.

    Returns:
        The module `tocsin.observe`.
    """
    warnings.warn(
        "Paths are taken here for one release more: read a file by "
        f"'tocsin.observe.read_table', and give its rows to '{instead}'.",
        DeprecationWarning,
        stacklevel=3,
    )
    return importlib.import_module("tocsin.observe")
