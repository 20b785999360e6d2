"""Any other table, read as a mapping file says; and drafts of such a file."""

from __future__ import annotations

from tocsin.observe.mapping.mapped import Mapped, MappingFile, load

__all__ = ["Mapped", "MappingFile", "load"]
