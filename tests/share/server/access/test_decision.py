"""The one decision, against the same rules written out as a table by hand."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.share.server.access.decision import may_do, may_see, types_shown_to
from tocsin.share.server.access.marking import EVERYWHERE, LEVELS, Audience, Marking
from tocsin.share.server.access.reader import NOBODY, OF_OWNER, ROLES, VERBS, Reader, reader

OWNER, GIVEN, CLIENT, OTHER = "Health", "Interior", "Clinic", "Neighbour"
BY_LEVEL = {
    "CLEAR": {"", OWNER, GIVEN, CLIENT, OTHER},
    "GREEN": {OWNER, GIVEN, CLIENT, OTHER},
    "AMBER": {OWNER, GIVEN, CLIENT},
    "AMBER+STRICT": {OWNER, GIVEN},
    "RED": set(),
}
"""Whose accounts see what the ministry of health marked and gave to the ministry of the interior,
whose client the clinic is: FIRST (2022), TLP 2.0."""


def who(organisation: str, role: str = "analyst", **more: frozenset[str]) -> Reader:
    if not organisation:
        return NOBODY
    client_of = frozenset({GIVEN} if organisation == CLIENT else ())
    return reader("Ama", organisation, role, client_of=client_of, **more)


@pytest.mark.slow
def test_levels_groups_and_jurisdictions_for_every_role_and_verb() -> None:
    cases = 0
    for level, organisation, role, named, needed, has, asked, answers in product(
        LEVELS, ["", OWNER, GIVEN, CLIENT, OTHER], ROLES, (False, True),
        ((), ("health",), ("health", "border")), ((), ("health",), ("health", "border")),
        ((), ("MLI",)), ((), ("MLI",), ("TCD",), (EVERYWHERE,)),
    ):  # fmt: skip
        marking = Marking(
            level, OWNER, frozenset({GIVEN}), frozenset({"Ama"} if named else ()),
            frozenset(needed), frozenset(asked),
        )  # fmt: skip
        account = who(organisation, role, groups=frozenset(has), jurisdictions=frozenset(answers))
        by_level = organisation in BY_LEVEL[level] or (
            level == "RED" and named and bool(organisation)
        )
        known = bool(organisation)
        by_need = set(needed) <= (set(has) if known else set())
        by_place = not asked or (known and bool({"MLI", EVERYWHERE} & set(answers)))
        expected = by_level and by_need and by_place
        audience = Audience.of(marking)
        assert may_see(account, audience) is expected
        for verb in VERBS:
            allowed = expected and verb in (ROLES[role] if known else {"read"})
            if verb in OF_OWNER:
                allowed = allowed and organisation == OWNER
            assert may_do(account, verb, audience, OWNER) is allowed
            cases += 1
    assert cases > 100_000


@pytest.mark.parametrize("level", LEVELS)
def test_who_sees_what_of_a_level(level: str) -> None:
    """The table by hand, for one role and for nobody known."""
    for organisation, named in product(["", OWNER, GIVEN, CLIENT, OTHER], (False, True)):
        readers = frozenset({"Ama" if named else "Ben"})
        marking = Marking(level, OWNER, frozenset({GIVEN}), readers)
        seen = organisation in BY_LEVEL[level] or (level == "RED" and named and organisation != "")
        assert may_see(who(organisation), Audience.of(marking)) is seen
    # What was given to nobody is the owner's, and nobody known is of no organisation.
    own = Marking(level, "", readers=frozenset({"Ama"}))
    assert may_see(NOBODY, Audience.of(own)) is (level == "CLEAR")


def test_all_groups_are_needed_and_one_place_is_enough() -> None:
    for needed, has in product(((), ("health",), ("health", "border")), repeat=2):
        marking = Marking("GREEN", OWNER, groups=frozenset(needed))
        account = who(OTHER, groups=frozenset(has))
        assert may_see(account, Audience.of(marking)) is (set(needed) <= set(has))
    for asked, answers in product(((), ("MLI",), ("MLI", "TCD")), ((), ("MLI",), ("TCD", "NER"),
                                  ("NER",), (EVERYWHERE,))):  # fmt: skip
        marking = Marking("GREEN", OWNER, jurisdictions=frozenset(asked))
        account = who(OTHER, jurisdictions=frozenset(answers))
        seen = not asked or EVERYWHERE in answers or bool(set(asked) & set(answers))
        assert may_see(account, Audience.of(marking)) is seen
    # Neither makes up for the other, nor for a level.
    both = Marking("AMBER", OWNER, groups=frozenset({"g"}), jurisdictions=frozenset({"MLI"}))
    for organisation, groups, places in product((OWNER, OTHER), ((), ("g",)), ((), ("MLI",))):
        account = who(organisation, groups=frozenset(groups), jurisdictions=frozenset(places))
        seen = organisation == OWNER and bool(groups) and bool(places)
        assert may_see(account, Audience.of(both)) is seen


def test_what_a_role_may_do_it_does_to_what_it_sees_and_of_the_owner_only_to_its_own() -> None:
    shown, hidden = Audience.of(Marking("GREEN", OWNER)), Audience.of(Marking("RED", OWNER))
    for role, verb, organisation in product(ROLES, VERBS, (OWNER, OTHER)):
        account = who(organisation, role)
        allowed = verb in ROLES[role] and (verb not in OF_OWNER or organisation == OWNER)
        assert may_do(account, verb, shown, OWNER) is allowed
        assert not may_do(account, verb, hidden, OWNER)
        assert may_do(NOBODY, verb, shown, OWNER) is False
    assert may_do(NOBODY, "read", Audience.of(Marking("CLEAR")), OWNER)


READERS = st.builds(
    reader, st.sampled_from(["Ama", "Ben"]), st.sampled_from([OWNER, GIVEN, OTHER]),
    st.sampled_from(list(ROLES)),
    jurisdictions=st.frozensets(st.sampled_from(["MLI", "TCD"])),
    groups=st.frozensets(st.sampled_from(["health", "border"])),
)  # fmt: skip
MARKINGS = st.builds(
    Marking, st.sampled_from(LEVELS), st.just(OWNER),
    st.frozensets(st.sampled_from([GIVEN])), st.frozensets(st.sampled_from(["Ama", "Ben"])),
    st.frozensets(st.sampled_from(["health", "border"])),
    st.frozensets(st.sampled_from(["MLI", "TCD"])),
)  # fmt: skip


@given(READERS, st.lists(MARKINGS, min_size=1, max_size=4))
def test_all_markings_must_allow(account: Reader, markings: list[Marking]) -> None:
    each = [may_see(account, Audience.of(one)) for one in markings]
    assert may_see(account, Audience.of(*markings)) is all(each)


@given(READERS, st.lists(MARKINGS, min_size=1, max_size=4))
def test_adding_up_leaves_out_only_what_is_said_already(
    account: Reader, markings: list[Marking]
) -> None:
    each = [Audience.of(one) for one in markings]
    whole = Audience.of_all(each)
    assert may_see(account, whole) is all(may_see(account, one) for one in each)
    assert all(whole.is_no_laxer_than(one) for one in each)


@given(READERS, MARKINGS, MARKINGS)
def test_a_marking_implies_another_only_if_it_allows_nobody_else(
    account: Reader, one: Marking, other: Marking
) -> None:
    if one.implies(other) and may_see(account, Audience.of(one)):
        assert may_see(account, Audience.of(other))


@given(READERS, MARKINGS)
def test_who_may_not_read_may_do_nothing(account: Reader, marking: Marking) -> None:
    blind = account.within(frozenset(VERBS) - {"read"})
    assert not any(may_do(blind, verb, Audience.of(marking), OWNER) for verb in VERBS)


def test_a_field_reporter_reads_warnings_and_briefs_alone() -> None:
    assert types_shown_to(who(OWNER, "field reporter")) == ("warning", "brief")
    assert types_shown_to(who(OWNER)) is None
