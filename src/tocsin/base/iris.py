"""The library that checks IRIs builds its grammars at the first check, and not when it is imported.

jsonschema imports it wherever it is installed, and so do all libraries that import jsonschema:
Altair, EMA Workbench and the validator of STIX. Its 39 grammars take 2.6 s of a processor, three
quarters of what it takes to import Altair, and most programs never check an IRI.
"""

from __future__ import annotations

import importlib
import sys
from importlib.util import find_spec
from types import ModuleType
from typing import Any

LIBRARY = "rfc3987_syntax"


class _StandIn(ModuleType):
    """Stands for the library until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(_library(), name)

    def is_valid_syntax(self, term: str, value: str) -> bool:
        """Check a text as the library does; jsonschema takes this function when it is imported."""
        return bool(_library().is_valid_syntax(term, value))


def put_off_grammars() -> None:
    """Let the next import of jsonschema build no grammar of IRIs; the first check builds them.

    It changes nothing where the library is not installed or is imported already.
    """
    spec = None if LIBRARY in sys.modules else find_spec(LIBRARY)
    if spec is not None:
        stand_in = _StandIn(LIBRARY)
        stand_in.__spec__ = spec
        stand_in.__path__ = list(spec.submodule_search_locations or ())
        sys.modules[LIBRARY] = stand_in


def _library() -> ModuleType:
    """The library itself."""
    if isinstance(sys.modules.get(LIBRARY), _StandIn):
        del sys.modules[LIBRARY]
    return importlib.import_module(LIBRARY)
