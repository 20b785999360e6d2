"""Names of states as lists and offices write them: short forms, and two names in one cell."""

from __future__ import annotations

import pytest

from tocsin.schema.geography.territory import is_known, resolve


@pytest.mark.parametrize(
    ("name", "gwno"),
    [
        ("Rep. Dem. Congo", 490),
        ("Congo RDC", 490),
        ("D.R. Congo", 490),
        ("República Democrática do Congo", 490),
        ("الكونغو الديمقراطية", 490),
        ("Niger (le)", 436),
        ("Rép. centrafricaine", 482),
        ("Birmanie (Myanmar)", 775),
        ("Swaziland (Eswatini)", 572),
        ("N. Korea", 731),
        ("Guinée Conakry", 438),
        ("Bande de Gaza", 666),
        ("Micronesia (Fed. States of)", 987),
    ],
)
def test_short_forms_and_two_names_of_one_state(name: str, gwno: int) -> None:
    assert resolve(name).gwno == gwno


@pytest.mark.parametrize(
    "name", ["Congo (DR Congo)", "Nigeria (Borno)", "Mali (Niger)", "Tchad / Lac"]
)
def test_two_names_of_two_are_none(name: str) -> None:
    assert not is_known(name)
