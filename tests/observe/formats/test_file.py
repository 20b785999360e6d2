"""A file is known by its first bytes, not by its name."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from packed import excel, parquet
from tocsin.observe.formats.file import File

TEXT = b"a,b\n1,2\n"


@pytest.mark.parametrize(
    ("content", "container"),
    [(TEXT, "text"), (excel(TEXT), "excel"), (parquet(TEXT), "parquet"), (b"PK\x03\x04", "text")],
)
def test_the_box_is_told_from_the_bytes(tmp_path: Path, content: bytes, container: str) -> None:
    path = tmp_path / "named.csv"
    path.write_bytes(content)
    file = File.of_path(path)
    assert (file.container, file.size) == (container, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()
