"""Three languages with the same words, and each word in use."""

from __future__ import annotations

import re
import string
import tomllib
from importlib.resources import files
from itertools import pairwise

from tocsin.schema.tables.anticipated.diffusion import CONTROLS
from tocsin.schema.vocabulary.field_form import choices, survey
from tocsin.schema.vocabulary.technology import TECHNOLOGIES
from tocsin.share.server.access.reader import ROLES
from tocsin.share.server.pages.field import SHOWN
from tocsin.share.server.web.language import LANGUAGES

PAGES = files("tocsin.share.server.pages")


def told(language: str) -> dict[str, object]:
    return tomllib.loads(PAGES.joinpath(f"words/{language}.toml").read_text("utf-8"))


def places(text: object) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(str(text)) if name}


def test_each_language_has_the_same_words_with_the_same_places() -> None:
    for one, other in pairwise(map(told, LANGUAGES)):
        assert one.keys() == other.keys()
        for key, value in one.items():
            if isinstance(value, dict):
                theirs = other[key]
                assert isinstance(theirs, dict)
                assert value.keys() == theirs.keys()
            else:
                assert places(value) == places(other[key]), key


def test_no_word_is_without_use() -> None:
    folder = PAGES.joinpath("templates")
    text = "".join(one.read_text("utf-8") for one in folder.iterdir())
    for name in (
        "web/language.py",
        "pages/drawing.py",
        "delivery/digest.py",
        "delivery/mailing.py",
    ):
        text += files("tocsin.share.server").joinpath(name).read_text("utf-8")
    used = set(
        re.findall(r"""(?:words|self)(?:\.of|\.table|\.list_words)?\(\s*["'](\w+)["']""", text)
    )
    assert set(told("en")) <= used


def test_the_form_has_a_word_for_each_question_and_choice() -> None:
    words = told("en")
    kinds = {row["name"]: row["type"].partition(" ")[2] for row in survey()}
    assert set(SHOWN) == set(words["questions"])  # type: ignore[call-overload]
    wanted = {one for name in SHOWN if kinds[name] for one in choices(kinds[name])}
    assert set(TECHNOLOGIES) == set(words["technologies"])  # type: ignore[call-overload]
    assert set(CONTROLS) == set(words["controls"])  # type: ignore[call-overload]
    assert wanted == set(words["choices"])  # type: ignore[call-overload]
    assert set(ROLES) == set(words["roles"])  # type: ignore[call-overload]
