"""What a run does with a model that turns out to be broken: what needs it waits, all else goes on."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import pytest

from flows.translate import Translation, translate_parts
from ingest.errors import TranslationError
from ingest.model import UrlKey
from ingest.translate.texts import DictMemory
from storage.translations import Untranslated


class Engine:
    """Translates Swedish; its model for German is broken."""

    settings = ""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def pairs(self) -> frozenset[tuple[str, str]]:
        """Both."""
        return frozenset({("de", "en"), ("sv", "en")})

    def model(self, source: str, target: str) -> str:
        """A name."""
        return f"{source}-{target}"

    def translate(self, sentences: Sequence[str], source: str, _target: str, *, strict: bool = False) -> list[str]:
        """The sentences in capitals."""
        del strict
        self.asked.append(source)
        if source == "de":
            raise TranslationError("the Argos package de-en is broken: remove the folder and install it again")
        return [sentence.upper() for sentence in sentences]


def test_a_broken_model_keeps_nothing_but_its_own_language_waiting(caplog: pytest.LogCaptureFixture) -> None:
    """Its texts stay untranslated, it is told once, and it is not tried again in the run."""
    engine = Engine()
    how = Translation(translator=engine, memory=DictMemory(), target="en")
    parts = [
        Untranslated(record_id=UrlKey(language), position=0, language=language, text=text)
        for language, text in (("de", "Der Hafen bleibt offen."), ("sv", "Hamnen blir kvar."))
    ]
    with caplog.at_level(logging.WARNING):
        made = [translate_parts(how, parts) for _ in range(3)]
    assert [[one.record_id for one in batch] for batch in made] == [["sv"]] * 3
    assert engine.asked.count("de") == 1
    (told,) = (line for line in caplog.messages if "what is in de waits" in line)
    assert "install it again" in told
