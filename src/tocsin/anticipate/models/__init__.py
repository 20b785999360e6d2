"""The forecasters: each takes a panel, horizon H and draws S, and gives draws (N, H, S)."""

from __future__ import annotations

from tocsin.base.moved import old_names

__getattr__ = old_names(__name__, "tocsin.anticipate.models.registry")
