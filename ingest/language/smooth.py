"""Languages come in runs: a hidden Markov model over the paragraphs of a document (forward-backward; Rabiner 1989)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.language.profiles import LANGUAGES

Floats = NDArray[np.float64]

_SWITCH: Final = 0.25  # probability that a paragraph does not follow the language of the one before
_FLOOR: Final = 0.5  # what every language has in the document's prior, in letters

# Languages so close that short lines are taken for one another, and that are hardly ever mixed in one document: the
# weaker ones of a family lose in the prior, by how much weaker they are.
_FAMILIES: Final = tuple(
    [LANGUAGES.index(language) for language in family.split()]
    for family in (
        "da no sv",
        "be bg mk ru sr uk",
        "cs sk",
        "hr sl",
        "ca es pt",
        "af nl",
        "ar fa ur",
        "zh-Hans zh-Hant",
        "id ms",
    )
)
# What speaks against a language before anything is read, in nats. Small languages that a short line of a larger one may
# look like (fitted with the weights in detect.py); and, a little, the four that are translated most: a line of a sister
# language that is taken for one of them goes through the wrong model.
_AGAINST: Final = (
    dict.fromkeys(["ca", "hr", "lt", "lv", "mk", "ms", "sk", "sl", "sr"], 2.0)
    | {"bg": 0.5, "no": 0.1}
    | dict.fromkeys(["af", "et", "sq"], 1.0)  # less: that they have no table of words holds them back too
    | dict.fromkeys(["de", "en", "sv"], 0.1)
)
OUTSIDER: Final = len(LANGUAGES)
"""The place behind `LANGUAGES`: a language that is none of them."""

PRIOR: Final[Floats] = np.exp([-_AGAINST.get(language, 0.0) for language in (*LANGUAGES, "")])
"""How likely each language is before anything is read (not normalised)."""


def smooth(likelihood: Floats, votes: Sequence[int]) -> Floats:
    """The posterior probability of every language for every paragraph.

    A paragraph keeps the language of the one before, or (with probability `_SWITCH`) draws one from the document's
    prior; the prior is what the paragraphs say, each by its votes. Two rounds, since at first each has only its own
    word. A lone paragraph has no neighbours to listen to.

    Args:
        likelihood: One row for each paragraph, one column for each of `LANGUAGES` and one for all others;
            a row may have any scale.
        votes: For each paragraph, how much it has to say about the document, in letters.

    Returns:
        Probabilities of the same shape; every row sums to 1.
    """
    posterior: Floats = likelihood * PRIOR
    posterior /= posterior.sum(axis=1, keepdims=True)
    if len(posterior) == 1:
        return posterior
    for _ in range(2):
        prior = _FLOOR * PRIOR + np.array(votes) @ posterior
        for family in _FAMILIES:
            prior[family] *= prior[family] / prior[family].max()
        posterior = _forward_backward(likelihood, prior / prior.sum())
    return posterior


def _forward_backward(likelihood: Floats, prior: Floats) -> Floats:
    # The transition matrix is (1 - switch) * identity + switch * prior, so that a step costs one vector, not a matrix.
    drawn = _SWITCH * prior
    forward, backward = np.empty_like(likelihood), np.ones_like(likelihood)
    state = prior
    for seen, row in zip(likelihood, forward, strict=True):
        state = np.multiply(seen, (1 - _SWITCH) * state + drawn, out=row)
        state /= np.add.reduce(state)
    state = backward[-1]
    for seen, row in zip(likelihood[:0:-1], backward[-2::-1], strict=True):
        heard = seen * state
        state = np.add((1 - _SWITCH) * heard, _SWITCH * (heard @ prior), out=row)
        state /= np.add.reduce(state)
    posterior = forward * backward
    smoothed: Floats = posterior / posterior.sum(axis=1, keepdims=True)
    return smoothed
