"""Which characters a model's vocabulary can spell: the only owner of sentencepiece."""

from __future__ import annotations

import functools
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

# Argos packages have the first, models of Firefox one of the others; older Argos packages have none.
_FILES: Final = ("sentencepiece.model", "model/vocab.spm", "model/srcvocab.spm")
_LOCK: Final = threading.Lock()


def lacking(package: Path, characters: frozenset[str]) -> frozenset[str]:
    """Those of some characters that the vocabulary of a package lacks; none where it cannot be looked into."""
    return frozenset(one for one in characters if not _spells(package, one))


@functools.lru_cache(maxsize=20_000)
def _spells(package: Path, character: str) -> bool:
    with _LOCK:
        vocabulary = _vocabulary(package)
        return vocabulary is None or vocabulary.unk_id() not in vocabulary.EncodeAsIds(character)


@functools.cache
def _vocabulary(package: Path) -> SentencePieceProcessor | None:
    from sentencepiece import SentencePieceProcessor

    file = next((package / name for name in _FILES if (package / name).is_file()), None)
    if file is None:
        return None
    vocabulary = SentencePieceProcessor()
    try:
        vocabulary.Load(str(file))
    except (OSError, RuntimeError):  # a broken package is named by what loads it to translate
        return None
    return vocabulary
