"""A faulty package is named and harms nothing else."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offers import listed, offer, point
from tocsin.base import registry
from tocsin.base.nearest import plain
from tocsin.base.registry import NAME, OWN, Door, Entry, fingerprint
from tocsin.errors import PluginFailed, PluginWarning, StageNotReady, UsageError

GROUP = "tocsin.greetings"
Greeting = Callable[[], str]


def admit(entry: Entry, loaded: Any) -> Greeting:
    if not callable(loaded):
        raise entry.failure("is no greeting")

    def greet() -> str:
        with entry.blamed():
            return str(loaded())

    return greet


DOOR: Door[Greeting] = Door(
    "greeting", GROUP, {"good day": lambda: "good day", "cwd": "os:getcwd"}, admit,
    reserved=("silence",),
)  # fmt: skip


def raises(error: BaseException) -> Greeting:
    def greet() -> str:
        raise error

    return greet


def test_own_and_offered_are_found_and_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, GROUP, hello=lambda: "hello")
    assert DOOR.names() == ["good day", "cwd", "hello"]
    assert DOOR.find("good day")() == "good day"
    assert DOOR.find("cwd")() == str(Path.cwd())
    assert DOOR.find("hello")() == "hello"
    assert [entry.package for entry in DOOR.entries()] == [OWN, OWN, "demo 1.0"]
    assert DOOR.entry("cwd").target == "os:getcwd"


def test_nothing_is_loaded_before_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, GROUP, hello=lambda: "hello", broken="no_such_package:hello")
    assert "broken" in DOOR.names()
    assert DOOR.find("hello")() == "hello"
    with pytest.raises(PluginFailed, match=r"'broken' of the package 'demo 1\.0'.*no_such_package"):
        DOOR.find("broken")


@pytest.mark.parametrize("name", ["good day", "Good-Day", "good_day", "SILENCE"])
def test_a_taken_name_stays_with_tocsin(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    offer(monkeypatch, GROUP, **{name: lambda: "mine", "hello": lambda: "hello"})
    if plain(name) == "good day":
        with pytest.warns(PluginWarning, match=f"'{name}' of the package 'demo 1.0' is not used"):
            assert DOOR.find("good day")() == "good day"
    if name not in DOOR.own:
        with pytest.raises(PluginFailed, match="keeps it"):
            DOOR.find(name)
    assert DOOR.find("hello")() == "hello"
    assert DOOR.names() == ["good day", "cwd", "hello"]


def test_of_two_packages_that_want_one_name_neither_gets_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points = [point("hello", "os:getcwd", GROUP, package) for package in ("one", "two")]
    points.append(point("bye", "os:getcwd", GROUP, "two"))
    listed(monkeypatch, GROUP, points)
    with pytest.raises(PluginFailed, match=r"'one 1\.0'.*two 1\.0"):
        DOOR.find("hello")
    assert DOOR.find("bye")() == str(Path.cwd())


@pytest.mark.parametrize("error", [ValueError("no"), KeyError("k"), SystemExit(3), StopIteration()])
def test_what_it_raises_is_named(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    offer(monkeypatch, GROUP, hello=raises(error))
    with pytest.raises(PluginFailed) as caught:
        DOOR.find("hello")()
    assert "greeting 'hello' of the package 'demo 1.0' raised" in caught.value.what
    assert type(error).__name__ in caught.value.what
    assert pickle.loads(pickle.dumps(caught.value)).as_dict() == caught.value.as_dict()


def test_an_error_that_explains_itself_and_a_stop_by_hand_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    offer(monkeypatch, GROUP, early=raises(StageNotReady("Not yet.")),
          stopped=raises(KeyboardInterrupt()))  # fmt: skip
    with pytest.raises(StageNotReady, match="Not yet"):
        DOOR.find("early")()
    with pytest.raises(KeyboardInterrupt):
        DOOR.find("stopped")()


def test_all_leaves_out_the_broken_and_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, GROUP, broken="no_such_package:x", odd=3, hello=lambda: "hello")
    with pytest.warns(PluginWarning) as caught:
        found = list(DOOR.all())
    assert [str(one.message).count("demo 1.0") for one in caught] == [1, 1]
    assert found[-1]() == "hello"
    assert len(found) == 3
    faults = {entry.name: entry.fault for entry in DOOR.check()}
    assert "ModuleNotFoundError" in faults["broken"]
    assert "is no greeting" in faults["odd"]
    assert faults["hello"] == faults["cwd"] == ""


def test_an_unknown_name_tells_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, GROUP, hello=lambda: "hello")
    with pytest.raises(UsageError, match="Did you mean 'hello'") as caught:
        DOOR.find("helo")
    assert "'good day'" in caught.value.remedy
    with pytest.raises(UsageError):
        DOOR.entry("x" * 500)


@given(st.text(max_size=70))
def test_names_are_plain(name: str) -> None:
    if NAME.fullmatch(name):
        assert name == name.strip()
        assert name.isprintable()
        assert 1 <= len(name) <= 60
        assert not set(name) & set("/\\\"'`\n\t<>|&;$")


def test_a_name_with_odd_signs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    offer(monkeypatch, GROUP, **{"../x": lambda: "x"})
    assert "../x" not in DOOR.names()
    with pytest.raises(PluginFailed, match="letters, digits"):
        DOOR.find("../x")


def test_the_fingerprint_follows_version_and_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "of_somebody.py").write_text("x = 1\n")
    entry = Entry("greeting", "x", "demo 1.0", "of_somebody:x")
    first = fingerprint(entry)
    assert fingerprint(entry) == first
    (tmp_path / "of_somebody.py").write_text("x = 2\n")
    changed = fingerprint(entry)
    newer = fingerprint(Entry("greeting", "x", "demo 1.1", "of_somebody:x"))
    gone = fingerprint(Entry("greeting", "x", "demo 1.1", "no_such_module:x"))
    assert len({first, changed, newer, gone}) == 4


def test_packages_are_looked_through_once_until_one_is_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    whole = registry.entry_points

    def counted(*, group: str) -> Any:
        asked.append(group)
        return whole(group=group)

    monkeypatch.setattr(registry, "entry_points", counted)
    monkeypatch.syspath_prepend(tmp_path)
    door = Door("game", "a.group.of.games", {}, lambda _, loaded: loaded)
    for _ in range(3):
        assert door.names() == []
    assert len(asked) == 1
    package = tmp_path / "games-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: games\nVersion: 1.0\n")
    (package / "entry_points.txt").write_text("[a.group.of.games]\ndice = math:pi\n")
    assert door.names() == ["dice"]
    assert door.find("dice") == math.pi
