"""What is sent to ask only for what has changed."""

from __future__ import annotations

from hashlib import sha256

import pytest

from ingest.fetch.conditions import conditions, is_same_body
from ingest.model import Validators

MODIFIED = "Sun, 01 Mar 2026 12:00:00 GMT"


def test_validators_go_out_as_they_came() -> None:
    """Weak tags, bare words and characters of Latin-1 are the server's business."""
    for etag in ('"abc"', 'W/"abc-gzip"', "bare", '"å"'):
        sent = conditions(Validators(etag=etag, last_modified=MODIFIED), first_hop=True)
        assert sent == {b"If-None-Match": etag.encode("latin-1"), b"If-Modified-Since": MODIFIED.encode()}


def test_a_date_does_not_follow_a_redirect() -> None:
    """Any page older than ours would match it; an entity tag matches only a response that bears it."""
    sent = conditions(Validators(etag='"abc"', last_modified=MODIFIED), first_hop=False)
    assert sent == {b"If-None-Match": b'"abc"'}


@pytest.mark.parametrize(
    "validators", [None, Validators(), Validators(body_sha256="0" * 64), Validators(etag="", last_modified="")]
)
def test_without_a_server_s_word_nothing_is_asked(validators: Validators | None) -> None:
    """A hash is for us alone; a seed without validators is asked for as ever."""
    assert conditions(validators, first_hop=True) == {}


@pytest.mark.parametrize("etag", ['"a\r\nX-Evil: 1"', '"a\0"', '"雪"', '"a\x7f"', "\n"])
def test_what_no_header_can_hold_is_left_out(etag: str) -> None:
    """A stored value cannot add headers of its own nor break the request."""
    sent = conditions(Validators(etag=etag), first_hop=True)
    assert sent in ({}, {b"If-None-Match": b'"a"'})  # a control that a value cannot hold was gone before


def test_the_body_is_compared_by_its_hash() -> None:
    """The same decoded bytes and nothing else; without a hash nothing is the same."""
    held = Validators(body_sha256=sha256(b"text").hexdigest())
    assert is_same_body(held, b"text")
    assert not is_same_body(held, b"text ")
    assert not is_same_body(Validators(etag='"a"'), b"")
    assert not is_same_body(None, b"")
