"""Old names go on working for one release, with a warning."""

from __future__ import annotations

import importlib
import sys

import pytest

from tocsin.front.old import ADAPTED, GONE, MOVED, RENAMED


def test_each_module_is_found_under_its_old_name() -> None:
    for old in MOVED:
        new = importlib.import_module(f"tocsin.{MOVED[old]}")
        sys.modules.pop(f"tocsin.{old}", None)
        with pytest.warns(DeprecationWarning, match=MOVED[old]):
            assert importlib.import_module(f"tocsin.{old}") is new, old
        assert new.__spec__ is not None
        assert new.__spec__.name == new.__name__ == f"tocsin.{MOVED[old]}"


def test_the_content_of_a_module_that_became_a_package_is_found() -> None:
    models = importlib.import_module("tocsin.anticipate.models")
    with pytest.warns(DeprecationWarning, match="registry"):
        assert models.find_model("pool").__name__ == "pool"
    assert models.network is importlib.import_module("tocsin.anticipate.models.network")
    with pytest.raises(AttributeError):
        _ = models.no_such_name


def test_an_old_name_of_a_module_hides_no_function() -> None:
    alerts = importlib.import_module("tocsin.anticipate.alerts")
    sys.modules.pop("tocsin.anticipate.alerts.replay", None)
    with pytest.warns(DeprecationWarning, match="replay"):
        importlib.import_module("tocsin.anticipate.alerts.replay")
    assert callable(alerts.replay)


def test_each_name_in_a_module_is_found_under_its_old_name() -> None:
    for old, today in RENAMED.items():
        place, _, name = old.rpartition(".")
        new_place, _, new_name = today.rpartition(".")
        new = getattr(importlib.import_module(f"tocsin.{new_place}"), new_name)
        module = importlib.import_module(f"tocsin.{place}")
        assert name not in vars(module), old
        with pytest.warns(DeprecationWarning, match=today):
            assert getattr(module, name) is new, old


def _is_there(name: str) -> bool:
    """Whether something has this name now, as a module or in one, and as no old name."""
    room, _, now = f"tocsin.{name}".rpartition(".")
    held = importlib.import_module(room)
    return now in vars(held) or now in dir(held) or bool(importlib.import_module(f"tocsin.{name}"))


def test_what_is_done_otherwise_goes_on_working() -> None:
    """`tests/front/old` calls each as it was called in 0.1."""
    for old, (_, instead) in ADAPTED.items():
        place, _, name = old.rpartition(".")
        with pytest.warns(DeprecationWarning, match=f"'tocsin.{instead}'"):
            assert callable(getattr(importlib.import_module(f"tocsin.{place}"), name)), old
        assert instead not in MOVED, old
        assert _is_there(instead), old


def test_of_a_name_that_is_gone_it_is_told_why_and_what_is_used_instead() -> None:
    assert len(GONE) <= 2
    for old, (instead, why) in GONE.items():
        place, _, name = old.rpartition(".")
        with pytest.raises(AttributeError, match=f"'tocsin.{instead}'") as told:
            getattr(importlib.import_module(f"tocsin.{place}"), name)
        assert why in str(told.value)
        assert instead not in MOVED, old
        assert _is_there(instead), old


def test_a_name_that_never_was_is_not_found() -> None:
    link = importlib.import_module("tocsin.assess.linkage.link")
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = link.no_such_name
