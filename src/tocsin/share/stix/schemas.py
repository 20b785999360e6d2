"""The schemas of OASIS's validator, each read and followed once in a process.

The validator reads an object's schema from its file for each object, and follows each of the
schema's references anew: what it found on the way is forgotten, and it crawls through the whole
schema again for the next. That is two thirds of what an object costs.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import cache
from typing import Any


@cache
def keep_schemas() -> None:
    """Let OASIS's validator keep what it has read; what it finds stays the same.

    It changes nothing where a later version of the validator has no such functions any more.
    """
    validator: Any = importlib.import_module("stix2validator.validator")
    if not all(hasattr(validator, name) for name in ("load_validator", "load_schema")):
        return
    read, made = validator.load_schema, validator.load_validator
    kept: dict[tuple[str, str], Any] = {}

    def load_validator(schema_path: str, schema: Any, schema_dir: str) -> Any:
        """The validator of a schema, with all that the schema refers to."""
        key = schema_path, schema_dir
        if key not in kept:
            new = made(schema_path, schema, schema_dir)
            registry = _follow(new._registry, new.schema)
            kept[key] = type(new)(new.schema, registry=registry, format_checker=new.format_checker)
        return kept[key]

    validator.load_schema = cache(read)
    validator.load_validator = load_validator


def _follow(registry: Any, schema: Any) -> Any:
    """The registry with everything to which a schema refers, at whatever remove."""
    from referencing.exceptions import Unresolvable
    from referencing.jsonschema import DRAFT202012

    registry = registry.crawl()
    waiting = [(registry.resolver_with_root(DRAFT202012.create_resource(schema)), schema)]
    seen: set[str] = set()
    while waiting:
        resolver, inner = waiting.pop()
        for reference in _references(inner):
            name = f"{resolver._base_uri} {reference}"
            if name in seen:
                continue
            seen.add(name)
            try:
                found = resolver.lookup(reference)
            except Unresolvable:
                continue
            registry = registry.combine(found.resolver._registry).crawl()
            waiting.append((found.resolver, found.contents))
    return registry


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for name, inner in schema.items():
            if name == "$ref" and isinstance(inner, str):
                yield inner
            else:
                yield from _references(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from _references(inner)
