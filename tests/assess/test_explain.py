"""An incident is explained section by section; an unknown id says what to do."""

from __future__ import annotations

import polars as pl
import pytest

from tocsin.assess import assess, explain
from tocsin.errors import UsageError


def test_an_incident_in_words(seen: dict[str, pl.DataFrame]) -> None:
    found = assess(seen["reports"].head(50), seen["actors"])
    incident = found["incidents"]["incident_id"][0]
    assert explain(found, incident)[0].startswith(incident)
    with pytest.raises(UsageError):
        explain(found, "i-none")
