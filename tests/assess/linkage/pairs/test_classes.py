"""Names of two sources that mean the same: by spelling, and by what they report on."""

from __future__ import annotations

from collections import Counter

import numpy as np
import polars as pl
import pytest

from tocsin.assess.linkage.pairs import classes
from tocsin.assess.linkage.pairs.blocking import Pairs
from tocsin.assess.linkage.pairs.classes import LEAST, _classes, _foes, _Groups, add_classes

NOBODY: frozenset[tuple[int, int]] = frozenset()


def _sources(*many: int) -> list[np.ndarray]:
    """Two sources; the second is told apart by its number."""
    return [np.full(sum(many), number) for number in (1, 2)]


def _joined(
    table: dict[tuple[int, int], int], size: int, foes: frozenset[tuple[int, int]] = NOBODY,
    **how: object,
) -> tuple[list[int], list[int]]:  # fmt: skip
    """Fine and broad classes of codes that stand for each other so often."""
    left, right = (np.repeat([pair[at] for pair in table], list(table.values())) for at in (0, 1))
    rule = {"least": 0.6, "lift": 0.0, "own": False} | how
    found = _classes(left, right, _sources(*table.values()), size, foes=foes, **rule)  # type: ignore[arg-type]
    return found[0].tolist(), found[1].tolist()


def test_codes_that_stand_for_each_other_often_enough_are_one() -> None:
    assert _joined({(0, 1): LEAST}, 2) == ([0, 0], [0, 0])
    assert _joined({(0, 1): LEAST - 1}, 2) == ([0, 1], [0, 1])
    # Three fifths are enough; less one way is a broader name only, less both ways none.
    assert _joined({(0, 1): 6, (0, 2): 4}, 3) == ([0, 0, 2], [0, 0, 0])
    assert _joined({(0, 1): 5, (0, 2): 5}, 3) == ([0, 1, 2], [0, 0, 0])
    assert _joined({(0, 2): 5, (0, 3): 5, (1, 2): 5, (1, 3): 5}, 4) == ([0, 1, 2, 3],) * 2
    # What is not told stands for nothing.
    assert _joined({(0, 1): 4, (-1, 1): 40, (0, -1): 40}, 2) == ([0, 0], [0, 0])
    assert _joined({(-1, 1): 40}, 2) == ([0, 1], [0, 1])


def test_a_code_of_all_reports_tells_nothing() -> None:
    """Seven of ten partners is no more than the share that the partner has in all."""
    table = {(0, 2): 7, (0, 3): 3, (1, 2): 7, (1, 3): 3}
    assert _joined(table, 4, lift=1.5) == ([0, 1, 2, 3],) * 2
    assert _joined(table, 4, least=0.7)[1] == [0, 0, 0, 3]
    # Half as much again is enough: 0.9 beside 0.6, and 0.6 beside 0.4.
    table = {(0, 2): 9, (0, 3): 1, (1, 2): 3, (1, 3): 7}
    assert _joined(table, 4, lift=1.5) == ([0, 1, 0, 1], [0, 1, 0, 1])
    assert _joined(table, 4, lift=1.51)[0][2] == 2


def test_a_name_that_both_sources_know_is_not_another_one_for_a_commoner() -> None:
    table = {(0, 1): 6, (0, 0): 4, (2, 1): 6}
    assert _joined(table, 3, own=True)[1] == [0, 1, 1]
    assert _joined(table | {(0, 0): 3}, 3, own=True)[1] == [0, 0, 0]
    turned = {(v, u): n for (u, v), n in table.items()}
    assert _joined(turned, 3, own=True)[1] == [0, 1, 1]
    assert _joined(turned | {(0, 0): 3}, 3, own=True)[1] == [0, 0, 0]
    # That a name is itself is nothing to learn; both ways it is the other whoever knows it.
    assert _joined({(0, 0): 40}, 1, own=True) == ([0], [0])
    assert _joined({(0, 1): 20, (0, 0): 4}, 2, own=True) == ([0, 0], [0, 0])


def test_each_two_sources_are_counted_by_themselves() -> None:
    """Of two sources one calls the first code by the second, the other calls it by the third."""
    left, right = np.zeros(8, int), np.repeat([1, 2], 4)
    apart = [np.ones(8, int), np.repeat([2, 3], 4)]
    found = _classes(left, right, apart, 3, least=0.6, lift=0.0, own=False)
    assert [one.tolist() for one in found] == [[0, 0, 0]] * 2
    found = _classes(left, right, _sources(8), 3, least=0.6, lift=0.0, own=False)
    assert [one.tolist() for one in found] == [[0, 1, 2], [0, 0, 0]]


def test_groups_are_named_after_their_first_and_never_hold_two_that_fight() -> None:
    groups = _Groups(6, frozenset({(1, 4)}))
    for one, two in ((5, 3), (1, 0), (4, 3), (5, 3)):
        groups.merge(one, two)
    assert groups.classes().tolist() == [0, 0, 2, 3, 3, 3]
    assert groups.classes().dtype == np.int32
    groups.merge(5, 0)
    assert groups.classes().tolist() == [0, 0, 2, 3, 3, 3]
    groups.merge(5, 2)
    assert groups.classes().tolist() == [0, 0, 2, 2, 2, 2]
    assert _joined({(0, 1): 9}, 2, frozenset({(0, 1)})) == ([0, 1], [0, 1])


@pytest.mark.parametrize(
    ("against", "others", "found"),
    [((3, 0, 0), 0, True), ((2, 0, 0), 0, False), ((2, 1, 0), 0, True), ((3, 0, 9), 0, True),
     ((3, 97, 97), 2, True), ((3, 98, 98), 2, False), ((3, 98, 97), 2, True),
     ((3, 98, 0), 2, True)],
)  # fmt: skip
def test_foes_stand_against_each_other_three_times_and_in_three_of_a_hundred(
    against: tuple[int, int, int], others: int, found: bool
) -> None:
    """The first and the second name; with `others`, each has fights with a third or fourth."""
    many, first, second = against
    sides = [(0, 1)] * many + ([(2, 0)] * first + [(1, 3)] * second if others else [])
    if not others:
        # The order of sides does not count; whoever stands alone or against itself has no foe.
        sides += [(1, 0)] * first + [(0, -1), (-1, 1), (0, 0)] * second
    a, b = np.array(sides).T
    assert ((0, 1) in _foes(a, b)) is found
    assert all(low < high and low >= 0 for low, high in _foes(a, b))


def _records(*rows: tuple[str, str | None, str | None, str | None]) -> pl.DataFrame:
    names = ["source", "actor_a", "actor_b", "type"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _anchors(*pairs: tuple[int, int]) -> Pairs:
    left, right = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Pairs(left, right)


def _sides(records: pl.DataFrame, row: int, kind: str) -> tuple[int, int]:
    return records[f"a_{kind}"][row], records[f"b_{kind}"][row]


def test_sides_are_matched_by_what_is_told_of_them_whichever_stands_first() -> None:
    """One source calls the Red Brigade the Vanguard, and tells its enemy first."""
    one = [("s", "Red Brigade", "Sentinels", "battle")] * 5
    two = [("t", "Watchmen", "Vanguard", "clash")] * 5
    rest = [("s", "Red Brigade", None, None), ("t", None, "Harvest Union", "raid")]
    records = _records(*one, *two, *rest)
    pairs = _anchors(*((row, row + 5) for row in range(5)))
    alone, _ = add_classes(records, _anchors(), known={}, taxonomy={})
    assert len({*_sides(alone, 0, "fine"), *_sides(alone, 5, "fine")}) == 4
    # A mapping says who the Watchmen are; so it is known which side the Vanguard is.
    found, names = add_classes(records, pairs, known={"watchmen": "sentinels"}, taxonomy={})
    assert names == ("type",)
    red, sentinels = _sides(found, 0, "fine")
    assert red != sentinels
    assert _sides(found, 5, "fine") == (sentinels, red)
    assert _sides(found, 5, "broad") == _sides(found, 0, "broad")[::-1]
    assert _sides(found, 10, "fine") == (red, -1)
    assert _sides(found, 11, "broad")[0] == -1
    assert found["type_fine"].to_list()[:10] == [found["type_fine"][0]] * 10
    assert found["type_fine"][10] == -1
    assert found["type_fine"][11] not in (-1, found["type_fine"][0])


def test_who_fights_whom_is_rare_in_less_than_a_twentieth_of_reports() -> None:
    for many, rare in ((19, False), (20, True)):
        rows = [("s", "Red Brigade", "Sentinels", None)] * many
        rows[0] = ("s", "Sentinels", "Red Brigade", None)
        found, names = add_classes(
            _records(*rows, ("s", "Harvest Union", None, None)), _anchors(), known={}, taxonomy={}
        )
        assert names == ()
        assert found["rare"].to_list() == [False] * many + [rare]


def _types(
    told: list[tuple[str, str | None]], pairs: Pairs, taxonomy: dict[tuple[str, str], str]
) -> tuple[list[int], list[int]]:
    frame = _records(*((source, None, None, code) for source, code in told))
    found, _ = add_classes(frame, pairs, known={}, taxonomy={"type": taxonomy})
    return found["type_fine"].to_list(), found["type_broad"].to_list()


def test_codes_spelt_alike_or_of_one_concept_are_one() -> None:
    told = [("s", "Battle"), ("t", "BATTLE"), ("t", "clash"), ("s", None), ("u", "affray")]
    fine, broad = _types(told, _anchors(), {})
    assert fine == broad
    assert fine[0] == fine[1] != fine[2]
    assert fine[3] == -1
    assert len({*fine}) == 4
    # A concept of one source, or of all; what has none goes by its spelling.
    fine, broad = _types(told, _anchors(), {("t", "clash"): "fight", ("all", "affray"): "fight"})
    assert fine == broad
    assert fine[2] == fine[4] != fine[0] == fine[1]
    fine, _ = _types(told, _anchors(), {("s", "clash"): "fight", ("all", "affray"): "fight"})
    assert fine[2] != fine[4]


@pytest.mark.parametrize(("often", "alike"), [(10 * LEAST, False), (10 * LEAST - 1, True)])
def test_codes_spelt_alike_stay_apart_where_many_reports_say_so(often: int, alike: bool) -> None:
    """Each source's 'battle' stands for another code of the other source."""
    told = [("s", "battle")] * often + [("t", "clash")] * often
    told += [("s", "raid")] * often + [("t", "battle")] * often
    pairs = _anchors(*((row, row + often) for start in (0, 2 * often)
                       for row in range(start, start + often)))  # fmt: skip
    fine, broad = _types(told, pairs, {})
    assert fine[0] == fine[often]
    assert fine[2 * often] == fine[3 * often]
    assert (fine[0] == fine[3 * often]) is alike
    assert (broad[0] == broad[3 * often]) is alike
    # A mapping file decides whatever is told.
    fine, _ = _types(told, pairs, {("all", "battle"): "fight"})
    assert len(set(fine)) == 1


def test_further_columns_are_categories_of_a_safe_name() -> None:
    frame = _records(("s", None, None, None), ("t", None, None, None)).with_columns(
        pl.Series("extra_Wéapon 1", ["x", "y"]), pl.Series("extra_none", [None, None], pl.String)
    )
    found, names = add_classes(
        frame, _anchors(), known={}, taxonomy={"Wéapon 1": {("all", "y"): "z", ("s", "x"): "z"}}
    )
    assert names == ("extra_w_apon_1",)
    assert found["extra_w_apon_1_fine"].n_unique() == 1
    assert found["a_fine"].to_list() == [-1, -1]
    assert classes._foes(np.array([0]), np.array([1])) == frozenset()
    assert Counter(found["b_broad"].to_list()) == {-1: 2}


def test_who_stands_alone_and_who_fights_itself_are_not_one_pair() -> None:
    """Each is one of thirty reports, and rare; two together would be none."""
    rows: list[tuple[str, str | None, str | None, str | None]] = [
        ("s", "Lion Column", "Meadow Watch", None)
    ] * 28
    rows += [("s", "Amber Guard", "Amber Guard", None), ("s", None, "Zenith Union", None)]
    found, _ = add_classes(_records(*rows), _anchors(), known={}, taxonomy={})
    assert found["rare"].to_list() == [False] * 28 + [True] * 2
