"""What a check of others' files finds: one shape for warnings and for threat intelligence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]
"""An error makes a file not valid; a warning can be misread by a receiver; a note only tells."""


@dataclass(frozen=True, order=True)
class Finding:
    """This is one break of a rule in one place."""

    line: int
    """The line of the file, from 1 on; 0: the file as a whole."""
    rule: str
    """The rule's short name."""
    severity: Severity
    """How grave it is."""
    where: str
    """The element, such as `info[1]/area[2]/polygon`, or the object's identifier."""
    what: str
    """What is wrong, one sentence."""
    remedy: str = ""
    """What to do; empty where the sentence says it."""


@dataclass(frozen=True)
class Checked:
    """This is what is found about one file."""

    name: str
    """The file's name."""
    findings: tuple[Finding, ...]
    """The findings, by line."""
    summary: str
    """What is in it, in words; empty where it could not be read."""

    @property
    def valid(self) -> bool:
        """Is it valid: is there no error?"""
        return not any(one.severity == "error" for one in self.findings)
