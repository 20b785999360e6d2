"""Alert rules: how a user declares them, what triggers them, and on which level they stand."""

from __future__ import annotations

from tocsin.base.moved import old_names

__getattr__ = old_names(__name__, "tocsin.anticipate.alerts.rules.declared")
