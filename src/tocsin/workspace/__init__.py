"""The workspace: one folder that keeps what the stages make, and the road through them."""

from __future__ import annotations

from tocsin.base.moved import old_names
from tocsin.workspace.store import Workspace

__all__ = ["Workspace"]

__getattr__ = old_names(__name__, "tocsin.workspace.store")
