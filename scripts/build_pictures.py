"""Write docs/brief.png, the picture of the README: the first page of the example's brief.

Run it after `make brief` and `make test` (it needs Debian's chromium and what tests need) where
the first page has changed: `.venv/bin/python scripts/build_pictures.py`.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
BRIEF = ROOT / "build" / "brief" / "index.html"
PICTURE = ROOT / "docs" / "brief.png"
CHROMIUM = "/usr/bin/chromium"
WIDTH, HEIGHT = 1200, 1500
"""Pixels: the plain words and the maps below them."""


def take_picture(brief: Path = BRIEF, picture: Path = PICTURE) -> None:
    """The top of a brief as a desk shows it, as PNG.

    Args:
        brief: a brief's first page.
        picture: the file to write.
    """
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(brief.absolute().as_uri(), timeout=120_000)
        page.screenshot(path=picture)
        browser.close()
    # A page has few colours, and a picture of 128 takes a third of the room.
    Image.open(picture).convert("RGB").quantize(128).save(picture, optimize=True)


if __name__ == "__main__":
    take_picture()
