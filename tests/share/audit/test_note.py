"""Signed notes: a published example, forgeries, and what is no note."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import UsageError
from tocsin.share.audit.note import (
    COSIGNED,
    OWN,
    Note,
    PublicKey,
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


def test_keys_are_read_as_they_are_written_and_in_no_other_form() -> None:
    for cosigner, kind in ((False, OWN), (True, COSIGNED)):
        key = new_key("a.example/log", cosigner=cosigner)
        assert key.public.kind == kind
        assert read_private_key(f" {key}\n") == key
        assert read_public_key(f" {key.public}\n") == key.public
        # The id is of the name, the kind and the key.
        for other in (
            PublicKey("b", kind, key.public.key),
            PublicKey(key.public.name, 5 - kind, key.public.key),
        ):
            assert other.id != key.public.id
            wrong = str(key.public).replace(key.public.id.hex(), other.id.hex())
            with pytest.raises(UsageError, match="no key"):
                read_public_key(wrong)
    text = str(key)
    for wrong in (text.replace("PRIVATE", "private"), text.replace("KEY", "KEYS"),
                  text.replace(key.public.id.hex(), "00000000")):  # fmt: skip
        with pytest.raises(UsageError, match="no key"):
            read_private_key(wrong)
    # Of a third kind, and too short.
    for told in (bytes([2]) + b"k" * 32, bytes([OWN]) + b"k" * 31):
        made = f"a+00000000+{base64.b64encode(told).decode()}"
        with pytest.raises(UsageError, match="no key"):
            read_public_key(made)


def test_a_signature_is_looked_for_among_all_of_that_name() -> None:
    old, new = new_key("a.example/log"), new_key("a.example/log")
    both = sign(sign(Note("a\n"), old), new)
    assert signed_by(both, old.public) is signed_by(both, new.public) is True
    assert [name for name, _ in read_note(str(both)).signatures] == ["a.example/log"] * 2
    # Under the right id, but of another text or key, it does not hold; the next one may.
    (_, first), _ = both.signatures
    broken = Note("a\n", (("a.example/log", first[:-1] + bytes([first[-1] ^ 1])), *both.signatures))
    assert signed_by(broken, old.public) is True
    assert signed_by(Note("a\n", broken.signatures[:1]), old.public) is False
    partner = new_key("b.example", cosigner=True)
    second = WHEN.replace(microsecond=900_000)
    assert signed_by(sign(Note("a\n"), partner, at=second), partner.public) == WHEN
