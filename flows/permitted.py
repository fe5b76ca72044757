"""What is not stored because its page reserves what records are stored for (`storage.permitted_for`)."""

from __future__ import annotations

from ingest.model import Rights, Seed, Use
from ingest.outcome import Reason, Rejection, Stage
from ingest.rights import RESERVED


def refusal(use: Use | None, seed: Seed, rights: Rights, stage: Stage) -> Rejection | None:
    """A rejection that says who reserves it, if anybody does."""
    subjects = use.subjects if use else ()
    if not set(subjects) & set(rights.reserved):
        return None
    words = [one for one in rights.evidence if one.about in subjects and one.says == RESERVED]
    said = "; ".join([str(use), *(f"{one.origin} says {one.text}" for one in words[:1])])
    return Rejection(url=seed.url, source=seed.source, stage=stage, reason=Reason.RESERVED, detail=said)
