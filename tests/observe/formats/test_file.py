"""A file is known by its first bytes, not by its name."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from packed import excel, opendocument, parquet
from tocsin.errors import UsageError
from tocsin.observe.formats.file import File, input_files, one_file

TEXT = b"a,b\n1,2\n"


@pytest.mark.parametrize(
    ("content", "container"),
    [
        (TEXT, "text"),
        (excel(TEXT), "excel"),
        (opendocument(TEXT), "opendocument"),
        (parquet(TEXT), "parquet"),
        (b"PK\x03\x04", "text"),
    ],
)
def test_the_box_is_told_from_the_bytes(tmp_path: Path, content: bytes, container: str) -> None:
    path = tmp_path / "named.csv"
    path.write_bytes(content)
    file = File.of_path(path)
    assert (file.container, file.size) == (container, len(content))
    assert file.sha256 == hashlib.sha256(content).hexdigest()


def test_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.csv", "a.xlsx", ".hidden", "~$a.xlsx", "tocsin.toml"):
        (tmp_path / name).touch()
    assert [path.name for path in input_files([tmp_path])] == ["a.xlsx", "b.csv"]
    with pytest.raises(UsageError, match="holds no file"):
        input_files([tmp_path / "sub"])
    with pytest.raises(UsageError, match="is a folder"):
        one_file(tmp_path)
    with pytest.raises(UsageError, match="no such file"):
        input_files([tmp_path / "c.csv"])
