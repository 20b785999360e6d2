"""What the Containerfile says, read, and walked in a folder in place of an image.

No test reaches a registry of images, so that no image is built. Its instructions are few, and each
is done here as it says, with the folder before its absolute paths: COPY copies, RUN runs, ENV is
set, and what HEALTHCHECK and ENTRYPOINT say is given back. A base image is this Python.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[3]
PATHS = ("/source", "/opt/tocsin", "/data")
"""Absolute paths of the image that stand for themselves in no test."""
FETCHES = "TOCSIN_FETCHES"
"""A variable of the environment: with 1 packages come from a registry, as in the image."""
OFFLINE = "--no-deps --no-build-isolation --no-index --disable-pip-version-check"
"""Otherwise pip builds with what is here, and the libraries of this environment lie beside."""


def instructions(text: str) -> list[tuple[str, str]]:
    """Read a Containerfile: the instructions in their order, each with its words on one line."""
    plain = re.sub(r"^\s*#.*\n", "", text, flags=re.M)
    lines = re.sub(r"\\\n\s*", " ", plain).splitlines()
    pairs = (line.split(None, 1) for line in lines if line.strip())
    return [(name, words.strip()) for name, words in pairs]


@dataclass
class Image:
    """This is a folder in which the instructions were walked."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    user: str = "root"
    ports: list[int] = field(default_factory=list)
    entry: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)
    made_folders: dict[str, str] = field(default_factory=dict)
    """Folders that are made, with their owner and mode."""
    users: dict[str, int] = field(default_factory=dict)

    def at(self, words: str) -> str:
        """Put the folder before the paths of the image."""
        for path in PATHS:
            words = re.sub(rf"(?<![\w.]){path}(?![\w-])", f"{self.folder}{path}", words)
        return words

    def environment(self) -> dict[str, str]:
        """Give the environment in which the image's programs run."""
        path = self.variables["PATH"].replace("$PATH", "/usr/bin:/bin")
        told = {**self.variables, "PATH": path, "HOME": f"{self.folder}/data"}
        return {name: self.at(value) for name, value in told.items()}


def walk(folder: Path) -> Image:
    """Walk the Containerfile of the checkout.

    Args:
        folder: an empty folder.

    Returns:
        What it made.
    """
    image = Image(folder)
    for name, words in instructions((ROOT / "deploy/Containerfile").read_text("utf-8")):
        match name:
            case "COPY" if not words.startswith("--from"):
                *taken, to = words.split()
                _copy(taken, Path(image.at(to)), into=to.endswith("/"))
            case "RUN":
                for command in words.split(" && "):
                    _run(image, command)
            case "ENV":
                image.variables |= dict(part.split("=", 1) for part in shlex.split(words))
            case "USER":
                image.user = words
            case "EXPOSE":
                image.ports = [int(words)]
            case "ENTRYPOINT":
                image.entry = [image.at(one) for one in json.loads(words)]
            case "HEALTHCHECK":
                image.health = json.loads(words[words.index("CMD") + 3 :])
            case "FROM" | "COPY" | "VOLUME":
                pass
            case _:
                raise AssertionError(f"{name} is not known here: say what it does.")
    return image


def _copy(taken: list[str], to: Path, *, into: bool) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for one in taken:
        place = ROOT / one
        if place.is_dir():
            assert not into, "A folder's files would lie beside each other."
            shutil.copytree(place, to, dirs_exist_ok=True)
        else:
            shutil.copy(place, to)


def _run(image: Image, command: str) -> None:
    program, *words = shlex.split(command)
    if program == "useradd":
        image.users[words[-1]] = int(words[words.index("--uid") + 1])
    elif program == "install":
        owner, mode = (words[words.index(name) + 1] for name in ("-o", "-m"))
        image.made_folders[words[-1]] = f"{owner} {mode}"
        Path(image.at(words[-1])).mkdir(int(mode, 8))
    else:
        words = [image.at(one) for one in words]
        program = sys.executable if program == "python" else image.at(program)
        if Path(program).name == "pip" and os.environ.get(FETCHES) != "1":
            _lie_beside(Path(program).parent / "python")
            words = [*words, *OFFLINE.split()]
        clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = subprocess.run(
            [program, *words], env=clean, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def _lie_beside(python: Path) -> None:
    """Let an environment find the libraries of this one, and not this checkout."""
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=True)
    beside = [path for path in sys.path if path.endswith("site-packages")]
    (Path(site.stdout.strip()) / "beside.pth").write_text("\n".join(beside))
