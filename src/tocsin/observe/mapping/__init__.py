"""Any other table, read as a mapping file says; and drafts of such a file."""

from __future__ import annotations

from tocsin.base.moved import old_names
from tocsin.observe.mapping.mapped import Mapped, MappingFile, load

__all__ = ["Mapped", "MappingFile", "load"]

__getattr__ = old_names(__name__, "tocsin.observe.mapping.mapped")
