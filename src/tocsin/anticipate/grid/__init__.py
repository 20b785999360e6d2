"""Forecasts for PRIO-GRID cells (half a degree) and months, from reported events."""

from __future__ import annotations

from tocsin.anticipate.grid.events import CellMonths, as_reports, cell_months, grid_panel
from tocsin.anticipate.grid.forecast import forecast_cells, summaries

__all__ = [
    "CellMonths", "as_reports", "cell_months", "forecast_cells", "grid_panel", "summaries",
]  # fmt: skip
