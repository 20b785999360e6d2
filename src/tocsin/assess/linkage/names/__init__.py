"""Names of places, organisations and categories: folded, and joined where they mean one."""

from __future__ import annotations

from tocsin.base.moved import old_names

__getattr__ = old_names(__name__, "tocsin.assess.linkage.names.folding")
