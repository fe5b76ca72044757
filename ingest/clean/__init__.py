"""Out of the text with what is not the article: every line taken out becomes residue, with a reason and the fact in it.

trafilatura takes away the page around the article; what is left stands inside it. A `draft` holds the lines, with what
`shape` tells of each. `rules` are data, from the tables beside it: what such a line says in each language, where it may
stand, and how what it found is checked; `compound` tries them on the parts of a line.
`lead`, `pictures` and `tail` know what only the order of lines tells: a title twice, a caption beside its credit,
headlines behind the end. `repair` joins sentences that were cut at their links. `guard` undoes what took too much.
`site_memory` knows lines by how often a site sets them.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.clean.compound import head_facts, take_out_compounds
from ingest.clean.draft import Draft, apply_rules, findings_in
from ingest.clean.guard import FLAG, restore, take_out_improbable
from ingest.clean.lead import find_title, take_out_above, take_out_bylines, take_out_copies, take_out_titles
from ingest.clean.pictures import take_out_pictures, with_credit
from ingest.clean.repair import join_broken, tidy
from ingest.clean.site_memory import candidate_lines, line_key, without_lines
from ingest.clean.tail import take_out_foreign, take_out_notes, take_out_tail
from ingest.findings import Findings
from ingest.model import Article, Residue

__all__ = ["candidate_lines", "clean", "line_key", "without_lines"]


def clean(article: Article) -> Article:
    """The article without residue, its broken sentences joined; the facts in what was taken out are its findings.

    Cleaning twice is cleaning once.
    """
    draft = Draft.of(article.blocks)
    title = find_title(article, draft)
    headline = take_out_titles(draft, title)
    take_out_copies(draft)
    take_out_titles(draft, title)  # without the copies the lead reaches further
    take_out_notes(draft)
    apply_rules(draft)
    take_out_compounds(draft)
    take_out_bylines(draft, article)
    take_out_foreign(draft)
    take_out_above(draft, headline)
    take_out_pictures(draft)
    draft = join_broken(draft)
    take_out_tail(draft, article)
    undone = restore(draft)
    take_out_improbable(draft)
    blocks = tuple(tidy(draft))
    taken = [fact for line in article.findings.head for fact in _facts(line)]
    for place, marks in enumerate(draft.marks):
        taken += marks or ((draft.cut[place],) if place in draft.cut else ())
    pictures = tuple(map(with_credit, article.pictures))
    findings = Findings.joined((replace(article.findings, head=()), findings_in(taken)))
    residue = (*article.residue, *taken)
    cleaned = replace(article, title=title, blocks=blocks, residue=residue, findings=findings, pictures=pictures)
    return cleaned.flagged(FLAG) if undone else cleaned


def _facts(line: str) -> tuple[Residue, ...]:
    """What a line from beside the headline holds; the line itself where that is nothing."""
    return head_facts(line) or (Residue(text=line.replace(" | ", " "), rule="stamp", value=line),)
