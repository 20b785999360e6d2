"""IRIs are checked as ever, by grammars that are built at the first check."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from tocsin.base.iris import LIBRARY, put_off_grammars

# To import it builds its grammars, which takes two seconds wherever tests are collected.
pytestmark = pytest.mark.skipif(find_spec(LIBRARY) is None, reason=f"{LIBRARY} is not installed")

CHECKED = """
import sys
from tocsin.base.iris import put_off_grammars
put_off_grammars()
import jsonschema
from jsonschema import Draft202012Validator as Validator
print('lark' in sys.modules)
validator = Validator({"format": "iri"}, format_checker=Validator.FORMAT_CHECKER)
print(*(validator.is_valid(one) for one in ("https://example.org/é", "no iri", "//x")))
reference = Validator({"format": "iri-reference"}, format_checker=Validator.FORMAT_CHECKER)
print(reference.is_valid("//x"), 'lark' in sys.modules)
import rfc3987_syntax, rfc3987_syntax.utils
print(rfc3987_syntax.is_valid_syntax_iri("a:b"), type(rfc3987_syntax).__name__)
"""


@pytest.mark.slow
def test_iris_are_checked_when_they_are_met() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHECKED], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["False", "True False False", "True True", "True module"]


def test_what_is_imported_already_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    own = type(sys)(LIBRARY)
    monkeypatch.setitem(sys.modules, LIBRARY, own)
    put_off_grammars()
    assert sys.modules[LIBRARY] is own


def test_what_is_not_installed_stays_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, LIBRARY, raising=False)
    monkeypatch.setattr("tocsin.base.iris.find_spec", lambda name: None)
    put_off_grammars()
    assert LIBRARY not in sys.modules
