"""The sections that a file of the lexicon may have: of what kind each is, and what it is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a section holds."""

    WORDS = "a list of words in lower case"
    PATTERNS = "a list of patterns"
    WORD_TABLE = "a table of lists of words in lower case"
    PATTERN_TABLE = "a table of lists of patterns"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section: its kind, what it is for, and the placeholders and keys that it may have (no `keys`: any)."""

    kind: Kind
    about: str
    placeholders: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()


def _words(about: str) -> Section:
    return Section(kind=Kind.WORDS, about=about)


def _word_table(about: str, *keys: object) -> Section:
    return Section(kind=Kind.WORD_TABLE, about=about, keys=frozenset(map(str, keys)))


def _patterns(about: str, *placeholders: str) -> Section:
    return Section(kind=Kind.PATTERNS, about=about, placeholders=frozenset(placeholders))


_MINUTES = (1, 60, 120, 1440, 2880, 10080, 43200, 525600)

# What the words of by-lines tell: what opens one, what someone is, what only organisations have in their names, what is
# nobody's name, what stands inside names. `ingest.lang.names` and `ingest.lang.pieces` read them.
_NAMES = (
    *("by", "author", "photo", "other", "and", "for", "in", "roles", "modifiers", "newsroom", "organisation", "nobody"),
    *("no_name", "places_and_sections", "particles", "titles", "suffixes", "degrees", "companies", "articles"),
    *("short_articles", "labels", "markup", "glued_and", "glued_names", "dateline_ends", "dateline_starts", "verbs"),
    "surnames",
    "inside",
)

# The words by which texts cite, by what they do: `ingest.lang.cues` reads them.
CITING = {
    "after": "behind a name: Reuters reported",
    "spun_after": "what synonym spinners make of those",
    "before": "right before a name, articles aside: told Reuters; of two words: `pairs`",
    "pairs": "two words right before a name: according to",
    "talk": "a few words before a name, with one of `to` between: in an interview with",
    "talked": "those of `talk` that none but outlets have: one is interviewed by an outlet",
    "to": "between `talk` and a name",
    "dative": "verbs whose listener has no preposition: sagte Vogel der Zeitung",
    "dative_articles": "the articles of such listeners",
    "before_quote": "behind these a name in quotes is whom one has it from, not what is said",
    "before_article_and_quote": "the same where an article stands before the quote: berichtet das",
    "quote_articles": "articles between a word of citing and a quote",
    "blocks": "over these a name is not reached: what stands before them has another object",
    "fillers": "between a name and its verb: has recently",
    "conjunctions": "between the names of a list",
    "mere": "beside an outlet that is spoken of, not cited: its shares, its owner",
    "says": "verbs and prepositions of citing a person",
    "kinds": "what an outlet is: newspaper; Cyrillic ones are compared without their endings",
    "kind_first": "those of `kinds` that also begin names: Daily Courier",
    "vague_kinds": "those of `kinds` that may be anything's without one of `groups`: agency",
    "groups": "before `kinds` and `group_of`: news agency, media group",
    "group_of": "behind `groups`",
    "home": "the first or last word of many an outlet's name: Times",
    "home_endings": "how a single word that is one ends",
    "inside": "small words inside names of outlets",
    "sentence_first": "what begins sentences, and no name, beside words of citing: as",
    "glued": "what stands without a space behind a name where a hyperlink ended",
    "experts": "roles of those who are cited for what they know",
    "expert_endings": "how such roles end",
    "leaders": "roles of those who speak for an institution",
    "institutes": "what an institution of research is called",
    "institute_beginnings": "how such words begin that stand small in names",
    "no_first_name": "capitalised first words of sentences and titles that are no first names",
    "particles": "small words inside names of people",
    "at": "between a person and an institution",
    "at_articles": "those of `at` that may be articles alone",
    "behind_owned": "behind a person whom an institution owns, beside verbs",
    "links": "small words inside names of institutions",
    "no_reference": "what stands beside days in parentheses and is no source: born, Tuesday",
    "before_day": "between a source and a day in parentheses",
    "between_days": "between two days",
    "day_of": "inside days: 3 of May",
    "ordinals": "behind the number of a day in running text",
    "place_particles": "small words inside places of datelines",
    "before_dateline_day": "between the place and the day of a dateline",
    "dateline_labels": "what stands in capitals before a dash and is no place",
    "source_label": "how a line begins that gives the address of the original",
    "clause_starts": "small words that begin a sentence behind a full stop where an engine cut it",
    "four_letters": "abbreviations of four letters and more, behind whose stop a sentence goes on",
    "uncapitalised": "names in small letters that engines leave",
}

# How `ingest.lang.sentences` cuts a text.
SENTENCES = {
    "never_last": "abbreviations that stand before a name, and so never end a sentence",
    "before_number": "abbreviations that end a sentence unless a number follows",
    "maybe_last": "abbreviations that end a sentence where the next word is one of `starters`",
    "starters": "words that often begin a sentence",
    "conjunctions": "words before which a long sentence may be cut",
}

# What lines are, beside the rules: `ingest.clean` reads these.
LINES = {
    "about": "what stands behind the name in a line about the author: is, writes",
    "writers": "what such a line calls the author: a freelance journalist",
    "caption_signs": "what only a caption says of what can be seen",
    "photo_labels": "what stands before the credit of a picture",
    "outlet": "a word behind which the clause about an outlet goes on: the newspaper | writes",
    "subordinate": "what begins a clause inside a sentence that was cut",
    "open": "what a line ends with whose sentence goes on: an article, a preposition, a conjunction",
    "fact_openers": "words for by inside a line of facts, behind which another fact begins",
    "source_links": "the words of a hyperlink that leads to the source of a repost",
    "source_leads": "what stands before a hyperlink with the name of the source",
    "date_marks": "how a line begins that holds the date",
    "speaks": "what makes a line with a colon one that leads to a quotation: she said",
}

SECTIONS: Mapping[str, Section] = {
    "months": _word_table("names of months beside those of CLDR, by number", *range(1, 13)),
    "jalali_months": _word_table("names of the months of the Persian solar year, by number", *range(1, 13)),
    "weekdays": _words("names of weekdays beside those of CLDR"),
    "relative_days": _word_table("words for days by distance from today: -1 is yesterday", *range(-3, 2)),
    "ago": _words("what makes '3 hours' a time in the past: ago; vor"),
    "units": _word_table("units of time by their length in minutes; 120 and 2880 are duals", *_MINUTES),
    "numbers": _word_table("numbers written as words before units: an hour", *range(1, 13)),
    "date_joiners": _words("words inside dates and before times that change nothing: of, at, kl"),
    "ordinals": _words("what stands behind the number of a day: st, er, :e"),
    "hour_marks": _words("what stands behind the number of an hour: h, Uhr"),
    "am": _words("before noon, beside the words of CLDR"),
    "pm": _words("after noon, beside the words of CLDR"),
    "articles": _words("articles, which are no part of the name behind them"),
    "published": _words("what labels the day of publication"),
    "updated": _words("what labels the day of the last change"),
    "date_notes": _words("what stands beside dates in lines of dates and says nothing: by the clock, min read"),
    "trailers": _patterns("how a repost names the original at its end", "title", "site"),
    "machine_translation": _patterns("how a text says that a machine translated it", "engine"),
    "pages": _word_table(
        "the words of articles over several pages: what counts them (page, of), what leads to the next, the one before,"
        " and to all of them as one",
        *("page", "of", "next", "previous", "single"),
    ),
    "networks": _patterns("names of social networks and messengers, for <networks> in rules"),
    "addresses": _word_table(
        "parts of addresses of pages: `services` are whole parts that no address of an article has, `pages` stand"
        " before the number of a page of a list",
        *("services", "pages"),
    ),
    "stand_in": _word_table(
        "beginnings of words that pages use which stand in for an article, by what they are; `reader` are whole words"
        " that address the reader, `polite` those that do so with a capital letter",
        *("reader", "polite", "consent", "login", "blocked", "not_found", "maintenance", "loading"),
    ),
    "engines": _words("what translates: names of services, words for machines"),
    "names": _word_table("the words of by-lines, by what they tell", *_NAMES),
    "notices": Section(
        kind=Kind.PATTERN_TABLE,
        about="what a page says of a change: `label` heads a correction, `correction` and `withdrawn` stand anywhere",
        keys=frozenset({"label", "correction", "withdrawn"}),
    ),
    "opt_outs": Section(
        kind=Kind.PATTERN_TABLE,
        about="how lines of copyright reserve a use: names of `mining` and of `training`, and that it is `reserved`",
        keys=frozenset({"mining", "training", "reserved"}),
    ),
    "citing": _word_table("the words by which texts cite, by what they do", *CITING),
    "months_in_text": _word_table("names of months as they stand in running text, by number", *range(1, 13)),
    "language_names": _word_table("how the names of languages begin, by code"),
    "translated_from": _patterns("how a text says from what it was translated", "language"),
    "spun": Section(
        kind=Kind.PATTERNS,
        about="what synonym spinners make of names and set phrases, in the case in which it is printed",
    ),
    "translators": _words("what may follow the name of an engine: translate"),
    "sentences": _word_table("where sentences end and are cut, by what words do", *SENTENCES),
    "lines": Section(
        kind=Kind.PATTERN_TABLE,
        about="what ingest/clean knows of lines beside its rules, by what it tells",
        keys=frozenset(LINES),
    ),
    "rules": Section(kind=Kind.PATTERN_TABLE, about="phrases of the rules of ingest/clean, by the rule's name"),
}
"""All sections that a lexicon file may have."""
