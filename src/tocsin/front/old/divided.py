"""Modules and packages that were divided: where in them what they held is now."""

from __future__ import annotations

DIVIDED: dict[str, tuple[str, ...]] = {
    "anticipate.alerts.rules": ("anticipate.alerts.rules.declared",),
    "anticipate.forecast_ledger": ("anticipate.forecast_ledger.entries",),
    "anticipate.models": ("anticipate.models.registry",),
    "assess.linkage.names": ("assess.linkage.names.folding",),
    "assess.linkage.records": ("assess.linkage.records.records",),
    "assess.technology": ("assess.technology.tags",),
    "observe.mapping": ("observe.mapping.mapped",),
    "schema.geography": ("schema.geography.shapes",),
    "workspace": ("workspace.store",),
    "workspace.road": ("workspace.desk", "workspace.status"),
}
"""A module (as it is called now) to the modules that are looked in, the first first, all below
`tocsin`."""
