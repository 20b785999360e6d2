"""Clauses: who of the parties that a part names used a class there, and against whom.

What decides is where their names stand beside the class's words, and the words between: who fires,
who is struck, who claims or is blamed, who only tells of it. The patterns stand in `rules.toml`
(`[[clause]]`), each with what it is for; this file says where each is looked for.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

from tocsin.assess.technology.mentions.parties import NEAR, STATES, Party
from tocsin.assess.technology.mentions.rules import clause
from tocsin.schema.vocabulary.folding import fold_in_place

FAR = 16
"""Words between a party and the class beyond which the two are not joined."""
NEARBY = 30
"""Letters before a party within which words say whether others only hold it to be the one."""
OTHERS_SAY = 0.7
"""How surely it was a party that others blame, accuse or suspect, or whose attack was repelled by
who took the class's weapon. A judgement: labels have few."""


def between(
    part: str, words: list[tuple[int, int]], found: list[Party], *, holds: bool = False
) -> tuple[Party | None, Party | None]:
    """Tell who is said to have used, or had, a class, and against whom.

    Args:
        part: the part of the text.
        words: the places of the class's words, in the order of the text.
        found: from `parties_in`.
        holds: whether the class was shot down, seized or struck: then the one who acts is
            against, and only a possessive or 'of' says whose it was.

    Returns:
        The user and the party that it was used against; None where the words name none.
    """
    level = fold_in_place(part).lower()
    first, last = words[0]
    claimed = next((one for one in reversed(found) if _is_blamed(level, one, holds=holds)), None)
    if claimed and clause("claims_last").match(level[claimed.end :]):
        # 'Army shelling kills boy, X claims': whoever claims it only tells of it.
        others = [one for one in found if one is not claimed]
        if any(_names_user(level, span, one) for span in words for one in others):
            return between(part, words, others, holds=holds)
    tellers = [one for one in found if one is not claimed and _only_tells(level, one)]
    found = [
        one
        for one in found
        if one not in tellers and not clause("not_by").search(_before(level, one.start))
    ]
    by = next((one for span in words for one in found if _is_by(level, span, one)), claimed)
    caught: Party | None = None
    if not holds:
        by = by or _armed_with(level, first, found) or _fires_later(level, last, found)
        by = by or (caught := _caught_with(level, first, found))
        by = by or _whose(level, words, found)
    if holds and by is None:
        by = next(
            (
                one
                for one in found
                if clause("hands_in").match(level[one.end : max(first, one.end)])
            ),
            None,
        )
        by = (
            by
            or _its_own(level, first, found)
            or next((one for one in found if _is_owner(level, last, one)), None)
        )
    against: Party | None = None
    passive = clause("passive").match(level[first:]) is not None
    acts = clause("finite").match(level, first) is not None and not passive
    for party in reversed([one for one in found if one.end <= first]):
        gap = level[party.end : first]
        if clause("clause").search(gap):
            break
        role = _role(level, party, gap, holds=holds, acts=acts)
        if role == "by" and clause("own").fullmatch(gap) and passive:
            role = "against"
        if role == "by" and by is None:
            by = party
            break
        if role == "against" and against is None:
            against = party
    if holds and by is None and against is None and clause("they").search(level[:first]):
        against = next((one for one in found if one.end <= first), None)
    if holds and by is None and against is not None:
        by, against = _find_attacked(level, first, found) or (None, against)
    others = [one for one in found if one is not by and not _is_joined(level, last, by, one)]
    against = (None if against is caught else against) or _named_behind(level, last, others)
    against = against or _hit_by(level, first, by, others)
    if by is None and not holds:
        by = _unlisted(fold_in_place(part), words, [*found, *tellers])
    return by and _weighed(level, _by_name(level, by, found)), against


def find_denier(part: str, first: int, found: list[Party]) -> Party | None:
    """Find who denies what it is said to have, or to have done, itself.

    Args:
        part: the part of the text.
        first: the first character of the class's words.
        found: from `parties_in`.

    Returns:
        The party; None where nobody before the words denies it of itself.
    """
    level = fold_in_place(part).lower()
    before = [one for one in found if one.end <= first]
    return next((one for one in before if clause("denies_own").match(level[one.end :])), None)


def _named_behind(level: str, last: int, found: list[Party]) -> Party | None:
    """The first party behind the class's words that its clause still speaks of."""
    for party in found:
        gap = level[last : party.start]
        if party.start < last or clause("clause").search(gap) or clause("as").search(gap):
            continue
        begins = clause("joins").search(gap) and clause("goes_on").match(level[party.end :])
        return None if begins else party
    return None


def _hit_by(level: str, first: int, by: Party | None, found: list[Party]) -> Party | None:
    """Who is said to suffer what a user did that stands between it and the class's words."""
    if by is None or by.end > first:
        return None
    before = [one for one in found if one.end <= by.start]
    gap = level[before[-1].end : by.start] if before else ""
    return before[-1] if clause("hit_by").match(gap) else None


def _is_joined(level: str, last: int, by: Party | None, party: Party) -> bool:
    """Whether a party used the class together with the user that stands behind its words."""
    if by is None or not last <= by.start < party.start:
        return False
    return clause("joined").fullmatch(level[by.end : party.start]) is not None


def _armed_with(level: str, first: int, found: list[Party]) -> Party | None:
    """Who attacks another with the class, '… inflict losses on the army using mines', or dies by
    its own."""
    if own := _its_own(level, first, found):
        return own
    before = [one for one in found if one.end <= first]
    for party, struck in itertools.pairwise(before):
        gap = level[party.end : struck.start]
        if (
            gap.strip()
            and _acts(gap, holds=False)
            and not clause("clause").search(level[party.end : first])
            and clause("armed_with").fullmatch(level[struck.end : first])
        ):
            suffers = _role(level, party, gap, holds=False, acts=False) == "against"
            return None if suffers else party
    return None


def _names_user(level: str, span: tuple[int, int], party: Party) -> bool:
    """Whether a party's name stands right before words of the class, or behind 'by'."""
    gap = level[party.end : span[0]]
    right_before = party.end <= span[0] and clause("right_before").fullmatch(gap) is not None
    return right_before or _is_by(level, span, party)


def _caught_with(level: str, first: int, found: list[Party]) -> Party | None:
    """Who was killed or caught while it laid or fired the class's weapon."""
    before = [one for one in found if one.end <= first]
    for party, other in itertools.pairwise([*before, None]):
        if party is None or party.kind in STATES or clause("stop").search(level[party.end : first]):
            continue
        if other is None or clause("agent").search(level[party.end : other.start]):
            caught = clause("while_laying").search(level[party.end : first])
        else:
            caught = clause("caught_them").match(level[other.end : first])
        if caught:
            return party
    return None


def _its_own(level: str, first: int, found: list[Party]) -> Party | None:
    """Who died by what was its own: 'killed by their own …'."""
    before = [one for one in found if one.end <= first]
    own = before and clause("its_own").search(level[before[-1].end : first])
    return before[-1] if own else None


def _find_attacked(level: str, first: int, found: list[Party]) -> tuple[Party, Party] | None:
    """Whose attack was repelled before the class's words, and by whom: what was then shot down, or
    seized, was the attacker's.

    That is an inference, so it is held less surely.
    """
    before = [one for one in found if one.end <= first]
    for taker, party in itertools.pairwise(before):
        gap, behind = level[taker.end : party.start], level[party.end : first]
        ahead = clause("repels").search(gap) and clause("its_attack").match(behind)
        if ahead or clause("repels_of").search(gap):
            return replace(party, surely=OTHERS_SAY), taker
    return None


def _whose(level: str, words: list[tuple[int, int]], found: list[Party]) -> Party | None:
    """Whose name stands right before later words of the class: 'a bus detonates a … mine'."""
    for start, _ in words[1:]:
        for party in found:
            gap = level[party.end : start]
            if words[0][1] <= party.start and clause("right_before").fullmatch(gap):
                return party
    return None


def _fires_later(level: str, last: int, found: list[Party]) -> Party | None:
    """Who is said to fire, or to have fired, only behind the words of the class."""
    for party in found:
        gap, behind = level[last : party.start], level[party.end :]
        late = clause("then").search(gap) and clause("fires").match(behind)
        laid = clause("relative").match(gap) and clause("had_laid").match(behind)
        if party.start >= last and (late or laid):
            return party
    return None


def _by_name(level: str, by: Party, found: list[Party]) -> Party:
    """The organisation that a description has beside it: 'rebels of the …', '…, a rebel group'."""
    if by.kind != "described" or not by.listed:
        return by
    for one in found:
        behind, before = level[by.end : one.start], level[one.end : by.start]
        if one.kind == "organisation" and (
            (one.start >= by.end and clause("members").fullmatch(behind))
            or (one.end <= by.start and clause("apposed").fullmatch(before))
        ):
            return one
    return by


def _weighed(level: str, by: Party) -> Party:
    """The user, less surely where only others say that it was the one."""
    behind = " ".join(level[by.end :].split()[:3])
    others = clause("by_others").search(level[max(by.start - NEARBY, 0) : by.start]) or clause(
        "blamed_next"
    ).match(behind)
    return replace(by, surely=OTHERS_SAY) if others else by


def _unlisted(plain: str, words: list[tuple[int, int]], known: list[Party]) -> Party | None:
    """A name that no list knows, of which the part says that it used the class."""
    for found in clause("unlisted").finditer(plain):
        start, end = found.span(str(found.lastgroup))
        before = found.lastgroup == "claims" or start >= words[-1][0]
        taken = [*((one.start, one.end) for one in known), *words]
        met = any(start < last and first < end for first, last in taken)
        if before and not met and not clause("no_party").search(found[str(found.lastgroup)]):
            return Party("described", None, None, start, end, listed=False)
    return None


def _is_owner(level: str, last: int, party: Party) -> bool:
    """Whether a party named after the class had it: it was found in its place, or taken from it."""
    if party.start < last:
        return False
    gap = level[last : party.start]
    in_its_place = clause("hides").search(level[party.end :]) and clause("found_in").search(gap)
    return bool(in_its_place or clause("taken_from").search(gap))


def _is_blamed(level: str, party: Party, *, holds: bool) -> bool:
    """Whether a party takes the act on itself, or others say that it was the one."""
    behind = level[party.end :]
    own = clause("claims").search(behind) or (not holds and clause("says_it").search(behind))
    if party.kind not in STATES and clause("admits").search(behind):
        return True
    before = _before(level, party.start)
    linked = not holds and clause("linked").search(before)
    return bool(own or linked or clause("blamed").search(before))


def _only_tells(level: str, party: Party) -> bool:
    """Whether a party only tells of something: '… says', or its name alone after a colon."""
    last = not level[party.end :].strip(" .'’”s") and level[: party.start].rstrip().endswith(":")
    apart = clause("source").search(level[: party.start]) and clause("voice").fullmatch(
        level[party.end :]
    )
    heads = len(level[: party.start].split()) <= 1 and clause("headed").match(level[party.end :])
    before = _before(level, party.start)
    ends = clause("says_before").search(before) and clause("ends").match(level[party.end :])
    told = last or apart or heads or ends or clause("told_by").search(before)
    return bool(told) or clause("speaks").search(level[party.end :]) is not None


def _before(level: str, at: int) -> str:
    """The words just before a place, as far as a rule may look."""
    return level[max(at - NEAR, 0) : at]


def _is_by(level: str, span: tuple[int, int], party: Party) -> bool:
    """Whether a party after the class's words is the one by whom it was used."""
    arabic = not level[party.start].isascii()
    if span[0] <= party.start and party.end <= span[1]:
        # There the state may stand inside the words of the class; so may 'CIA' begin 'CIA drone'.
        return arabic or (party.gwno is not None and party.start == span[0])
    if party.start < span[0] < party.end:
        # 'Hill artillery' is the name of an organisation's own.
        return party.kind == "organisation"
    if party.start < span[1]:
        return False
    gap = level[span[1] : party.start]
    if clause("of_whom").search(level[span[0] : party.start]):
        return False
    if not gap.strip() and (arabic or party.gwno is not None):
        # 'bombardement russe', not 'shells Turkish posts'.
        return not clause("verb").search(level[: span[1]])
    return (
        bool(clause("by").search(gap))
        and not clause("held").search(gap)
        and not clause("and").search(gap)
    )


def _role(level: str, party: Party, gap: str, *, holds: bool, acts: bool) -> str | None:
    """What a party before the class's words does: uses it, suffers it, or neither. `acts`: the
    words can only be a verb."""
    # Soldiers who trigger a mine suffer it; insurgents who trigger one set it off.
    triggers = party.kind in STATES and clause("triggers").search(gap)
    before = _before(level, party.start)
    in_person = clause("people").search(before) and clause("does_it").fullmatch(gap)
    suffers = triggers or clause("victims").search(before) or clause("its_site").fullmatch(gap)
    if suffers and (holds or not in_person):
        return "against"
    if party.kind not in STATES:
        gap = clause("who").sub(" ", gap)
    if clause("others").search(gap):
        return None
    goes_on = not clause("next").search(gap)
    does = bool(clause("does").search(gap) and goes_on) or bool(clause("both").search(gap))
    does = does or bool(clause("by_means").search(gap) and not clause("suffered").search(gap))
    if not holds and (in_person or does):
        return "by"
    if clause("suffered").search(gap):
        return "against"
    if gap.count(" ") > FAR or not (goes_on or acts):
        return None
    return "by" if acts and not holds else _acts(gap, holds=holds)


def _acts(gap: str, *, holds: bool) -> str | None:
    """What a party does by the words between it and the class's."""
    acts = clause("acts").search(gap) is not None
    if clause("own").fullmatch(gap) and not clause("ties").search(gap) and not (holds and acts):
        return "by"
    return ("against" if holds else "by") if acts else None
