"""What can go wrong, said so that a reader can mend it.

Each error carries what was wrong, where, and what to do; the command line prints the three
and exits with the error's code: 1 when the work could not be finished, 2 when the command
or a path it names is wrong.
"""

from __future__ import annotations

import importlib
from types import ModuleType


class TocsinError(Exception):
    """The work could not be finished.

    Args:
        what: what was wrong, one sentence.
        where: the file, row and column, or the table, if known.
        remedy: what the reader can do.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what = what
        self.where = where
        self.remedy = remedy
        super().__init__(" ".join(part for part in (where and f"{where}:", what, remedy) if part))

    def as_dict(self) -> dict[str, str]:
        """The error for machines: keys `error`, `what`, `where`, `remedy`."""
        return {
            "error": type(self).__name__,
            "what": self.what,
            "where": self.where,
            "remedy": self.remedy,
        }


class UsageError(TocsinError):
    """The command, a setting or a path it names is wrong."""

    exit_code = 2


class SourceRefused(TocsinError):
    """A whole file could not be read as any known source; nothing of it was kept."""


class TableInvalid(TocsinError):
    """A table broke the rules declared for it in `tocsin.schema`."""


class WorkspaceError(TocsinError):
    """The workspace is missing, damaged, locked, or of a newer version."""


class StageNotReady(TocsinError):
    """A stage was asked for before the tables that it reads were made."""


class PluginFailed(TocsinError):
    """What another package added to tocsin cannot be loaded, raised, or gave a wrong result.

    The error names the thing and its package; see `tocsin.base.registry`.
    """


class PluginWarning(UserWarning):
    """Something that another package adds is left out; everything else goes on."""


class ContractBroken(TocsinError):
    """A step did what its declaration does not say; a fault of the program, not of its user."""


class MissingExtra(TocsinError):
    """A capability needs libraries that the light core install leaves out.

    >>> print(MissingExtra("pdf", "weasyprint").remedy)
    Install it with: pip install 'tocsin[pdf]'
    """

    def __init__(self, extra: str, library: str, *, also: str = "") -> None:
        self.extra = extra
        remedy = f"Install it with: pip install 'tocsin[{extra}]'"
        super().__init__(
            f"The library '{library}' is not installed.",
            remedy=f"{remedy} {also}".strip(),
        )


def require(library: str, *, extra: str) -> ModuleType:
    """Import a library of an extra.

    Args:
        library: the module's import name.
        extra: the extra of this package that brings it.

    Raises:
        MissingExtra: the library is not installed; the error names the extra.
    """
    try:
        return importlib.import_module(library)
    except ImportError as error:
        raise MissingExtra(extra, library) from error
