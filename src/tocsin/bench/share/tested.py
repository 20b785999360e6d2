"""Measures whose answer is yes or no: tests of a checkout, run by name, each under its own key.

Barriers, journeys by keyboard, clocks, equal bytes and the failures of other programs are tests.
Here they are run and counted, so that one command gives every figure of `share`.
"""

from __future__ import annotations

import gzip
import runpy
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tocsin.errors import UsageError
from tocsin.share.server.pages.drawing import assets

TESTS = Path("tests")
"""Where the tests of a checkout lie; the command runs in its root."""
SERVER = "share/server"
PAGES = f"{SERVER}/pages/test_init.py"
TESTED: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "equal_bytes": (
        (f"{SERVER}/pages/test_incidents.py::test_hidden_reports_change_no_byte_of_what_others_read",
         f"{SERVER}/pages/test_atlas.py::test_hidden_rows_change_no_byte_of_the_map"),
        (f"{SERVER}/running/test_app.py::test_hidden_rows_change_no_byte_of_any_answer",),
    ),
    "attacks": (
        (f"{SERVER}/access/test_refusals.py::test_a_reply_does_not_tell_who_else_sees_its_whole",
         f"{SERVER}/neighbours/test_following.py::"
         "test_of_what_is_hidden_by_now_a_neighbour_hears_once"),
        (f"{SERVER}/access/test_refusals.py",),
    ),
    "uncovered_tail": (
        ("share/audit/test_coverage.py", f"{SERVER}/neighbours/test_witness.py"), (),
    ),
    "clocks": (
        ("share/test_forms.py::test_feeds_are_right_over_each_change_of_the_clock",
         f"{SERVER}/delivery/test_digest.py::test_the_digest_over_each_change_of_the_clock"),
        (f"{SERVER}/pages/test_warnings.py::test_every_screen_is_right_whatever_the_servers_own_clock",
         f"{SERVER}/pages/test_warnings.py::"
         "test_every_feed_for_programs_is_right_whatever_the_servers_own_clock"),
    ),
    "owasp": ((f"{SERVER}/api/test_init.py",), ()),
    "known_failures": (("test_known_failures.py",), ()),
    "barriers": (
        (f"{PAGES}::test_axe_finds_none_on_a_phone_in_arabic_and_would_find_one",),
        (f"{PAGES}::test_axe_finds_no_barrier_on_any_page",),
    ),
    "keyboard": (
        (f"{PAGES}::test_a_warning_is_acknowledged_by_keyboard",),
        (f"{PAGES}::test_every_journey_is_gone_by_keyboard",),
    ),
}  # fmt: skip
"""For each key the tests that are quick, and those that are added where it is not to be quick."""
KNOWN = "test_known_failures.py"
"""Its table names the tests that would fail if what others lost were lost here."""


def measure_tests(
    *, quick: bool = False, on_done: Callable[[str], None] = lambda _words: None
) -> dict[str, Any]:
    """Run the tests of `TESTED`, and weigh the scripts of the pages.

    All run in one process, since to start one costs more than most tests do.

    Args:
        quick: only the quick ones; what others lost is then looked up, and its tests are not run.
        on_done: told what is being done.

    Returns:
        For each key `passed`, `failed` and `skipped`, and the names of those that `failed`; and
        `script_bytes_compressed` of all scripts.

    Raises:
        UsageError: the command does not run in the root of a checkout.
    """
    if not (TESTS / "conftest.py").is_file():
        raise UsageError(
            "There are no tests here.", remedy="Run it in the root of a checkout of tocsin."
        )
    chosen = {key: [*few, *(() if quick else more)] for key, (few, more) in TESTED.items()}
    if not quick and (TESTS / KNOWN).is_file():
        chosen["known_failures"] += known_tests()
    everything = dict.fromkeys(one for some in chosen.values() for one in some)
    there = [one for one in everything if (TESTS / one.partition("::")[0]).is_file()]
    on_done(f"Testing {', '.join(chosen)}")
    cases = _run(there)
    told: dict[str, Any] = {key: _count(cases, some) for key, some in chosen.items()}
    scripts = [one for name, one in assets().items() if name.endswith(".js")]
    return told | {"script_bytes_compressed": sum(len(gzip.compress(one)) for one in scripts)}


def known_tests() -> list[str]:
    """List the tests that the table of others' failures names, each once."""
    table = runpy.run_path(str(TESTS / KNOWN))["KNOWN"]
    return list(dict.fromkeys(one for _, tests in table.values() for one in tests))


def _run(names: list[str]) -> list[ET.Element]:
    """Run tests, and give the cases as JUnit's report has them."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p",
                   "no:xdist", f"--junitxml={report}",
                   *(f"{TESTS}/{one}" for one in names)]  # fmt: skip
        subprocess.run(command, check=False, capture_output=True)
        return list(ET.parse(report).getroot().iter("testcase")) if report.is_file() else []


def _count(cases: list[ET.Element], names: list[str]) -> dict[str, Any]:
    mine = [one for one in cases if any(_is_of(one, name) for name in names)]
    failed = [str(one.get("name")) for one in mine
              if one.find("failure") is not None or one.find("error") is not None]  # fmt: skip
    # A test that is named and did not run is no test that passed.
    failed += [f"{name} did not run" for name in names if not any(_is_of(x, name) for x in mine)]
    skipped = sum(one.find("skipped") is not None for one in mine)
    passed = len(mine) - skipped - sum(not one.endswith("did not run") for one in failed)
    return {"passed": passed, "failed": len(failed), "skipped": skipped, "names": failed}


def _is_of(case: ET.Element, name: str) -> bool:
    """Is a case one of a file of tests, or of one test with whatever parameters?"""
    file, _, test = name.partition("::")
    where = str(case.get("classname")).replace(".", "/")
    is_there = where.endswith(f"{TESTS.name}/{file.removesuffix('.py')}")
    return is_there and (not test or str(case.get("name")).partition("[")[0] == test)
