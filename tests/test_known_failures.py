"""What users of other programs lost, as they told in public: each is a test here.

Threads are named as their projects number them. A row says in a few words what happened there, and
which tests would fail if it happened here.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from scheduling import known_failures

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs/methods/known-failures.md"
SHARE = "share/server"

KNOWN: dict[str, tuple[str, tuple[str, ...]]] = {
    "OpenCTI 4537": (
        "cursors of TAXII: objects were skipped, or came twice, or paging did not end",
        (f"{SHARE}/taxii/test_routes.py::test_what_is_added_while_others_page_is_neither_lost_nor_twice",
         "bench/share/server/test_taxii.py::test_nobody_loses_an_object_or_has_one_twice"),
    ),
    "OpenCTI 5681": (
        "cursors of TAXII: objects were skipped, or came twice, or paging did not end",
        (f"{SHARE}/taxii/test_routes.py::test_what_is_added_while_others_page_is_neither_lost_nor_twice",
         "share/stix/test_pull.py::test_a_server_that_names_every_next_page_alike"),
    ),
    "OpenCTI connectors 7604": (
        "cursors of TAXII: objects were skipped, or came twice, or paging did not end",
        ("share/stix/test_pull.py::test_servers_that_do_not_behave",
         "share/stix/test_pull.py::test_a_pull_that_breaks_off_goes_on"),
    ),
    "cti-taxii2 110": (
        "cursors of TAXII: objects were skipped, or came twice, or paging did not end",
        (f"{SHARE}/taxii/test_routes.py::test_the_public_client_reads_and_writes",),
    ),
    "OpenCTI 7348": (
        "an export held what its reader may not see",
        (f"{SHARE}/running/test_app.py::test_hidden_rows_change_no_byte_of_any_answer",
         f"{SHARE}/taxii/test_routes.py::test_each_sees_what_they_may"),
    ),
    "kpi 6507": (
        "an export that was made before could be had after access was taken away",
        (f"{SHARE}/api/test_objects.py::test_what_was_given_out_before_is_not_given_out_after",
         f"{SHARE}/accounts/test_signing_in.py::test_a_disabled_account_is_out_at_once",
         f"{SHARE}/delivery/test_sending.py::test_what_became_hidden_before_it_was_sent_is_not_sent"),
    ),
    "TheHive 1427": (
        "similar cases of another organisation were shown",
        (f"{SHARE}/pages/test_incidents.py::test_hidden_reports_change_no_byte_of_what_others_read",
         f"{SHARE}/desk/test_alike.py::test_only_incidents_of_which_each_report_may_be_seen_are_alike",
         "bench/share/permissions/test_measure.py::test_similar_cases_of_hidden_incidents_are_found_out"),
    ),
    "MISP 10019": (
        "names of members were shown to other organisations",
        (f"{SHARE}/pages/test_warnings.py::test_each_organisation_has_its_own_inbox_and_none_sees_names_of_others",
         f"{SHARE}/access/test_refusals.py::test_a_reply_does_not_tell_who_else_sees_its_whole"),
    ),
    "OpenCTI 3133": (
        "an object with two markings was shown to who has one of them",
        (f"{SHARE}/access/test_decision.py::test_all_markings_must_allow",),
    ),
    "OpenCTI 8512": (
        "a removal was not carried to other servers",
        (f"{SHARE}/neighbours/test_following.py::test_a_ring_with_partitions_ends_alike",),
    ),
    "OpenCTI 9700": (
        "a removal was not carried to other servers",
        (f"{SHARE}/neighbours/test_following.py::test_what_is_marked_more_strictly_is_withdrawn_and_comes_back",
         f"{SHARE}/neighbours/test_following.py::test_of_what_is_hidden_by_now_a_neighbour_hears_once"),
    ),
    "MISP 9755": (
        "an update was ignored, and nobody was told",
        (f"{SHARE}/taxii/test_routes.py::test_what_is_not_kept_is_said_each_by_itself",),
    ),
    "MISP 9357": (
        "CLEAR went out under the identifier of WHITE",
        ("share/stix/test_check.py::test_a_level_under_another_levels_identifier_is_an_error",
         f"{SHARE}/taxii/test_keeping.py::test_the_strictest_marking_counts"),
    ),
    "kobocat 470": (
        "submissions came twice",
        (f"{SHARE}/desk/test_reports.py::test_a_sending_that_arrives_twice_is_one_report",
         f"{SHARE}/database/test_connection.py::test_a_sending_that_arrives_many_times_at_once_is_one_report"),
    ),
    "formhub 678": (
        "submissions came twice",
        (f"{SHARE}/pages/test_field.py::test_an_answer_that_is_lost_makes_no_second_report",
         f"{SHARE}/pages/test_field.py::test_two_tabs_send_a_report_once"),
    ),
    "getodk 1017": (
        "a report was deleted on the phone although it was not sent",
        (f"{SHARE}/pages/test_field.py::test_an_answer_that_is_no_receipt_deletes_nothing",
         "bench/share/server/test_kills.py::test_what_was_acknowledged_is_there_once"),
    ),
    "enketo 1584": (
        "a phone's service worker sent an empty body",
        (f"{SHARE}/desk/test_reports.py::test_an_empty_body_is_no_report_and_uses_nothing_up",
         f"{SHARE}/pages/test_field.py::test_a_report_written_without_a_line_arrives_once"),
    ),
    "central 669": (
        "updates made offline counted in the order in which they arrived",
        (f"{SHARE}/desk/test_reports.py::test_corrections_count_in_their_order_however_they_arrive",
         f"{SHARE}/desk/test_reports.py::test_two_branches_on_one_version_are_kept_and_marked"),
    ),
    "cap-composer 67": (
        "a polygon that crosses itself was published",
        ("share/cap/test_areas.py::test_a_repaired_polygon_is_simple_and_covers_as_much",
         "share/cap/test_message.py::test_every_territory_has_simple_closed_polygons"),
    ),
    "cap-composer 135": (
        "a message expired before it was sent",
        ("share/cap/test_check.py::test_a_fault_is_found_under_its_rule",),
    ),
    "eden-legacy 1191": (
        "an update had the identifier of the message before",
        ("share/cap/test_check.py::test_an_identifier_is_used_once",),
    ),
    "notifications-api 3461": (
        "a cancel did not say which message it cancels",
        ("share/cap/test_check.py::test_a_cancel_and_an_update_know_what_they_follow",
         "share/cap/test_check.py::test_a_chain_of_updates_ends_in_its_cancel"),
    ),
    "OpenCTI 4310": (
        "a digest came an hour late after a change of the clock",
        (f"{SHARE}/delivery/test_digest.py::test_the_digest_over_each_change_of_the_clock",
         f"{SHARE}/delivery/test_mailing.py::test_once_a_day_over_the_changes_of_the_clock_by_two_processes"),
    ),
    "OpenCTI 4299": (
        "one digest came four times",
        (f"{SHARE}/delivery/test_digest.py::test_every_moment_belongs_to_one_digest",
         f"{SHARE}/delivery/test_mailing.py::test_what_a_killed_process_had_in_hand_is_sent_by_another_under_the_same_id"),
    ),
    "ovumcy-web 155": (
        "SQLite refused a transaction that read first and wrote later",
        (f"{SHARE}/database/test_connection.py::test_many_writers_wait_for_each_other_and_times_only_grow",),
    ),
    "MISP 6585": (
        "a key was compared by its first and last signs",
        (f"{SHARE}/accounts/test_signing_in.py::test_a_token_is_compared_whole",),
    ),
}  # fmt: skip
"""The thread, what was told in it, and the tests."""


@pytest.mark.parametrize("thread", KNOWN)
def test_each_has_its_tests(thread: str) -> None:
    _, tests = KNOWN[thread]
    for one in tests:
        path, _, name = one.partition("::")
        tree = ast.parse((TESTS / path).read_text("utf-8"))
        assert name in {part.name for part in tree.body if isinstance(part, ast.FunctionDef)}, one


def test_the_page_has_each_thread_with_its_tests() -> None:
    page, _, _ = PAGE.read_text("utf-8").partition("## OWASP")
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in page.splitlines()}
    for thread, (what, tests) in KNOWN.items():
        assert what in rows[thread], thread
        assert all(f"`{one.partition('::')[2]}`" in rows[thread] for one in tests), thread
    threads = [one for one in rows if re.fullmatch(r"[\w -]+ \d+", one)]
    assert sorted(threads) == sorted(KNOWN)


def test_the_page_has_a_test_of_each_risk_of_owasp() -> None:
    _, _, page = PAGE.read_text("utf-8").partition("## OWASP")
    tests = (TESTS / SHARE / "api/test_init.py").read_text("utf-8")
    for n in range(1, 11):
        named = re.findall(rf"\btest_api{n}_\w+", page)
        assert named, n
        assert set(named) == set(re.findall(rf"\btest_api{n}_\w+", tests)), n


def test_a_test_is_found_by_the_number_of_its_thread() -> None:
    """What is given to each test as a word, so that `pytest -k 6585` finds it."""
    words = known_failures()
    for thread, (_, tests) in KNOWN.items():
        assert all(f"known {thread}" in words[f"tests/{one}"] for one in tests)
