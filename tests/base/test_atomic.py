"""A file is written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.base.atomic import check_apart, check_folder, check_target, replace, write_bytes
from tocsin.errors import TocsinError, UsageError


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4))
def test_the_last_write_is_what_stands(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("out")
    for content in contents:
        write_bytes(folder / "file", content)
    assert [path.name for path in folder.iterdir()] == ["file"]
    assert (folder / "file").read_bytes() == contents[-1]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "table.csv"
    write_bytes(target, b"old")
    with pytest.raises(ZeroDivisionError), replace(target) as part:
        part.write_bytes(b"half %d" % (1 // 0))
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_stands_under_the_name_before_all_is_written(tmp_path: Path) -> None:
    with replace(tmp_path / "new") as part:
        part.write_bytes(b"x")
        assert not (tmp_path / "new").exists()


def test_two_writers_of_one_target_do_not_meet(tmp_path: Path) -> None:
    target = tmp_path / "file"
    with replace(target) as first:
        first.write_bytes(b"first")
        with replace(target) as second:
            second.write_bytes(b"second")
        assert target.read_bytes() == b"second"
    assert target.read_bytes() == b"first"


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "folder")
    for target in (tmp_path / "pipe", tmp_path / "folder", tmp_path / "link", Path(os.devnull)):
        with pytest.raises(UsageError, match="no regular file"):
            write_bytes(target, b"x")
    assert Path(os.devnull).is_char_device()


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    write_bytes(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file") as refused:
        write_bytes(tmp_path / "no" / "file", b"x")
    assert refused.value.where.endswith("file")


def test_a_very_long_name_can_be_written(tmp_path: Path) -> None:
    write_bytes(tmp_path / ("é" * 120), b"x")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_is_looked_at_before_it_is_made(tmp_path: Path) -> None:
    check_folder(tmp_path / "a" / "b")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="no folder"):
        check_folder(tmp_path / "file" / "brief")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["n" * 300, "n" * 5_000, "a\0b"])
def test_what_no_system_takes_as_a_name_is_told(name: str, tmp_path: Path) -> None:
    for check in (check_target, check_folder, lambda path: write_bytes(path, b"x")):
        with pytest.raises(UsageError):
            check(tmp_path / name)


def test_links_in_a_circle_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(UsageError):
        check_target(tmp_path / "a")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "no space left"),
        (RuntimeError("parquet: underlying IO error: File too large (os error 27)"), "too large"),
        (ValueError("IO_ENOSPC"), "no space left"),
    ],
)
def test_a_full_disk_is_told_whatever_library_meets_it(
    error: Exception, said: str, tmp_path: Path
) -> None:
    (tmp_path / "t").write_bytes(b"old")
    with pytest.raises(TocsinError, match=said), replace(tmp_path / "t"):
        raise error
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("t", b"old")]


def test_another_error_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), replace(tmp_path / "t"):
        raise ZeroDivisionError


def test_a_result_is_not_written_over_what_it_is_made_of(tmp_path: Path) -> None:
    (tmp_path / "h.csv").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "h.csv")
    for name in ("h.csv", "link"):
        with pytest.raises(UsageError, match="is read"):
            check_apart(tmp_path / name, [tmp_path / "no", tmp_path / "h.csv"])
    check_apart(tmp_path / "new.csv", [tmp_path / "h.csv"])


def test_a_link_to_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="a link to a folder that does not exist"):
        check_folder(tmp_path / "link")
    (tmp_path / "nowhere").mkdir()
    check_folder(tmp_path / "link")
