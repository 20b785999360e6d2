"""On which line of a file an object of STIX stands."""

from __future__ import annotations

import re


class Lines:
    """On which line an identifier stands as an object's own.

    Args:
        content: the bytes of the file.
    """

    def __init__(self, content: bytes) -> None:
        text = content.decode("utf-8", "replace")
        self.by_id: dict[str, list[int]] = {}
        line, last = 1, 0
        for found in re.finditer(r'"id"\s*:\s*"([^"]*)"', text):
            line += text.count("\n", last, found.start())
            last = found.start()
            self.by_id.setdefault(found[1], []).append(line)

    def of(self, identifier: str, nth: int = 0) -> int:
        """Give the line of an object.

        Args:
            identifier: its identifier.
            nth: which of several of the same, from 0 on.

        Returns:
            The line, from 1 on; 0 where it is not known.
        """
        found = self.by_id.get(identifier, [0])
        return found[min(nth, len(found) - 1)]
