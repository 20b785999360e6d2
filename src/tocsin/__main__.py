"""Where the command `tocsin` begins; `python -m tocsin` is the same.

What the command line imports takes longer than a person needs to press Ctrl-C. So it is imported
within `main`, once Ctrl-C is already heard.
"""

from __future__ import annotations

import os
import signal
from types import FrameType


def main() -> None:
    """Run the command `tocsin`, and end the process with its exit code."""
    signal.signal(signal.SIGINT, _leave)
    from tocsin.cli import main as run

    run()


def _leave(_number: int, _frame: FrameType | None) -> None:
    """Say that nothing was begun, and end at once: nothing is open that could be left half done."""
    os.write(2, b"\nStopped before anything was begun.\n")
    os._exit(1)


if __name__ == "__main__":
    main()
