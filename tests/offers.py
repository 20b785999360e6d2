"""Entry points as an installed package would offer them, without a package."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

MODULE = "a_package_of_somebody_else"


class Offered(EntryPoint):
    """An entry point that knows which package it came from."""

    dist: Any = None


def offer(
    monkeypatch: pytest.MonkeyPatch, group: str, *, package: str = "demo", **things: Any
) -> None:
    """Let a package offer things by name in a group; a string is a target to import."""
    module = sys.modules.get(MODULE) or ModuleType(MODULE)
    monkeypatch.setitem(sys.modules, MODULE, module)
    points = []
    for number, (name, thing) in enumerate(things.items()):
        target = thing
        if not isinstance(thing, str):
            attribute = f"{group.rpartition('.')[2]}_{number}"
            monkeypatch.setattr(module, attribute, thing, raising=False)
            target = f"{MODULE}:{attribute}"
        points.append(point(name, target, group, package))
    listed(monkeypatch, group, points)


def point(name: str, target: str, group: str, package: str) -> EntryPoint:
    """One entry point of a package, version 1.0."""
    found = Offered(name, target, group)
    vars(found)["dist"] = SimpleNamespace(name=package, version="1.0")
    return found


def listed(monkeypatch: pytest.MonkeyPatch, group: str, points: list[EntryPoint]) -> None:
    """Let exactly these entry points be installed in the group, and none in the others."""

    def installed(*, group: str) -> list[EntryPoint]:
        return points if group == wanted else []

    wanted = group
    monkeypatch.setattr("tocsin.base.registry.entry_points", installed)
