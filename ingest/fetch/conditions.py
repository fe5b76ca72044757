"""Asking for a response only if it is another one than we hold. Pure.

Validators belong to the URL that answered last time, which after redirects is not the one of the seed. A server that
redirects takes no notice of them (RFC 9110, 13.2.1), so they may go out before it is known which URL will answer. An
entity tag is sent at every hop: only a response that still bears it matches. A date is sent at the first hop alone: any
page that is older than ours, such as the front page that a lost article leads to by now, would pass for unmodified.
"""

from __future__ import annotations

from hashlib import sha256

from ingest.model import Validators


def conditions(validators: Validators | None, *, first_hop: bool) -> dict[bytes, bytes]:
    """The request headers that ask for a response only if it has changed; empty where nothing is known."""
    if validators is None:
        return {}
    wanted = {b"If-None-Match": validators.etag}
    if first_hop:
        wanted[b"If-Modified-Since"] = validators.last_modified
    return {name: value.encode("latin-1") for name, value in wanted.items() if value and _may_be_sent(value)}


def is_same_body(validators: Validators | None, body: bytes) -> bool:
    """Whether a decoded body is the one that we hold."""
    return validators is not None and validators.body_sha256 == sha256(body).hexdigest()


def _may_be_sent(value: str) -> bool:
    """Whether a header can carry this. Headers are read as Latin-1, so all that came from one can."""
    return all(" " <= char <= "\xff" and char != "\x7f" for char in value)
