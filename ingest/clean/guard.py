"""The guard: article text is never lost to a rule. What was too much comes back, and the article is flagged."""

from __future__ import annotations

from ingest.clean.draft import Draft
from ingest.model import Block, MarkKind, Role

FLAG = "clean_guard"
"""The flag of an article in which a removal was undone."""

SHARE = 0.5
"""Of the characters of an article, at most this share may be taken out as sentences. Of 268 news pages none comes above
0.16."""

IMPROBABLE = 0.25
"""A line that is less probably text than this is the page's frame."""

MOST_IMPROBABLE = 0.4
"""Of the words of a text, at most this share is taken out as improbable."""

LINKED = 0.9
"""Of the characters of a line in links: the spaces between them are none."""

# Nothing is lost with these: the text stands elsewhere, or holds no words of the article's.
EXACT = frozenset(
    {
        "ad_marker",
        "source_link",
        "bare_url",
        "repeated_title",
        "repeated_lead",
        "consent",
        "asterisk",
        "aggregator_stamp",
    }
)
# Full sentences in the article's own flow, as only these rules have a reason to take them.
_MAY_TAKE_SENTENCES = EXACT | {
    "caption",
    "photo_credit",
    "newsletter",
    "disclaimer",
    "translation_note",
    "source_line",
    "paywall",
    "comments",
    "share",
    "teaser",
}
_FLOW_WORDS = 40


def restore(draft: Draft) -> bool:
    """Undo what was taken too much.

    Single lines first: one that is long and has full sentences, between paragraphs that stay. Then, if sentences make
    up more than `SHARE` of all characters, every one of them.

    Returns:
        Whether anything was undone.
    """
    undone = _flow(draft)
    for place in undone:
        draft.marks[place] = ()
    sentences = _sentences(draft)
    taken = sum(len(draft.lines[place].text) for place in sentences)
    exact = sum(len(line.text) for place, line in enumerate(draft.lines) if draft.rule_at(place) in EXACT)
    total = sum(len(line.text) for line in draft.lines) - exact
    if taken > SHARE * total:
        for place in sentences:
            draft.marks[place] = ()
        undone += sentences
    return bool(undone)


def take_out_improbable(draft: Draft) -> None:
    """Lines of which it is nearly certain that they are the page's frame; none if they are a large part of the text."""
    kept = [(place, line) for place, line in draft.kept() if line.block.role is not Role.CAPTION]
    # Rows of figures look like lists of links; a table between paragraphs is the writer's.
    improbable = [
        (place, line)
        for place, line in kept
        if line.block.probability is not None
        and line.block.probability < IMPROBABLE
        and line.block.role is not Role.TABLE
    ]
    if sum(line.words for _, line in improbable) > MOST_IMPROBABLE * sum(line.words for _, line in kept):
        improbable = [(place, line) for place, line in improbable if _is_menu(line.block)]  # beside a text of two lines
    for place, _ in improbable:
        draft.mark(place, "improbable")


def _is_menu(block: Block) -> bool:
    """Whether a line is nothing but links."""
    linked = sum(mark.end - mark.start for mark in block.marks if mark.kind is MarkKind.LINK)
    return linked >= LINKED * len(block.text)


def _sentences(draft: Draft) -> list[int]:
    """The lines taken out that are sentences, where the rule is not an exact one."""
    return [
        place
        for place, line in enumerate(draft.lines)
        if draft.marks[place] and draft.rule_at(place) not in EXACT and line.is_prose
    ]


def _flow(draft: Draft) -> list[int]:
    """Long sentences taken out between paragraphs that stay, by a rule that has no reason to take any."""
    paragraphs = draft.paragraphs()
    return [
        place
        for place in _sentences(draft)
        if draft.lines[place].words >= _FLOW_WORDS
        and draft.rule_at(place) not in _MAY_TAKE_SENTENCES
        and paragraphs
        and paragraphs[0] < place < paragraphs[-1]
    ]
