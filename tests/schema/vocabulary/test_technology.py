"""Technology classes: one that there is not is refused, and the nearest told."""

from __future__ import annotations

import pytest

from tocsin.errors import UsageError
from tocsin.schema.vocabulary.technology import DOMAINS, TECHNOLOGIES, check_technology


def test_a_class_that_there_is_not_is_refused_with_the_nearest() -> None:
    for name in TECHNOLOGIES:
        check_technology(name)
    with pytest.raises(UsageError, match="There is no technology class 'cybr'") as caught:
        check_technology("cybr")
    assert caught.value.remedy is not None
    assert caught.value.remedy.startswith("Did you mean 'cyber'? There are: 'uncrewed-aircraft'")


def test_every_class_is_of_a_domain() -> None:
    assert set(DOMAINS) == set(TECHNOLOGIES)
