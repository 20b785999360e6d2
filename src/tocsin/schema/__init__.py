"""The nouns: tables, their columns, units and valid ranges. Knows nothing of any stage.

>>> from tocsin.schema import TABLES, conform, empty
>>> conform(TABLES["series"], empty(TABLES["series"])).columns
['territory', 'gwno', 'month', 'target', 'deaths', 'source']
"""

from __future__ import annotations

from tocsin.schema.step import Room
from tocsin.schema.table import PROVENANCE, Table, columns, conform, empty
from tocsin.schema.tables.anticipated.alert import (
    Alert,
    AlertActivation,
    AlertRecord,
    AlertReliability,
    AlertRule,
    AlertValue,
    Anomaly,
    AnomalyRecord,
)
from tocsin.schema.tables.anticipated.diffusion import (
    CapabilityIndex,
    DiffusionAlternative,
    DiffusionCut,
    DiffusionDraw,
    DiffusionExpected,
    DiffusionGrowth,
    DiffusionHazard,
    DiffusionHindcast,
    DiffusionNote,
    DiffusionRecord,
    DiffusionShare,
    DiffusionVerdict,
    NextAdopter,
    TechnologyCouse,
    TechnologyPortfolio,
    TechnologySynchrony,
)
from tocsin.schema.tables.anticipated.forecast import Forecast, ForecastDraws, TrackRecord
from tocsin.schema.tables.anticipated.issued import (
    Calibration,
    ForecastScore,
    IssuedAlert,
    IssuedForecast,
)
from tocsin.schema.tables.assessed.adoption import (
    Adoption,
    AdoptionDraw,
    AdoptionOnset,
    AdoptionQuarter,
    AdoptionReason,
    StateUse,
)
from tocsin.schema.tables.assessed.attribution import Attribution, Suspect
from tocsin.schema.tables.assessed.incident import (
    Incident,
    IncidentReport,
    IncidentSeries,
    Link,
    LinkageNote,
    RetoldPair,
    TechnologyStatement,
    TechnologyTag,
)
from tocsin.schema.tables.assessed.reliability import (
    AttributeConfidence,
    Casualties,
    ReportCredibility,
    SourceReliability,
)
from tocsin.schema.tables.assessed.tie import ActorSpell, LedgerConflict, Tie
from tocsin.schema.tables.observed.actor import (
    Actor,
    ActorDecision,
    ActorLink,
    ActorMatch,
    ActorName,
    ActorRelation,
    TechnologyDecision,
)
from tocsin.schema.tables.observed.claim import Claim
from tocsin.schema.tables.observed.report import Correction, File, Quarantine, Report, Withdrawal
from tocsin.schema.tables.observed.series import Covariate, Series
from tocsin.schema.tables.observed.tie import Support, ToldAdoption, ToldTie
from tocsin.schema.tables.planned.outcome import (
    Comparison,
    FuturePath,
    Outcome,
    OutcomePath,
    ParameterSwing,
    PortfolioLever,
    PortfolioPart,
    Regret,
    RuleFiring,
    Signpost,
    TerritoryComparison,
    YearComparison,
)

_BY_ROOM: dict[Room, dict[str, type[Table]]] = {
    "observe": {
        "files": File,
        "reports": Report,
        "claims": Claim,
        "corrections": Correction,
        "quarantine": Quarantine,
        "withdrawals": Withdrawal,
        "series": Series,
        "covariates": Covariate,
        "actors": Actor,
        "actor_relations": ActorRelation,
        "actor_decisions": ActorDecision,
        "supports": Support,
        "told_ties": ToldTie,
        "told_adoptions": ToldAdoption,
        "technology_decisions": TechnologyDecision,
    },
    "assess": {
        "incidents": Incident,
        "incident_series": IncidentSeries,
        "incident_reports": IncidentReport,
        "links": Link,
        "linkage_notes": LinkageNote,
        "retold_pairs": RetoldPair,
        "source_reliability": SourceReliability,
        "report_credibility": ReportCredibility,
        "attribute_confidence": AttributeConfidence,
        "casualties": Casualties,
        "technology_statements": TechnologyStatement,
        "technology_tags": TechnologyTag,
        "actor_names": ActorName,
        "actor_links": ActorLink,
        "actor_matches": ActorMatch,
        "attributions": Attribution,
        "suspects": Suspect,
        "adoption": Adoption,
        "adoption_onsets": AdoptionOnset,
        "adoption_quarters": AdoptionQuarter,
        "adoption_draws": AdoptionDraw,
        "adoption_reasons": AdoptionReason,
        "state_uses": StateUse,
        "actor_spells": ActorSpell,
        "ties": Tie,
        "ledger_conflicts": LedgerConflict,
    },
    "anticipate": {
        "forecasts": Forecast,
        "forecast_draws": ForecastDraws,
        "track_record": TrackRecord,
        "diffusion_verdict": DiffusionVerdict,
        "diffusion_notes": DiffusionNote,
        "diffusion_shares": DiffusionShare,
        "diffusion_alternatives": DiffusionAlternative,
        "diffusion_draws": DiffusionDraw,
        "diffusion_hazards": DiffusionHazard,
        "next_adopters": NextAdopter,
        "diffusion_expected": DiffusionExpected,
        "diffusion_cuts": DiffusionCut,
        "diffusion_record": DiffusionRecord,
        "diffusion_hindcasts": DiffusionHindcast,
        "diffusion_growth": DiffusionGrowth,
        "technology_portfolios": TechnologyPortfolio,
        "technology_couse": TechnologyCouse,
        "technology_synchrony": TechnologySynchrony,
        "capability_index": CapabilityIndex,
        "alert_rules": AlertRule,
        "alerts": Alert,
        "alert_record": AlertRecord,
        "alert_activations": AlertActivation,
        "alert_reliability": AlertReliability,
        "alert_value": AlertValue,
        "anomalies": Anomaly,
        "anomaly_record": AnomalyRecord,
        "alert_ledger": IssuedAlert,
        "forecast_ledger": IssuedForecast,
        "forecast_scores": ForecastScore,
        "calibration": Calibration,
    },
    "plan": {
        "portfolio_levers": PortfolioLever,
        "outcomes": Outcome,
        "outcome_paths": OutcomePath,
        "future_paths": FuturePath,
        "comparisons": Comparison,
        "comparison_years": YearComparison,
        "comparison_territories": TerritoryComparison,
        "signposts": Signpost,
        "rule_firings": RuleFiring,
        "regrets": Regret,
        "parameter_swings": ParameterSwing,
        "portfolio_parts": PortfolioPart,
    },
    "share": {},
}

TABLES: dict[str, type[Table]] = {
    name: model for tables in _BY_ROOM.values() for name, model in tables.items()
}
"""Every table by name, in the order in which the road makes them."""

STAGE_TABLES: dict[str, tuple[str, ...]] = {
    room: tuple(tables) for room, tables in _BY_ROOM.items()
}
"""Which stage holds which tables; which of its steps writes one, the step declares."""

DECISIONS = ("actor_decisions", "technology_decisions")
"""Tables of what people here say: no file brings their rows, and none is ever taken out."""

PARQUET_TABLES = ("forecast_draws",)
"""Tables too wide for the database: one Parquet file a run, beside it."""

__all__ = [
    "DECISIONS",
    "PARQUET_TABLES",
    "PROVENANCE",
    "STAGE_TABLES",
    "TABLES",
    "Table",
    "columns",
    "conform",
    "empty",
]
