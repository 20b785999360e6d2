"""The reader of GDELT 2.0 event files: how they are known, and in what order they are read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tocsin.observe.formats.source import Source
from tocsin.observe.reader import Batch
from tocsin.observe.sources.gdelt.blocks import read_blocks

_SHAPE = re.compile(
    rb"\d+\t\d{8}\t\d{6}\t\d{4}\t[\d.]*\t(?:[^\t\n]*\t){20}[01]\t\d{2,4}\t\d{2,4}\t\d{1,2}\t[1-4]"
    rb"\t(?:[^\t\n]*\t){29}\d{14}\t[^\t\n]*"
)


class GdeltEvents:
    """Reader of GDELT 2.0 event files.

    It gives reports; docs/sources/gdelt.md has its rules.
    """

    kind = "gdelt-events"

    def knows(self, source: Source) -> bool:
        """Tell whether one of the first lines has the shape of a GDELT 2.0 event."""
        return any(_SHAPE.fullmatch(line.rstrip(b"\r")) for line in source.head.split(b"\n")[:20])

    def read(self, source: Source) -> Iterator[Batch]:
        """Read the reports of harm; all other events are accepted as outside of tocsin's scope."""
        return read_blocks(source)
