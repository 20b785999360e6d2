"""The timeline shows what the table holds: still without a script, by keys and buttons with one."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tocsin.share.page.planning import timeline_page
from tocsin.share.page.planning.timeline import FRAMES, WIDTH, outlines, timeline
from tocsin.share.page.planning.words import PlanWords

if TYPE_CHECKING:
    from playwright.sync_api import Browser

PORTFOLIOS = ("status quo", "layered", "<i>ours</i>")
TERRITORIES = {530: "Ethiopia", 625: "Sudan"}


def paths(futures: tuple[tuple[int, float], ...] = ((7, 0.1), (3, 0.5), (9, 0.9))) -> pl.DataFrame:
    rows = [
        (portfolio, future, fewer, name, gwno, quarter, float((quarter + rank) * (gwno == 530)))
        for future, fewer in futures
        for rank, portfolio in enumerate(PORTFOLIOS)
        for quarter in range(40)
        for gwno, name in TERRITORIES.items()
    ]
    names = ["portfolio", "future", "fewer", "territory", "gwno", "quarter", "deaths"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_what_is_drawn_is_what_the_table_holds() -> None:
    told = timeline(paths(), PlanWords("en"))
    assert told is not None
    assert [one["name"] for one in told["territories"]] == ["Ethiopia", "Sudan"]
    assert told["data"]["3"]["layered"][5] == [6, 0]
    assert [one["key"] for one in told["futures"]] == ["7", "3", "9"]
    assert "90% of futures" in told["futures"][0]["label"]
    assert [one["key"] for one in told["others"]] == ["layered", "<i>ours</i>"]
    assert [one["label"] for one in told["classes"]] == [
        "none", "1–24", "25–99", "100–999", "1,000+",
    ]  # fmt: skip
    assert timeline(paths().clear(), PlanWords("en")) is None


def test_territories_lie_on_one_map_and_small_ones_are_not_lost() -> None:
    drawn, height = outlines([530, 625, 590])
    assert all(path.startswith("M") and path.endswith("Z") for path in drawn.values())
    spots = [
        (float(x), float(y))
        for path in (drawn[530], drawn[625])
        for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", path)
    ]
    assert all(0 <= x <= WIDTH and 0 <= y <= height for x, y in spots)
    # Sudan lies to the north-west of Ethiopia.
    mean = {gwno: float(drawn[gwno][1:].split(" ")[0]) for gwno in (530, 625)}
    assert mean[625] < mean[530] + WIDTH / 2


def test_without_a_script_frames_stand_still_and_names_are_text() -> None:
    page = timeline_page(paths(), region="Nile & more", language="fr")
    # Two strips of frames, and the two maps that a script moves.
    assert page.count("<svg viewBox") == 2 * len(FRAMES) + 2
    assert 'id="stage" hidden' in page
    assert "Nile &amp; more" in page
    bare = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert "<i>ours</i>" not in bare
    assert not re.search(r"(src|href)=\"(?!data:|#)", bare)
    [held] = re.findall(r'id="timeline-data">(.*?)</script>', page, flags=re.DOTALL)
    assert json.loads(held)["data"]["9"]["status quo"][39] == [39, 0]


@pytest.mark.browser
def test_keys_move_it_and_who_wants_no_motion_gets_none(tmp_path: Path, browser: Browser) -> None:
    file = tmp_path / "timeline.html"
    file.write_text(timeline_page(paths(), region="Nile", language="ar"), "utf-8")
    page = browser.new_page(viewport={"width": 390, "height": 800})
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(file.as_uri())
    page.locator("#when").press("End")
    assert page.locator("#deaths tbody tr").first.locator("td").nth(1).inner_text() == "39"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("#frames").is_hidden()
    page.locator("#run").press("Enter")
    page.wait_for_timeout(1_000)
    assert int(page.locator("#when").input_value()) >= 1
    page.locator("#run").press("Enter")
    assert faults == []
    still = browser.new_page(reduced_motion="reduce")
    still.goto(file.as_uri())
    assert still.locator("#run").is_hidden()
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(file.as_uri())
    assert plain.locator("#frames").is_visible()
    assert plain.locator("#stage").is_hidden()
