"""Signed notes: a published example, forgeries, and what is no note."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import UsageError
from tocsin.share.audit.note import (
    Note,
    new_key,
    read_note,
    read_private_key,
    read_public_key,
    sign,
    signed_by,
)

# The example of the Go module golang.org/x/mod/sumdb/note, which first had this form.
PRIVATE = (
    "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"  # not a secret
)
PUBLIC = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
)
LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6"
    "KE6RyyBwJnAM=\n"
)
WHEN = datetime(2026, 11, 26, 8, tzinfo=UTC)


def test_the_published_example() -> None:
    key = read_private_key(PRIVATE)
    assert str(key) == PRIVATE
    assert str(key.public) == PUBLIC
    assert "AYEK" not in repr(key)
    made = sign(Note(TEXT), key)
    assert str(made) == f"{TEXT}\n{LINE}"
    assert signed_by(read_note(str(made)), read_public_key(PUBLIC)) is True


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1).map(lambda text: text.replace("\r", "") + "\n"))
def test_a_note_is_read_as_it_was_written(text: str) -> None:
    key, partner = new_key("a.example/log"), new_key("b.example", cosigner=True)
    note = sign(sign(Note(text), key), partner, at=WHEN)
    again = read_note(str(note))
    assert again == note
    assert signed_by(again, key.public) is True
    assert signed_by(again, partner.public) == WHEN
    other = Note("x" + text, note.signatures)
    assert not signed_by(other, key.public)
    assert not signed_by(other, partner.public)


def test_the_time_of_a_cosignature_is_signed() -> None:
    partner = new_key("b.example", cosigner=True)
    note = sign(Note("a\n"), partner, at=WHEN)
    ((name, signature),) = note.signatures
    later = signature[:11] + bytes([signature[11] ^ 1]) + signature[12:]
    assert not signed_by(Note(note.text, ((name, later),)), partner.public)


@pytest.mark.parametrize(
    "text", ["", "a\n", "a\n\n", "a\n\n— b\n", "a\n\n— b !!\n", f"{TEXT}\n{LINE}x"]
)
def test_what_is_no_note(text: str) -> None:
    with pytest.raises(UsageError):
        read_note(text)


@pytest.mark.parametrize(
    "text", ["", PUBLIC[:-4], PUBLIC.replace("c74f20a3", "c74f20a4"), PUBLIC[:-1] + "!", "a b+1+2"]
)
def test_what_is_no_key(text: str) -> None:
    with pytest.raises(UsageError):
        read_public_key(text)
    with pytest.raises(UsageError):
        read_private_key(text)


def test_a_name_with_spaces_is_refused() -> None:
    with pytest.raises(UsageError, match="no name"):
        new_key("two words")
