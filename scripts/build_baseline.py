"""Make `tests/baseline/` anew from a workspace in which the example region was walked.

Only on purpose: the baseline is what results are held to. A change of it is a line in
CHANGELOG.md that says which results changed and why.

Example:
    tocsin brief --workspace build/workspace --out build/brief
    python scripts/build_baseline.py build/workspace
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))


def main() -> None:
    """Write the results of the workspace named on the command line as the baseline."""
    import results

    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = ROOT / "tests" / "baseline"
    results.write(results.of_workspace(Path(sys.argv[1])), folder)
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"Written: {folder}, {size:,} bytes")


if __name__ == "__main__":
    main()
