"""Bombs, archives in archives, and what is damaged: refused with a reason, in little memory."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tracemalloc
import zipfile

import pytest

from tocsin.errors import SourceRefused
from tocsin.observe.formats import limits
from tocsin.observe.formats.characters import code_page_of
from tocsin.observe.formats.source import Source
from tocsin.observe.formats.unpack import as_utf8

TABLE = b"country,month,n\nSyria,2020-01,1\n"


def zipped(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def zstd(content: bytes) -> bytes:
    import pyarrow as pa

    return bytes(pa.compress(content, codec="zstd", asbytes=True))


PACKERS = [
    gzip.compress, lambda content: zipped(("t.csv", content)), bz2.compress, lzma.compress, zstd,
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("pack", PACKERS)
def test_a_bomb_is_refused_and_never_held(  # type: ignore[no-untyped-def]
    pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert limits.RATIO_FROM == 64 * 2**20
    ratio_from = 16 * 2**20  # smaller, for the time that it takes to pack
    monkeypatch.setattr(limits, "RATIO_FROM", ratio_from)
    packed = pack(TABLE + bytes(3 * ratio_from))
    source = Source.of_bytes("bomb", packed)
    assert limits.MAX_RATIO * len(packed) < 3 * ratio_from
    tracemalloc.start()
    with pytest.raises(SourceRefused, match="unpacks"):
        for _ in source.blocks():
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 32 * 2**20


@pytest.mark.slow
@pytest.mark.parametrize("pack", PACKERS)
def test_packed_text_comes_out_whole_or_is_refused(pack) -> None:  # type: ignore[no-untyped-def]
    body = TABLE + b"".join(b"Mali,2020-%d,%d\n" % (n % 12, n) for n in range(20_000))
    packed = pack(body)
    assert b"".join(Source.of_bytes("t.csv", packed).blocks()) == body
    with pytest.raises(SourceRefused, match="damaged"):
        list(Source.of_bytes("t.csv", packed[: len(packed) // 2]).blocks())


@pytest.mark.slow
def test_xz_that_asks_for_too_much_memory_is_refused() -> None:
    great = [{"id": lzma.FILTER_LZMA2, "dict_size": 2**28}]
    packed = lzma.compress(TABLE, filters=great)
    with pytest.raises(SourceRefused):
        list(Source.of_bytes("t.csv.xz", packed).blocks())


def test_parts_of_xz_after_one_another_are_read() -> None:
    packed = lzma.compress(TABLE) + lzma.compress(b"Mali,2020-02,2\n")
    assert b"".join(Source.of_bytes("t.xz", packed).blocks()) == TABLE + b"Mali,2020-02,2\n"


@pytest.mark.parametrize(
    "content",
    [
        gzip.compress(gzip.compress(TABLE)),
        gzip.compress(zipped(("t.csv", TABLE))),
        zipped(("t.csv.gz", gzip.compress(TABLE))),
        zipped(("t.zip", zipped(("t.csv", TABLE)))),
    ],
    ids=["gzip in gzip", "zip in gzip", "gzip in zip", "zip in zip"],
)
def test_an_archive_in_an_archive_is_refused(content: bytes) -> None:
    with pytest.raises(SourceRefused, match="another archive"):
        list(Source.of_bytes("nested", content).blocks())


def test_a_zip_that_lies_about_its_sizes_is_refused() -> None:
    content = bytearray(zipped(("t.csv", TABLE * 100)))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    with pytest.raises(SourceRefused):
        list(Source.of_bytes("lie.zip", bytes(content)).blocks())


def test_several_files_in_a_zip_are_refused() -> None:
    with pytest.raises(SourceRefused, match="2 files"):
        list(Source.of_bytes("t.zip", zipped(("a.csv", TABLE), ("b.csv", TABLE))).blocks())


def test_a_document_beyond_its_limit_is_refused() -> None:
    with pytest.raises(SourceRefused, match="longer"):
        Source.of_bytes("d.json", b"[" + b" " * 2**21).content(limit=2**20)


def test_the_first_bytes_cost_only_the_first_block() -> None:
    source = Source.of_bytes("big.csv.gz", gzip.compress(TABLE * 200_000))
    assert len(source.head) == 64 * 1024
    assert source.header == ["country", "month", "n"]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_a_text_of_windows_is_read_wherever_its_blocks_begin(encoding: str, size: int) -> None:
    text = "jour;lieu\n2024-03-05;Côte d’Ivoire – Sévaré\n" * 3
    raw = text.encode(encoding)
    blocks = (raw[at : at + size] for at in range(0, len(raw), size))
    found = as_utf8(blocks, name="t", code_page=lambda: code_page_of(raw.splitlines(True)))
    assert b"".join(found).decode() == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Москва", "cp1251"), ("بغداد الجديدة", "cp1256"), ("\u015e\u0131rnak", "cp1254"),
        ("CÔTE", "cp850"), ("Sévaré", "cp850"), ("Sévaré", "mac-roman"), ("Łódź", "cp1250"),
    ],
)  # fmt: skip
def test_another_encoding_is_not_taken_for_that_of_windows(text: str, encoding: str) -> None:
    source = Source.of_bytes("t.csv", b"a;b\n1;" + text.encode(encoding) + b"\n")
    assert [row.fault and row.fault[0] for row in source.rows()] == ["encoding"]
