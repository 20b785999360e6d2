"""Old names that go on working through a function here which does what they did.

Nothing of today has their arguments or their kind of result, so that no other name could be called
in their place. Each function takes what the old one took and gives what it gave, made by what is
used today; docstrings say what that is.
"""

from __future__ import annotations

ADAPTED: dict[str, tuple[str, str]] = {
    "anticipate.data.history.read_history": (
        "paths.read_history", "anticipate.data.history.history_of"
    ),
    "anticipate.data.history.read_until": (
        "paths.read_until", "anticipate.data.history.history_until"
    ),
    "anticipate.alerts.records.replay.forget": (
        "anticipated.forget", "anticipate.alerts.records.replay.replay"
    ),
    "assess.actors.names.state_forms": ("assessed.state_forms", "assess.actors.states.state_body"),
    "assess.linkage.link.link_files": ("paths.link_files", "assess.linkage.link_tables"),
    "assess.linkage.link_files": ("paths.link_files", "assess.linkage.link_tables"),
    "assess.linkage.records.columns.FileMapping": (
        "assessed.FileMapping", "schema.mapping.MappingFile"
    ),
    "assess.linkage.records.dates.month_span": ("assessed.month_span", "schema.days.days_of"),
    "assess.linkage.records.dates.year_span": ("assessed.year_span", "schema.days.days_of"),
    "assess.technology.adoption.posterior": ("assessed.posterior", "assess.technology.possession"),
    "assess.technology.mentions.users.named_users": (
        "assessed.named_users", "assess.technology.mentions.users.probabilities"
    ),
    "assess.technology.promising": (
        "assessed.promising", "assess.technology.mentions.reading.read"
    ),
    "observe.formats.parquet.parquet_header": (
        "observed.parquet_header", "observe.formats.parquet.parquet_names"
    ),
    "observe.formats.parquet.parquet_records": ("observed.parquet_records", "observe.read_table"),
    "observe.formats.records.header_of": ("observed.header_of", "observe.read_table"),
    "observe.formats.records.table_records": ("observed.table_records", "observe.read_table"),
    "observe.formats.sheets.excel.excel_header": (
        "observed.excel_header", "observe.formats.sheets.excel.excel_head"
    ),
    "observe.formats.sheets.excel.excel_records": ("observed.excel_records", "observe.read_table"),
    "observe.formats.table.read": ("observed.read", "observe.read_table"),
    "observe.sources.gdelt.events.outside_km": (
        "observed.outside_km", "schema.geography.shapes.outside_km"
    ),
    "observe.sources.eurepoc.flattened": (
        "observed.flattened", "observe.sources.eurepoc.cells.flatten"
    ),
    "plan.region.model.draw_parameters": (
        "anticipated.draw_parameters", "plan.region.parameters.PARAMETERS"
    ),
    "plan.region.model.poisson": ("anticipated.poisson", "plan.region.chance.poisson"),
    "schema.vocabulary.heading.folded": ("observed.folded", "schema.vocabulary.folding.HEADINGS"),
    "workspace.road.issued": (
        "anticipated.issued", "anticipate.forecast_ledger.entries.ledger_entries"
    ),
    "workspace.road.prospective_run": (
        "anticipated.prospective_run", "workspace.declared.prospective_run"
    ),
    "workspace.road.rules_of": (
        "anticipated.rules_of", "anticipate.alerts.rules.declared.read_rules"
    ),
}  # fmt: skip
"""A name in a module (as the module is called now) to the function here that does what it did, and
to what is used in its place, below `tocsin`."""
