"""External support: supporters with what they gave, and rows without any."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest

from tocsin.observe import Source, observe_file, reading
from tocsin.schema.tables.observed.tie import SUPPORT_KINDS

FILE = Path(__file__).parents[2] / "data" / "external_support.csv"


@pytest.fixture(scope="module")
def read() -> dict[str, pl.DataFrame]:
    return observe_file(FILE)


def test_each_supporter_is_a_row(read: dict[str, pl.DataFrame]) -> None:
    mine = read["supports"].filter((pl.col("actor") == "KDPI") & (pl.col("year") == 1981))
    assert set(mine.select("supporter_id", "supporter", "by_state", "kinds").rows()) == {
        ("116", "Government of Iraq", True, "weapons"),
        ("261", "PUK", False, ""),
    }


def test_kinds_are_of_the_vocabulary(read: dict[str, pl.DataFrame]) -> None:
    kinds = {one for row in read["supports"]["kinds"] for one in row.split()}
    assert kinds
    assert kinds <= set(SUPPORT_KINDS)


def test_a_name_with_a_comma_is_not_cut(read: dict[str, pl.DataFrame]) -> None:
    odd = read["supports"].filter(pl.col("supporter").str.contains("ex-FAR"))
    assert odd.height
    assert odd["supporter"].str.contains("Interahamwe, ex-FAR").all()


def test_a_row_without_support_is_outside(read: dict[str, pl.DataFrame]) -> None:
    text = FILE.read_text("utf-8").splitlines()
    none = [line for line in text[1:] if ",,,,,0,0,0," in line]
    assert none
    tables = reading(Source.of_bytes("s.csv", "\n".join([text[0], *none]).encode())).tables()
    assert tables["supports"].is_empty()
    assert tables["files"].select("accepted", "outside").row(0) == (len(none), len(none))


def test_a_coalition_longer_than_any_name_is_one_row_a_member() -> None:
    held = next(csv.DictReader(FILE.open(encoding="utf-8", newline="")))
    members = [f"Government of State {number}" for number in range(60)]
    ids = ",".join(str(1000 + number) for number in range(60))
    out = io.StringIO(newline="")
    wide = csv.DictWriter(out, held)
    wide.writeheader()
    wide.writerow(held | {"ext_sup": "1", "ext_id": ids, "ext_name": ",".join(members)})
    tables = reading(Source.of_bytes("s.csv", out.getvalue().encode())).tables()
    assert tables["quarantine"].is_empty()
    assert tables["supports"]["supporter"].to_list() == members


def test_support_by_nobody_is_refused() -> None:
    header, first, *_ = FILE.read_text("utf-8").splitlines()
    fields = dict(zip(header.split(","), first.split(","), strict=False))
    fields |= {"ext_id": "", "ext_name": "", "ext_sup": "1"}
    line = ",".join(fields.get(name, "") for name in header.split(","))
    tables = reading(Source.of_bytes("s.csv", f"{header}\n{line}\n".encode())).tables()
    assert tables["quarantine"]["rule"].to_list() == ["missing"]
