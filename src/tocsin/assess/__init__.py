"""assess: link reports into incidents, tag technologies, keep the adoption ledger.

>>> from tocsin.assess import assess
>>> from tocsin.schema import TABLES, empty
>>> sorted(assess(empty(TABLES["reports"]), empty(TABLES["actors"])))
['adoption', 'adoption_quarters', 'incident_reports', 'incidents', 'technology_tags']
"""

from __future__ import annotations

import polars as pl

from tocsin.assess.adoption import ledger
from tocsin.assess.incidents import incidents
from tocsin.assess.technology import by_incident, tag

__all__ = ["assess", "by_incident", "incidents", "ledger", "tag"]


def assess(reports: pl.DataFrame, actors: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Reports to incidents, technology tags and the adoption ledger.

    Args:
        reports: the table `reports`.
        actors: the table `actors`; may be empty.

    Returns:
        The tables `incidents`, `incident_reports`, `technology_tags`, `adoption` and
        `adoption_quarters`.
    """
    events, links = incidents(reports)
    tags = tag(reports, links)
    adoption, quarters = ledger(events, by_incident(tags), actors)
    return {
        "incidents": events,
        "incident_reports": links,
        "technology_tags": tags,
        "adoption": adoption,
        "adoption_quarters": quarters,
    }
