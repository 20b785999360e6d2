"""What was said, kept as it was said; its scores when the truth arrives; the watch for drift."""

from __future__ import annotations

from tocsin.base.moved import old_names

__getattr__ = old_names(__name__, "tocsin.anticipate.ledger.issued")
