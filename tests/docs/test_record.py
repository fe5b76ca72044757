"""Every field, name, code and flag of a record is documented. A failure says how to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

import pytest
from support.codes import codes_of_residue, flags_of_records
from support.documents import rows, text_of
from support.record_pages import EXPORT, RECORD, SCHEMA, export_text, record_text, schema_text

from ingest.link import Relation
from ingest.model import Role
from ingest.outcome import Outcome, Reason
from ingest.sources import Source
from ingest.translate.doubts import Doubt
from ingest.translate.faults import Fault
from storage.tables import metadata


@pytest.mark.parametrize("kind", [Reason, Relation, Role, Outcome])
def test_every_name_of_the_record_is_documented(kind: type[StrEnum]) -> None:
    """docs/record.md has a row for each reason, relation, role and outcome."""
    missing = [str(one) for one in kind if one not in rows("docs/record.md")]
    assert missing == [], (
        f"docs/record.md: add a row to the table of {kind.__name__.lower()}s for: {', '.join(missing)}"
    )


@pytest.mark.parametrize("reason", list(Reason))
def test_a_reason_is_documented_with_its_outcome(reason: Reason) -> None:
    """The row of each reason says whether such a seed failed or was rejected."""
    table = text_of("docs/record.md").partition("\n## Reasons")[2]
    (row,) = re.findall(rf"^\| `{reason}` \| ([^|]+) \|", table, re.MULTILINE)
    wanted = {"failed"} if reason.transient else {"rejected", "(a feed)"}
    assert row in wanted, f"docs/record.md: the outcome of `{reason}` is {' or '.join(wanted)}"


@pytest.mark.parametrize("code", sorted(codes_of_residue()))
def test_every_code_of_residue_is_documented(code: str) -> None:
    """docs/record.md has a row for each code under which something is taken out of a text."""
    assert code in rows("docs/record.md", "\n## Residue", "\n## Outcomes"), (
        f"docs/record.md, Residue: add a row | `{code}` | what it takes out | where that goes |"
    )


def test_no_code_of_residue_is_documented_that_is_gone() -> None:
    """Every row of the table of residue is one of a code."""
    gone = rows("docs/record.md", "\n## Residue", "\n## Outcomes") - codes_of_residue()
    assert gone == set(), f"docs/record.md, Residue: remove the rows of {', '.join(sorted(gone))}"


@pytest.mark.parametrize("flag", sorted(flags_of_records()))
def test_every_flag_is_documented(flag: str) -> None:
    """docs/record.md has a row for each flag that a record can get."""
    assert flag in rows("docs/record.md", "\n## Flags", "\n## Residue"), (
        f"docs/record.md, Flags: add a row | `{flag}` | meaning |"
    )


def test_no_flag_is_documented_that_is_gone() -> None:
    """Every row of the table of flags is one of a flag."""
    gone = rows("docs/record.md", "\n## Flags", "\n## Residue") - flags_of_records()
    assert gone == set(), f"docs/record.md, Flags: remove the rows of {', '.join(sorted(gone))}"


def test_codes_and_flags_are_found_in_the_code() -> None:
    """The two checks above see what there is: one of each way in which a code or a flag is written."""
    assert {"ad_marker", "site_memory", "navigation", "link_farm", "aside", "related"} <= codes_of_residue()
    assert {
        "short_text", "published_in_future", "canonical_home", "not_free", "zone_inferred", "clean_guard",
        "unstable_names",
    } <= flags_of_records()  # fmt: skip


@pytest.mark.parametrize(("page", "made"), [(RECORD, record_text), (EXPORT, export_text)])
def test_the_tables_of_fields_are_those_of_the_specification(page: Path, made: Callable[[str], str]) -> None:
    """docs/record.md has a row for each field and docs/export.md one for each column, as is specified."""
    text = page.read_text(encoding="utf-8")
    assert made(text) == text, f"docs/{page.name}: run `make pages`"


def test_the_schema_is_that_of_the_specification() -> None:
    """docs/record.schema.json is what storage/record_types.py says."""
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), "docs/record.schema.json: run `make pages`"


@pytest.mark.parametrize("fault", [*Fault, *Doubt])
def test_every_fault_and_doubt_of_a_translation_is_documented(fault: Fault | Doubt) -> None:
    """docs/models.md has a row for each reason for which a sentence stays in its language, or is marked."""
    assert str(fault) in rows("docs/models.md"), f"docs/models.md: add a row | `{fault}` | what the translation is |"


def test_every_table_is_documented() -> None:
    """docs/operate.md has a row for each table of the database, and one for the view."""
    named = rows("docs/operate.md", "\n## Database", "\n## Archive")
    assert {*metadata.tables, "records"} == named, "docs/operate.md: bring the table of tables up to date"


def test_every_field_of_a_source_is_documented() -> None:
    """docs/add-a-source.md has a row for each field of a source."""
    named = rows("docs/add-a-source.md")
    assert set(Source.model_fields) == named, "docs/add-a-source.md: bring the table of fields up to date"
