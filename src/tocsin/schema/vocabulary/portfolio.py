"""Portfolios: sets of levers that are compared in the same futures."""

from __future__ import annotations

STATUS_QUO = "status quo"
"""The portfolio of what is done today, which all others are measured against."""
