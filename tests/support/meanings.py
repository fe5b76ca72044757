"""What each word of by-lines, of citing and of lines does, told a second time: `tests/fixtures/words/<code>.toml`.

There stands for each row of the lexicon's tables `names`, `citing` and `lines` a line that is read rightly only with
it, and what a reader finds in the line: `"text av" = { line = "Text av Ann Lee", people = "Ann Lee" }`. A reader is
named by the key beside `line` (`READERS`); it returns a string, "" where it finds nothing. `idle.txt` names the few
rows that have no such line.
"""

from __future__ import annotations

import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lxml.html import fromstring
from support.making import make_article

from ingest.attribution.attribute import attribute
from ingest.attribution.datelines import read_dateline
from ingest.attribution.oddities import translation_traces
from ingest.clean import clean
from ingest.clean.compound import head_facts
from ingest.clean.draft import Draft
from ingest.clean.pictures import with_credit
from ingest.clean.repair import join_broken, tidy
from ingest.clean.shape import are_names
from ingest.extract.beside import lines_marked
from ingest.extract.bylines import shown_byline
from ingest.extract.original import read_original
from ingest.lang import lexicon
from ingest.lang.bylines import are_people, credited, label_of, read_byline
from ingest.lang.clauses import is_open
from ingest.lang.labels import is_label, names_behind_day
from ingest.model import Block, Byline, Picture

FOLDER = Path(__file__).parents[1] / "fixtures" / "words"
CODES = tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))
SECTIONS = ("names", "citing", "lines")

_PROSE_OF = {
    "CYRILLIC": (
        "В понедельник водолазы нашли колокол старого парома в двухстах метрах от причала, у которого он затонул.",
        "Начальник порта хранит его в сарае за рынком, пока кто-нибудь не заплатит за раму и за верёвки.",
        "Дети из школы над набережной будут звонить в него раз в год, и никому не мешает, что в нём трещина.",
    ),
    "ARABIC": (
        "عثر الغواصون يوم الاثنين على جرس العبارة القديمة على بعد مئتي متر من الرصيف الذي غرقت عنده.",
        "يحتفظ به مدير الميناء في مخزن خلف السوق إلى أن يدفع أحد ثمن الإطار والحبال.",
        "سيقرعه أطفال المدرسة التي فوق الرصيف مرة في السنة، ولا يزعج أحدا أن فيه شرخا.",
    ),
}
_PROSE = (
    "Divers found the bell of the old ferry on Monday, two hundred metres from the pier at which she had sunk.",
    "The harbour master keeps it in a shed behind the market until somebody has paid for the frame and the ropes.",
    "Children from the school above the quay will ring it once a year, and nobody minds that it has a crack.",
)


def _field(name: str) -> Callable[[str, str | None], str]:
    def read(line: str, language: str | None) -> str:
        found: tuple[str, ...] = getattr(read_byline(line, (), language), name)
        return ", ".join(found)

    return read


def _named(read: Byline) -> str:
    return ", ".join((*read.people, *read.organisations))


def _credited(line: str, language: str | None) -> str:
    return _named(credited(line, language))


def _alone(line: str, language: str | None) -> str:
    return _named(credited(line, language, alone=True))


def _shown(line: str, language: str | None) -> str:
    page = fromstring(f"<html><body><article>{line}<p>{_PROSE[0]}</p></article></body></html>")
    return _named(shown_byline(page, (), language))


def _cites(line: str, _language: str | None) -> str:
    article = make_article("\n\n".join((_PROSE[0], line, _PROSE[1])))
    return "; ".join(" ".join(filter(None, (one.name, one.date))) for one in attribute(article).citations)


def _dateline(line: str, _language: str | None) -> str:
    found = read_dateline(line)
    return (found.places or "") if found else ""


def _around(line: str) -> tuple[str, ...]:
    """Three paragraphs of prose in the script of a line: what is in another goes for that alone."""
    names = [unicodedata.name(letter, "") for letter in line if letter.isalpha()]
    return next((prose for script, prose in _PROSE_OF.items() if any(one.startswith(script) for one in names)), _PROSE)


def _cleaned(*lines: str, **fields: Any) -> str:
    """The rules by which the last of some lines went."""
    taken = clean(make_article("\n\n".join((*_around(lines[-1]), *lines)), **fields)).residue
    return ", ".join(one.rule for one in taken if one.text in lines[-1])


def _signed(line: str, language: str | None) -> str:
    return _cleaned(line, declared_language=language)


def _boxed(line: str, _language: str | None) -> str:
    return _cleaned(line, authors=(" ".join(line.split()[:2]),))


def _caption(line: str, _language: str | None) -> str:
    prose = _around(line)
    taken = clean(make_article("\n\n".join((*prose, line, "© Bo Ek/AP", *prose[::-1])))).residue
    return ", ".join(one.rule for one in taken if one.text == line)


def _credit(line: str, _language: str | None) -> str:
    return with_credit(Picture(url="https://courier.example/a.jpg", caption=line)).credit or ""


def _source(line: str, _language: str | None) -> str:
    page = fromstring(f"<html><body><article><p>{_PROSE[0]}</p><div>{line}</div></article></body></html>")
    found = read_original(page, "https://courier.example/story", "https://courier.example/")
    return " ".join(filter(None, found or ()))


def _original(line: str, _language: str | None) -> str:
    lines = (*_PROSE, line, _PROSE[2][::-1], "https://southern.example/2024/bell-found")
    return attribute(clean(make_article("\n\n".join(lines)))).attribution.original_url or ""


def _marked(line: str, _language: str | None) -> str:
    return "; ".join(lines_marked(fromstring(f"<html><body><div>{line}</div></body></html>")))


def _joined(line: str, _language: str | None) -> str:
    draft = join_broken(Draft.of(Block(text=part, origin="plain") for part in line.split(" / ")))
    return " / ".join(one.text for _, one in draft.kept())


def _label(line: str, _language: str | None) -> str:
    return next(iter(tidy(Draft.of((Block(text=line), Block(text=_PROSE[0])))))).role.value


READERS: dict[str, Callable[[str, str | None], str]] = {
    **{name: _field(name) for name in ("people", "photographers", "others", "organisations", "places", "roles")},
    "credited": _credited,
    "alone": _alone,
    "marked_people": lambda line, _: "people" if are_people(line, marked=True) else "",
    "labelled": lambda line, _: label_of(line) or "",
    "behind_day": lambda line, _: "names" if names_behind_day(line) else "",
    "label": lambda line, _: "label" if is_label(line) else "",
    "capitals": lambda line, _: "names" if are_names(line) else "",
    "shown": _shown,
    "cites": _cites,
    "dateline": _dateline,
    "traces": lambda line, _: str(translation_traces(line, emptied_dateline=False)),
    "signed": _signed,
    "boxed": _boxed,
    "caption": _caption,
    "credit": _credit,
    "source": _source,
    "dated": _marked,
    "original": _original,
    "joined": _joined,
    "role": _label,
    "facts": lambda line, _: ", ".join(one.rule for one in head_facts(line)),
    "open": lambda line, _: "open" if is_open(line) else "",
}
"""What reads a line, by the name that it has in the fixtures: each takes the line and the language of the page."""


class Meaning(NamedTuple):
    """A row of the lexicon, and what the readers find in a line with it."""

    code: str
    section: str
    key: str
    row: str
    line: str
    found: dict[str, str]

    @property
    def holds(self) -> bool:
        """Whether the line is read so."""
        language = None if self.code == "und" else self.code
        return all(READERS[name](self.line, language) == told for name, told in self.found.items())


@cache
def meanings(code: str) -> tuple[Meaning, ...]:
    """The rows of a language that are told of."""
    read = tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    return tuple(
        Meaning(code, section, key, row, told["line"], {name: one for name, one in told.items() if name != "line"})
        for section, keys in read.items()
        for key, rows in keys.items()
        for row, told in rows.items()
    )


def idle(code: str) -> set[tuple[str, str, str]]:
    """Section, key and row of what no line of a language has shown to matter: others that it shares its words with."""
    rows = (row.split(" ", 2) for row in (FOLDER / "idle.txt").read_text(encoding="utf-8").splitlines())
    named = ((one, *name.split(".", 1), row) for one, name, row in rows)
    return {(section, key, row) for one, section, key, row in named if one == code}


def rows_of(code: str) -> Iterator[tuple[str, str, str]]:
    """Section, key and row of all that is to be told of a language."""
    for section in SECTIONS:
        for key, rows in lexicon.tables(section).get(code, {}).items():
            for row in rows:
                yield section, key, row


@contextmanager
def without(section: str, key: str, row: str) -> Iterator[None]:
    """A lexicon in which no language has a row: languages share their words."""
    read = lexicon._read()
    tables: dict[str, dict[str, tuple[str, ...]]] = read[section]  # type: ignore[assignment]
    before = {code: table[key] for code, table in tables.items() if row in table.get(key, ())}
    try:
        for code, rows in before.items():
            tables[code][key] = tuple(one for one in rows if one != row)
        _forget(section)
        yield
    finally:
        for code, rows in before.items():
            tables[code][key] = rows
        _forget(section)


# What the modules call in which something is made of a section.
_MAKE = {
    "names": ("longest", "listed", "caseless"),
    "citing": ("cues", "folded", "pieces", "either"),
    "lines": ("telling", "open_words"),
}


def _forget(section: str) -> None:
    """Forget what was made of a section of the lexicon, and what is remembered of single words."""
    for clear in lexicon._caches:
        makes = getattr(clear, "__self__").__wrapped__.__globals__  # noqa: B009
        if any(name in makes for name in _MAKE[section]) or makes["__name__"] == "ingest.clean.pictures":
            clear()
    for memory in _memories():
        memory.cache_clear()


@cache
def _memories() -> tuple[Any, ...]:
    """The caches of bounded size below ingest: each remembers something of words, as `bare` does."""
    found = [
        one
        for name, module in list(sys.modules.items())
        if name.startswith("ingest.")
        for one in vars(module).values()
        if hasattr(one, "cache_parameters") and one.cache_parameters()["maxsize"] is not None
    ]
    return tuple({id(one): one for one in found}.values())
