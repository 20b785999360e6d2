"""What tests of pages share: a browser, and for diffusion a small answer of the step `diffuse`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest

from tocsin.schema import TABLES, conform, empty
from tocsin.share.facts.diffusion import READS

if TYPE_CHECKING:
    from playwright.sync_api import Browser

DAY = date(2020, 1, 1)
VERDICT = {
    "verdict": "The data do not show it: …", "shown": False, "missed": "permuted past",
    "share": 0.5, "share_low": 0.3, "share_high": 0.7, "p_null": 0.03, "p_rewired": 0.03,
    "p_permuted": 1.0, "data_share": 0.4, "null_share": 0.1, "permuted_share": 0.6,
    "rewired_share": 0.1,
    "reversed_share": 0.2, "first_day": date(2010, 1, 1), "last_day": DAY, "organisations": 3,
    "at_risk": 15, "first_uses": 2.0, "seeds": 1.0, "ties": 4, "imputations": 10, "r_hat": 1.0,
    "source": "s",
}  # fmt: skip


def _next(months: int, actor: str, p: float) -> dict[str, object]:
    return {
        "actor_id": actor, "actor": actor, "technology": "cyber", "territory": "Syria",
        "gwno": 652, "origin": DAY, "months": months, "rank": 1 + (actor == "A"),
        "probability": p, "low": p / 2,
        "high": min(1.0, 2 * p), "model": "without ties",
        "without_network": p, "without_ended": p, "ties_model_probability": 1.5 * p,
        "first_uses": 2.0, "ties_model_strongest": "B (made: alliance)", "source": "s",
    }  # fmt: skip


def _share(channel: str, mean: float, bound: float | None) -> dict[str, object]:
    return {
        "technology": "all", "channel": channel, "mean": mean, "low": 0.0, "high": 1.0,
        "upper": 1.0, "ties": 2,
        "null_mean": None if bound is None else bound / 2, "null_high": bound, "p": None,
        "source": "s",
    }  # fmt: skip


def _spell(actor: str, gwno: int, territory: str) -> dict[str, object]:
    return {
        "actor_id": actor, "actor": actor, "territory": territory, "gwno": gwno,
        "first_day": date(2010, 1, 1), "last_day": DAY, "known_until": DAY, "still_active": True,
        "n_incidents": 9, "probability": 1.0, "government": False, "source": "s",
    }  # fmt: skip


def _tie(
    one: str, two: str, channel: str = "ties", begin: int = 2010, end: int = 2010
) -> dict[str, object]:
    return {
        "from_date": date(begin, 1, 1), "to_date": date(end, 12, 31),
        "actor_id": one, "actor": one, "related_id": two, "related": two, "channel": channel,
        "dates": "unknown", "source_ends": False, "weight": 1.0,
        "because": f"support: common sponsor: X, {begin} to {end}", "source": "s",
    }  # fmt: skip


def _entry(actor: str) -> dict[str, object]:
    return {
        "actor_id": actor, "actor": actor, "technology": "cyber", "territory": "Syria",
        "gwno": 652, "first_seen": DAY, "first_incident": "i", "first_low": DAY,
        "first_median": DAY, "first_high": DAY, "last_seen": DAY, "n_incidents": 1, "n_named": 1,
        "expected": 1.0, "low": 0.0, "high": 1.0, "confidence": 0.7, "source": "s",
    }  # fmt: skip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; what it draws is not looked at, so that it needs no graphics card."""
    from playwright.sync_api import sync_playwright  # a second, for those who open no browser

    path = shutil.which("chromium")
    assert path, "Debian's chromium is needed: sudo apt-get install chromium"
    quiet = [
        "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ]  # fmt: skip
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=quiet)
        yield found
        found.close()


@pytest.fixture(scope="session")
def diffusion_tables() -> dict[str, pl.DataFrame]:
    rows: dict[str, list[dict[str, object]]] = {
        "diffusion_verdict": [VERDICT],
        "diffusion_notes": [{"note": "A share is no proof.", "source": "s"}],
        "diffusion_shares": [_share("ties", 0.4, 0.1), _share("not by network", 0.6, None)],
        "diffusion_alternatives": [
            {"alternative": alternative, "channel": channel, "mean": mean, "low": 0.1,
             "high": 0.7, "source": "s"}
            for alternative in ("unseen ties", "unseen users")
            for channel, mean in (("ties", 0.55), ("not by network", 0.45))
        ],
        "diffusion_growth": [
            {"channel": channel, "mean": mean, "low": 0.0, "high": 1.0, "upper": 1.0, "users": 12,
             "grown": 5, "rate": 0.01, "rate_low": 0.005, "rate_high": 0.02,
             "shown": False, "missed": "permuted", "r_hat": 1.01, "source": "s"}
            for channel, mean in (("ties", 0.2), ("not by network", 0.8))
        ],
        "technology_couse": [{
            "one": "uncrewed-aircraft", "other": "improvised-explosives", "users_one": 3.0,
            "users_other": 4.0, "both": 2.5, "low": 1.0, "high": 3.0, "independent": 1.2,
            "source": "s",
        }],
        "technology_synchrony": [{
            "kind": "domain", "one": "air", "other": "land", "territories": 2, "quarters": 32,
            "correlation": 0.4, "independent": 0.1, "independent_low": -0.2,
            "independent_high": 0.3, "p": 0.03, "p_holm": 0.27, "source": "s",
        }],
        "technology_portfolios": [
            {"actor_id": "A", "actor": "A", "technology": "uncrewed-aircraft", "territory": "Syria",
             "gwno": 652, "year": year, "probability": 0.7, "disused": disused, "source": "s"}
            for year, disused in ((2019, 0.1), (2020, 0.4))
        ],
        "next_adopters": [
            _next(months, actor, p * months / 24)
            for months in (3, 12, 24) for actor, p in (("A", 0.2), ("B", 0.6))
        ],
        "diffusion_expected": [
            {"technology": technology, "months": months, "ascribed": 0.4, "ascribed_low": 0.0,
             "ascribed_high": 1.0, "whole": 1.9, "whole_low": 0.0, "whole_high": 4.0, "source": "s"}
            for technology in ("cyber", "all") for months in (3, 12)
        ],
        "actor_spells": [_spell("A", 652, "Syria"), _spell("B", 652, "Syria"),
                         _spell("C", 645, "Iraq"), _spell("Nasser clan", 652, "Syria")],
        "ties": [_tie("A", "B"), _tie("B", "A"), _tie("A", "C"), _tie("A", "B", "sponsor"),
                 _tie("A", "B", "sponsor", 2012, 2013),
                 _tie("A", "Nasser clan")],
        "adoption": [_entry("A"), _entry("Nasser clan")],
        "diffusion_record": [{
            "window": "all", "months": 12, "n": 90, "events": 3.2, "expected_network": 4.1,
            "expected_territory": 1.3, "network": 0.02, "territory": 0.02, "overall": 0.02,
            "recent": 0.02, "skill": 0.0, "skill_low": -0.1, "skill_high": 0.1, "source": "s",
        }],
        "diffusion_hazards": [
            {"technology": "cyber", "from_date": date(year, 1, 1), "to_date": date(year + 1, 1, 1),
             "at_risk": at_risk, "hazard": rate, "low": rate and rate / 2,
             "high": rate and 2 * rate, "by_network": 0.5, "adopted": 1.0, "expected": 0.5,
             "source": "s"}
            for year, at_risk, rate in ((2018, 0.0, None), (2019, 5.0, 0.01))
        ],
        "diffusion_cuts": [{"channel": "ties", "cut": 0.5, "thins_ties": False, "months": 24,
                            "expected": 2.0, "fewer": 0.5, "low": 0.1, "high": 1.0,
                            "source": "s"}],
    }  # fmt: skip
    found = {name: empty(TABLES[name]) for name in (*READS, "adoption", "actors")}
    for name, some in rows.items():
        found[name] = conform(TABLES[name], pl.DataFrame(some, schema=found[name].schema))
    return found
