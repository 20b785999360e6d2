"""Names that no longer stand for one thing, and what is used in their place.

What they did is done otherwise, or in several steps, so that no new name can be called as the old
one was. Whoever asks for one is told what to use instead.
"""

from __future__ import annotations

GONE = {
    "anticipate.alerts.records.record.Run": "anticipate.alerts.records",
    "anticipate.alerts.records.replay.forget": "anticipate.alerts.records",
    "anticipate.models.network.Cases": "anticipate.models.network",
    "assess.actors.names.state_forms": "assess.actors.states.state_body",
    "assess.technology.adoption.posterior": "assess.technology.possession",
    "assess.linkage.records.columns.FileMapping": "schema.mapping.MappingFile",
    "assess.linkage.records.dates.month_span": "schema.days.days_of",
    "assess.linkage.records.dates.year_span": "schema.days.days_of",
    "assess.linkage.decisions.model.shares": "assess.linkage.decisions.model.train",
    "assess.technology.promising": "assess.technology.mentions.reading.read",
    "assess.technology.mentions.users.named_users": (
        "assess.technology.mentions.users.probabilities"
    ),
    "observe.formats.parquet.parquet_header": "observe.formats.parquet.parquet_names",
    "observe.formats.parquet.parquet_records": "observe.read_table",
    "observe.formats.records.header_of": "observe.read_table",
    "observe.formats.records.table_records": "observe.read_table",
    "observe.formats.sheets.excel.excel_header": "observe.formats.sheets.excel.excel_head",
    "observe.formats.sheets.excel.excel_records": "observe.read_table",
    "observe.formats.table.read": "observe.read_table",
    "observe.mapping.Forms": "schema.mapping.MappingFile",
    "observe.sources.gdelt.events.outside_km": "schema.geography.shapes.outside_km",
    "plan.region.model.draw_parameters": "compare",
    "plan.region.model.poisson": "plan.region.chance.poisson",
    "plan.region.model.simulate": "compare",
    "schema.vocabulary.heading.folded": "schema.vocabulary.folding.fold_in_place",
    "workspace.road.issued": "anticipate.forecast_ledger.entries",
    "workspace.road.rules_of": "anticipate.alerts.rules.declared.read_rules",
}
"""A name in a module (as the module is called now) to what is used in its place, both below
`tocsin`."""
