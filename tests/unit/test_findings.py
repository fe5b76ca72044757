"""What was found in lines that are taken out: facts that stages hand on, beside a log that none of them reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from support.codes import modules
from support.making import make_article

from ingest.attribution.attribute import attribute
from ingest.clean import clean
from ingest.findings import Findings, NamedLine, Signature, Signer
from ingest.model import Block

# Who may ask an article for its residue, and why: none looks at what a line is.
_PASS_IT_ON = {
    "ingest/model.py": "notes in it which field a fact has come to",
    "ingest/clean/__init__.py": "adds to it",
    "ingest/clean/site_memory.py": "adds to it",
    "ingest/extract/joined.py": "joins that of several pages",
    "ingest/extract/preferred.py": "leaves out what the text of a rule holds after all",
    "ingest/reading.py": "shows it",
}
_MOVES = ("ingest/model.py", "ingest/clean/rules.py")  # a rule has such a field, too
# Where codes are looked at: in marks on lines that are being taken out, by whoever takes them out.
_TAKE_OUT = ("ingest/clean/", "ingest/extract/html.py")


def _readings(name: str, tree: ast.AST) -> Iterator[str]:
    """Where a module reads a log of residue."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "residue" and name not in _PASS_IT_ON:
            yield f"{name}:{node.lineno} asks for residue"
        elif isinstance(node, ast.Attribute) and node.attr == "moved_to" and name not in _MOVES:
            yield f"{name}:{node.lineno} asks where residue went"
        elif isinstance(node, ast.ImportFrom) and not name.startswith(("ingest/clean/", "ingest/extract/")):
            yield from (f"{name}:{node.lineno} knows residue" for one in node.names if one.name == "Residue")
        elif isinstance(node, ast.Compare) and not name.startswith(_TAKE_OUT):
            sides = (node.left, *node.comparators)
            coded = any(isinstance(one, ast.Attribute) and one.attr == "rule" for one in sides)
            if coded and not any(isinstance(one, ast.Constant) and one.value is None for one in sides):
                yield f"{name}:{node.lineno} tells residue by its code"


def test_no_stage_reads_residue() -> None:
    """Residue is written, joined and shown; what is in it comes to the stages as findings."""
    assert [place for name, tree in modules("ingest") for place in _readings(name, tree)] == []


@pytest.mark.parametrize(
    "source",
    [
        "names = [one.value for one in article.residue]",
        "from ingest.model import Article, Residue",
        "found = [one for one in taken if one.rule == 'byline']",
        "found = [one for one in taken if one.rule in CODES]",
        "gone = one.moved_to",
    ],
)
def test_what_reads_residue_is_seen(source: str) -> None:
    """The walk over the modules sees each way to read the log."""
    assert list(_readings("ingest/attribution/origin.py", ast.parse(source)))


def test_who_may_have_residue_has_it() -> None:
    """No excuse outlives its reason."""
    asking = {
        name
        for name, tree in modules("ingest")
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "residue"
    }
    assert asking == set(_PASS_IT_ON)


PAGE = (
    "Ferry out of service until spring",
    "By Ann Lee",
    "Published 3 May 2024, 10:15 CEST",
    "The ferry between the two towns has been out of service since the storm broke its ramp on Sunday night.",
    "Photo: Bo Ek/TT",
    "Commuters have been sent round by the bridge, which takes them forty minutes longer each way, the office says.",
    "The council will decide next month whether to buy a second ferry or to pay for the repair of the old one.",
    "This text was translated automatically from Swedish.",
    "Source: Harbour Times",
    "https://harbourtimes.example/ferry/out-of-service-until-spring",
    "(mho/dpa)",
)


def test_an_article_without_its_log_is_attributed_alike() -> None:
    """Who wrote it, when, whose pictures it has and where it is from are told with the residue as without."""
    blocks = tuple(Block(text=line) for line in PAGE)
    article = clean(replace(make_article("x", title=PAGE[0], url="https://courier.example/1"), blocks=blocks))
    assert len(article.residue) == len(PAGE) - 3
    told, untold = attribute(article), attribute(replace(article, residue=()))
    assert replace(told, residue=()) == untold
    assert untold.authors == ("Ann Lee",)
    assert untold.published_at == datetime(2024, 5, 3, 8, 15, tzinfo=UTC)
    assert untold.attribution.photo_credits == ("Bo Ek/TT",)
    assert untold.attribution.machine_translated
    assert untold.attribution.original_name == "Harbour Times"
    assert untold.byline == "Ann Lee (mho/dpa)"


def test_findings_are_joined_in_order() -> None:
    """Facts of one kind stand behind one another, and what one of several says holds for all."""
    first = Findings(captions=("The ferry",), links_source=True)
    second = Findings(
        captions=("The bridge",), signatures=(Signature(text="By Ann Lee", names="Ann Lee", signer=Signer.PEOPLE),)
    )
    joined = Findings.joined((first, second, Findings(credits=(NamedLine(text="Photo: TT", name="TT"),))))
    assert joined.captions == ("The ferry", "The bridge")
    assert (joined.links_source, joined.machine_translated) == (True, False)
    assert (joined.signatures, [one.name for one in joined.credits]) == (second.signatures, ["TT"])
