"""Parameters of the regional model: the words in which people read them.

The model's own names stand in the files of mechanisms and in docs/model.md. A stage that shows a
parameter to people says it in these words.
"""

from __future__ import annotations

LABELS = {
    "abroad": "share of displaced people who cross a border",
    "adaptation": "time until another channel of supply is found",
    "air_share": "share of deadly incidents from the air",
    "attribution_delay": "delay of attribution",
    "background": "technology that markets offer anyone",
    "backlash": "grievance from heavy enforcement",
    "blur": "attribution lost to misinformation",
    "bonding": "cohesion gained by joint work",
    "bought": "groups’ strength from loyalty",
    "building": "institutions’ capacity built by the lever",
    "burden": "cohesion lost to trade controls",
    "capacity_fade": "return of institutions’ capacity to today’s",
    "care": "health care gained by the lever",
    "closed": "lawful trade lost in a crisis",
    "cohesion_fade": "return of cohesion to today’s",
    "consent": "institutions’ capacity from legitimacy",
    "contagion": "spread of misinformation",
    "contest": "attribution lost to incidents that hide their origin",
    "control": "supply cut by controls",
    "correction": "fading of misinformation",
    "coupling": "how much services need each other",
    "crisis": "toll at which a crisis begins",
    "cyber": "cyber incidents from technology held",
    "cyber_pace": "pace of cyber intrusion beside other classes",
    "damage": "damage to services from deadly incidents",
    "deaths_each": "deaths in a deadly incident",
    "decay": "technology lost without use",
    "dialogue": "groups’ strength taken by dialogue",
    "diffusion": "pace at which technology spreads",
    "displaced": "people displaced for each death",
    "disruption": "damage to services from cyber incidents",
    "drowned": "warning lost to strain",
    "enforcement": "groups’ strength taken by enforcement",
    "escalation": "chance of escalation in a crisis",
    "excitation": "share of incidents that others set off",
    "explosive_share": "share of deadly incidents by explosives",
    "fear": "further displacement in an escalation",
    "forecast_holds": "chance that the forecast still holds a year later",
    "friction": "cohesion lost to escalation",
    "grievance_fade": "return of grievance to today’s",
    "grievance_rise": "grievance from violence",
    "guided_or_indirect_fire_pace": "pace of guided and indirect fire beside other classes",
    "harm": "larger events from technology held",
    "hazard": "chance of a natural hazard",
    "improvised_explosives_pace": "pace of improvised explosives beside other classes",
    "incitement": "grievance from misinformation",
    "inclusion": "grievance eased by inclusion and services",
    "information": "information operations from technology held",
    "information_operations_pace": "pace of information operations beside other classes",
    "learning": "technology learnt by use",
    "legitimacy_fade": "return of legitimacy to today’s",
    "lethality": "incidents from technology held",
    "literacy": "effect of media literacy",
    "loss": "services lost in a natural hazard",
    "loyalty_fade": "return of loyalty to groups to today’s",
    "loyalty_rise": "loyalty to groups where services fail",
    "market_split": "markets’ part of supply outside networks",
    "memory": "how long incidents set off others",
    "network": "place of networks’ supply in what was measured",
    "outbidding": "loyalty to groups lost to services",
    "outbreak": "chance that a war breaks out",
    "overdispersion": "spread of incidents from week to week",
    "overload": "health care lost to violence",
    "per_rung": "incidents added by each rung of escalation",
    "performance": "legitimacy from safety and services",
    "political_cost": "legitimacy lost to enforcement",
    "recovery": "return of health care to today’s",
    "recruitment": "groups’ strength from grievance",
    "repair": "pace at which services are repaired",
    "return": "pace at which displaced people return",
    "settling": "chance that an escalation settles",
    "shift": "share of lost supply that other channels take up",
    "spillover": "violence that spills over borders",
    "sponsor_share": "sponsors’ share of supply",
    "standards": "attribution gained by common standards",
    "strain_fade": "fading of strain on warning",
    "strain_rise": "strain from several kinds of incident at once",
    "synchrony": "shocks that all kinds of incident share",
    "tail": "exponent of event sizes (higher: fewer great ones)",
    "ties_share": "ties’ share of supply",
    "trade": "lawful trade lost to controls",
    "training_share": "training’s share of supply",
    "treatment": "deaths averted by health care",
    "trust_fade": "return of trust to today’s",
    "trust_rise": "trust from health care and legitimacy",
    "turnover": "time until groups’ strength follows",
    "uncrewed_aircraft_pace": "pace of uncrewed aircraft beside other classes",
    "violence": "incidents from groups’ strength",
    "war_drift": "drift of a war that goes on",
    "war_ends": "chance that a war ends",
    "warning": "deaths averted by warning",
    "wear": "institutions’ capacity lost to strain",
}  # fmt: skip
"""Each parameter of tocsin's own mechanisms, and what people read of it."""


def parameter_label(name: str) -> str:
    """Give what people read of a parameter; another package's has its own name.

    Args:
        name: the name in the model.

    >>> parameter_label("backlash"), parameter_label("my_own")
    ('grievance from heavy enforcement', 'my own')
    """
    return LABELS.get(name, name.replace("_", " "))
