"""Every parameter of the regional model: its prior, its unit and where it comes from.

Each future draws all of them anew, so what is not known widens every interval. 'Assumption'
marks a range set by judgement; docs/methods/regional-model.md discusses each.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameter:
    """This is one parameter of the model, with its prior: it is uniform from `low` to `high`.

    `unit` is the unit of both bounds, and `source` the publication that the range comes from, or
    'assumption'.
    """

    name: str
    low: float
    high: float
    unit: str
    source: str


PARAMETERS = (
    Parameter("diffusion", 0.01, 0.06, "a month", "assumption; form as in Bass (1969)"),
    Parameter("decay", 0.005, 0.03, "a month", "assumption"),
    Parameter("background", 0.1, 0.5, "capability", "assumption: what markets offer anyone"),
    Parameter("lethality", 0.1, 0.8, "log rate / capability", "assumption"),
    Parameter("excitation", 0.3, 0.8, "share", "Mohler et al. (2011): self-exciting events"),
    Parameter("memory", 2.0, 6.0, "months", "assumption"),
    Parameter("spillover", 0.0, 0.05, "share", "Buhaug and Gleditsch (2008): contagion"),
    Parameter("overdispersion", 0.5, 1.5, "sd of log rate", "assumption"),
    Parameter("grievance_rise", 0.005, 0.03, "a month", "assumption: harm feeds grievance"),
    Parameter("grievance_fade", 0.01, 0.05, "a month", "assumption"),
    Parameter("grievance_effect", 0.2, 1.2, "log rate", "Cederman, Gleditsch, Buhaug (2013)"),
    Parameter("backlash", 0.0, 0.03, "a month", "LaFree, Dugan and Korte (2009): defiance"),
    Parameter("control", 0.2, 0.7, "share", "assumption: supply cut at full effort"),
    Parameter("shift", 0.2, 0.8, "share", "Enders and Sandler (1993): substitution"),
    Parameter("enforcement", 0.0, 0.3, "log rate", "assumption: direct suppression"),
    Parameter("warning", 0.0, 0.25, "share of deaths", "assumption: people reach safety"),
    Parameter("dialogue", 0.0, 0.3, "log rate", "assumption"),
    Parameter("inclusion", 0.0, 0.02, "a month", "Cederman, Gleditsch, Buhaug (2013)"),
    Parameter("escalation", 0.02, 0.15, "a month", "assumption: ladder after Kahn (1965)"),
    Parameter("damage", 0.005, 0.03, "service / log death", "assumption"),
    Parameter("repair", 0.05, 0.2, "a month", "Ouyang (2014): resilience of infrastructure"),
    Parameter("displaced", 10.0, 60.0, "people / death", "assumption"),
    Parameter("trade", 0.5, 4.0, "% at full effort", "assumption"),
)
"""Shape of a draw: one value each, in this order."""
