"""How sure a record is of itself: of its text by what the model expects, of its facts by who agrees on them."""

from __future__ import annotations

from ingest.model import Article, Confidence, Role

# How often a fact was right on the pages of development, by how many kinds of witnesses agree on it.
_RIGHT = {
    "title": (0.45, 0.50, 0.56, 0.79, 0.92, 0.97),
    "date": (0.76, 0.82, 0.94, 0.98, 0.985, 0.99),
    "authors": (0.40, 0.68, 0.90, 0.935),
}


def confidence_of(article: Article) -> Confidence:
    """The confidence of an article: of its text the expected F1 over its words, as it stands now."""
    agreeing = dict(article.witnesses)
    told = {
        name: right[min(agreeing[name], len(right) - 1)] if name in agreeing else None for name, right in _RIGHT.items()
    }
    return Confidence(text=_expected_f1(article), **told)


def _expected_f1(article: Article) -> float | None:
    """2 * (what is expected to be right) / (what is there + what is expected), in characters of any script."""
    if article.expected_length is None:
        return None
    kept = right = 0.0
    for block in article.blocks:
        if block.role is not Role.CAPTION:
            length = len(block.text)
            kept += length
            right += length * (block.probability if block.probability is not None else _UNKNOWN)
    return round(min(1.0, 2 * right / max(1.0, kept + max(right, article.expected_length))), 4)


_UNKNOWN = 0.9  # of a block that is no line of the page as it stands there
