"""docs/security.md names proofs that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = [
    line
    for line in (ROOT / "docs" / "security.md").read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| attack", "| ---"))
]


@pytest.mark.parametrize("row", ROWS, ids=[row.split("|")[1].strip()[:40] for row in ROWS])
def test_every_attack_has_a_proof(row: str) -> None:
    """Each row names at least one file of tests, and every file that it names holds tests."""
    proofs = re.findall(r"`(tests/[^`]+)`", row.split("|")[-2])
    assert proofs, "name the test that proves it"
    for proof in proofs:
        assert (ROOT / proof).is_file(), f"{proof} is gone: name the test that proves it now"
        assert re.search(r"^(?:async )?def test_", (ROOT / proof).read_text("utf-8"), re.MULTILINE)


def test_the_table_is_read() -> None:
    """The check sees the rows that there are."""
    assert len(ROWS) > 10
