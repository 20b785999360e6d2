"""The registry: through which doors others add to tocsin, and what stands behind each.

A door is one kind of thing that can be looked up by its name: a reader, a forecaster, a lever, a
mechanism, an export, a comparison. tocsin's own are declared in the room that uses them. Another
package offers its own as entry points in the door's group, and needs no change to tocsin
(https://packaging.python.org/en/latest/specifications/entry-points/).

Three rules keep a faulty package from harming anything else. A name that is taken stays with
tocsin; where two packages want one name, neither gets it. Nothing is imported before it is asked
for by name. Whatever a plug-in raises, or gives back in a wrong shape, becomes a `PluginFailed`
that names it and its package.

Work that is sent to another process carries names, and each process looks them up again.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Generic, TypeVar

from tocsin.base.nearest import advice, plain
from tocsin.errors import PluginFailed, PluginWarning, TocsinError, UsageError

T = TypeVar("T")

OWN = "tocsin"
"""The package of what tocsin itself brings."""
NAME = re.compile(r"\w[\w .,()+-]{0,58}[\w)]|\w")
"""What a name may look like: 1 to 60 letters, digits and a few signs, no spaces around it."""


@dataclass(frozen=True)
class Entry:
    """One thing behind a door, as it is listed without being loaded."""

    kind: str
    """The kind of thing, such as 'forecaster'."""
    name: str
    """The name by which it is asked for."""
    package: str
    """The package that brings it, with its version; 'tocsin' for tocsin's own."""
    target: str
    """Where it is: `module:attribute`."""
    fault: str = ""
    """Why it cannot be used, as a sentence; empty where nothing is known against it."""

    def failure(self, what: str) -> PluginFailed:
        """Make the error that names this entry and its package.

        Args:
            what: what went wrong, as the end of a sentence that begins with the entry's name.

        Returns:
            The error, for the caller to raise.

        >>> Entry("forecaster", "dice", "games 1.0", "games:dice").failure("gave no draws").what
        "The forecaster 'dice' of the package 'games 1.0' gave no draws."
        """
        return PluginFailed(
            f"The {self.kind} '{self.name}' of the package '{self.package}' {what.rstrip('.')}.",
            where=self.target,
            remedy="Tell its makers, or leave it out; everything else goes on working.",
        )

    @contextmanager
    def blamed(self) -> Iterator[None]:
        """Turn whatever is raised inside into a `PluginFailed` that names this entry.

        An error of tocsin's own (`TocsinError`) already says what, where and what to do; it
        passes as it is.

        Raises:
            PluginFailed: anything else was raised, also an attempt to end the program.
        """
        try:
            yield
        except TocsinError:
            raise
        except (Exception, SystemExit) as error:
            raise self.failure(f"raised {type(error).__name__}: {error}") from error


@dataclass(frozen=True)
class Door(Generic[T]):
    """One kind of thing that tocsin looks up by name, and that other packages may add.

    Entries come from tocsin's own table `own` and from the entry points of other packages in
    `group`. Nothing is imported before it is asked for by name.
    """

    kind: str
    """What one of them is called, such as 'forecaster'."""
    group: str
    """The group of entry points, such as 'tocsin.forecasters'."""
    own: Mapping[str, T | str]
    """tocsin's own by name: the thing itself, or `module:attribute` where it is heavy."""
    admit: Callable[[Entry, Any], T]
    """Makes sure that what a package offers is of this kind, and wraps it so that what it gives
    back is checked at each call. Raises `PluginFailed` where it is not."""
    meaning: str = ""
    """What one of them does, as a sentence, for lists and the documents."""
    reserved: tuple[str, ...] = field(default=())
    """Further names that no package can take."""

    def entries(self) -> list[Entry]:
        """List everything that stands behind the door, tocsin's own first; nothing is imported.

        Returns:
            The entries. Those with a `fault` are listed, but `find` does not give them.
        """
        own = [Entry(self.kind, name, OWN, _target(value)) for name, value in self.own.items()]
        return own + [entry for entry, _ in self._offers()]

    def names(self) -> list[str]:
        """List the names that `find` accepts, tocsin's own first."""
        return [entry.name for entry in self.entries() if not entry.fault]

    def find(self, name: str) -> T:
        """Load the thing of a name; tocsin's own win over others' of the same name.

        It warns with a `PluginWarning` where a package wanted the name too.

        Args:
            name: the name, exactly as `names` lists it.

        Returns:
            The thing itself, such as a forecaster; a package's is checked and wrapped by `admit`.

        Raises:
            UsageError: nothing has the name; the error tells the nearest that there is.
            PluginFailed: a package offers it, and it cannot be loaded or is of the wrong kind.
        """
        if name in self.own:
            self._warn_of_rivals(name)
            value = self.own[name]
            return _load(value) if isinstance(value, str) else value
        for entry, point in self._offers():
            if entry.name == name:
                return self._load_offer(entry, point)
        raise UsageError(f"No {self.kind} is called '{name}'.", remedy=advice(name, self.names()))

    def entry(self, name: str) -> Entry:
        """Return what is known of the thing of a name, without loading it.

        Args:
            name: the name, exactly as `names` lists it.

        Returns:
            The entry, which has no fault.

        Raises:
            UsageError: nothing has the name.
        """
        for entry in self.entries():
            if entry.name == name and not entry.fault:
                return entry
        raise UsageError(f"No {self.kind} is called '{name}'.", remedy=advice(name, self.names()))

    def all(self) -> Iterator[T]:
        """Load everything behind the door, one thing after another, tocsin's own first.

        Yields:
            The things. One that a package offers and that cannot be loaded is left out, with a
            `PluginWarning` that names it and the package.
        """
        for value in self.own.values():
            yield _load(value) if isinstance(value, str) else value
        for entry, point in self._offers():
            try:
                found = self._load_offer(entry, point)
            except PluginFailed as error:
                warnings.warn(str(error), PluginWarning, stacklevel=3)
            else:
                yield found

    def check(self) -> list[Entry]:
        """Load everything behind the door, and list what cannot be loaded with its fault.

        Returns:
            The entries in the order of `entries`; what cannot be loaded says why in `fault`.
        """
        found = [entry for entry in self.entries() if entry.package == OWN]
        for entry, point in self._offers():
            try:
                self._load_offer(entry, point)
            except TocsinError as error:
                found.append(replace(entry, fault=entry.fault or error.what))
            else:
                found.append(entry)
        return found

    def is_own(self, name: str) -> bool:
        """Tell whether a name is one of tocsin's own, whose meaning no package can change."""
        return name in self.own or name in self.reserved

    def _load_offer(self, entry: Entry, point: EntryPoint) -> T:
        if entry.fault:
            raise entry.failure(f"cannot be used: {entry.fault}")
        with entry.blamed():
            loaded = point.load()
        return self.admit(entry, loaded)

    def _warn_of_rivals(self, name: str) -> None:
        for entry, _ in self._offers():
            if plain(entry.name) == plain(name):
                warnings.warn(
                    str(entry.failure(f"is not used: {entry.fault}")), PluginWarning, stacklevel=3
                )

    def _offers(self) -> list[tuple[Entry, EntryPoint]]:
        points = sorted(
            _entry_points(entry_points, self.group, _places()),
            key=lambda one: (one.name, _package(one)),
        )
        taken = {plain(name) for name in (*self.own, *self.reserved)}
        wanted = [plain(one.name) for one in points]
        found = []
        for point in points:
            package, rivals = _package(point), wanted.count(plain(point.name)) - 1
            fault = ""
            if not NAME.fullmatch(point.name):
                fault = "the name may hold 1 to 60 letters, digits, spaces and . , ( ) + - only."
            elif plain(point.name) in taken:
                fault = f"tocsin's own {self.kind} has this name, and keeps it."
            elif rivals:
                others = sorted(
                    {_package(one) for one in points if plain(one.name) == plain(point.name)}
                    - {package}
                )
                fault = f"another package wants this name too ({', '.join(others) or package})."
            found.append((Entry(self.kind, point.name, package, point.value, fault), point))
        return found


@lru_cache(maxsize=64)
def _entry_points(
    ask: Callable[..., Iterable[EntryPoint]], group: str, _where: object
) -> tuple[EntryPoint, ...]:
    """The entry points of a group; the packages are looked through once while they are the same."""
    return tuple(ask(group=group))


def _places() -> tuple[tuple[str, int], ...]:
    """Where packages are looked for, and when something there was last added or removed."""
    found = []
    for place in sys.path:
        with suppress(OSError):
            found.append((place, os.stat(place or ".").st_mtime_ns))
    return tuple(found)


def fingerprint(entry: Entry) -> str:
    """Compute a digest of a plug-in's package, version and source code.

    Results that are kept from one run to the next are kept under it, so that those of a plug-in
    that was changed are not taken for those of the one before.

    Args:
        entry: the plug-in. One that cannot be loaded is told by its package and place only.

    Returns:
        The first 16 hexadecimal digits of a SHA-256.
    """
    digest = hashlib.sha256(f"{entry.package} {entry.target}".encode())
    try:
        module = importlib.import_module(entry.target.partition(":")[0])
        source = inspect.getsourcefile(module)
    except Exception:  # it cannot be loaded; whoever calls it is told
        source = None
    if source:
        folder = Path(source).parent
        packed = (folder / "__init__.py").exists()
        for path in sorted(folder.rglob("*.py")) if packed else [Path(source)]:
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _package(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "unknown"


def _target(value: object) -> str:
    if isinstance(value, str):
        return value
    return f"{getattr(value, '__module__', '')}:{getattr(value, '__qualname__', '')}".strip(":")


def _load(target: str) -> Any:
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)
