"""Measures whose answer is yes or no: tests of a checkout, run by name, each under its own key.

Barriers, journeys by keyboard, clocks, equal bytes and the failures of other programs are tests.
Here they are run and counted, so that one command gives every figure of `share`.
"""

from __future__ import annotations

import gzip
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
        (f"{SERVER}/running/test_app.py::test_hidden_rows_change_no_byte_of_any_answer",
         f"{SERVER}/pages/test_incidents.py::test_hidden_reports_change_no_byte_of_what_others_read",
         f"{SERVER}/pages/test_atlas.py::test_hidden_rows_change_no_byte_of_the_map"), (),
    ),
    "uncovered_tail": (
        ("share/audit/test_coverage.py", f"{SERVER}/neighbours/test_witness.py"), (),
    ),
    "clocks": (
        ("share/test_forms.py::test_feeds_are_right_over_each_change_of_the_clock",
         f"{SERVER}/delivery/test_digest.py::test_the_digest_over_each_change_of_the_clock",
         f"{SERVER}/pages/test_warnings.py::test_every_screen_is_right_whatever_the_servers_own_clock",
         f"{SERVER}/pages/test_warnings.py::"
         "test_every_feed_for_programs_is_right_whatever_the_servers_own_clock"), (),
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


def measure_tests(
    *, quick: bool = False, on_done: Callable[[str], None] = lambda _words: None
) -> dict[str, Any]:
    """Run the tests of `TESTED`, and weigh the scripts of the pages.

    Args:
        quick: only the quick ones.
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
    told: dict[str, Any] = {}
    for key, (few, more) in TESTED.items():
        on_done(f"Testing {key}")
        told[key] = _run([f"{TESTS}/{one}" for one in (*few, *(() if quick else more))])
    scripts = [one for name, one in assets().items() if name.endswith(".js")]
    return told | {"script_bytes_compressed": sum(len(gzip.compress(one)) for one in scripts)}


def _run(names: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p",
                   "no:xdist", f"--junitxml={report}", *names]  # fmt: skip
        subprocess.run(command, check=False, capture_output=True)
        cases = list(ET.parse(report).getroot().iter("testcase")) if report.is_file() else []
    failed = [str(one.get("name")) for one in cases
              if one.find("failure") is not None or one.find("error") is not None]  # fmt: skip
    skipped = sum(one.find("skipped") is not None for one in cases)
    if not cases:
        failed = ["no test ran"]
    return {"passed": len(cases) - len(failed) - skipped if cases else 0, "failed": len(failed),
            "skipped": skipped, "names": failed}  # fmt: skip
