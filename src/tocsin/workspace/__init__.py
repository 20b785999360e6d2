"""The workspace: one folder that keeps what the stages make, and the road through them."""

from __future__ import annotations

from tocsin.workspace.store import Workspace

__all__ = ["Workspace"]
