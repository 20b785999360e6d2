"""What OASIS's validator has read once is kept, and changes nothing of what it finds."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest

from share.stix.bundles import BUNDLES
from tocsin.share.stix import check
from tocsin.share.stix.schemas import keep_schemas


@pytest.mark.slow
def test_a_schema_is_made_once_for_many_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    keep_schemas()
    validator: Any = importlib.import_module("stix2validator.validator")
    made: list[Any] = []
    kind = validator.STIXValidator
    monkeypatch.setattr(validator, "STIXValidator", lambda *a, **b: made.append(a) or kind(*a, **b))
    _valid, _rules, whole = BUNDLES["objects that belong together"]
    sent = {"b.json": json.dumps(whole).encode()}
    first = check(sent)
    made.clear()
    assert check(sent) == first
    assert not made


def test_references_are_known_before_the_first_object() -> None:
    keep_schemas()
    validator: Any = importlib.import_module("stix2validator.validator")
    folder = str(validator.__file__).replace("validator.py", "schemas-2.1/schemas/")
    path = validator.find_schema(folder, "indicator")
    kept = validator.load_validator(path, validator.load_schema(path), folder)
    assert kept is validator.load_validator(path, validator.load_schema(path), folder)
    known = {str(uri).rpartition("/")[2] for uri in kept._registry}
    assert {"core.json", "timestamp.json", "identifier.json"} <= known
