"""What codes mean, in a sentence for people. docs/record.md says more; a code without a sentence stands for itself."""

from __future__ import annotations

from collections.abc import Mapping

from ingest.link import Relation
from ingest.outcome import Reason

REASONS: Mapping[str, str] = {
    Reason.BAD_URL: "is no web address",
    Reason.BAD_FEED: "is no feed, sitemap or section page that can be read",
    Reason.BAD_TYPE: "is not text",
    Reason.BAD_WARC: "is no WARC file, or breaks off",
    Reason.BLOCKED: "the site keeps us out",
    Reason.RESERVED: "the page reserves this use",
    Reason.CONSENT_WALL: "a consent wall instead of the page",
    Reason.EMPTY: "nothing came",
    Reason.EXTRACT_TIMEOUT: "reading the page took too long",
    Reason.EXTRACT_CRASH: "the page brought its reader down",
    Reason.FORGOTTEN: "is to stay forgotten",
    Reason.GONE: "permanently removed",
    Reason.HTTP_ERROR: "the server's answer is no page",
    Reason.LOGIN: "a log-in page instead of the page",
    Reason.NO_TEXT: "no article on the page",
    Reason.NOT_FOUND: "not found",
    Reason.PAYWALL: "behind a paywall",
    Reason.PRIVATE_ADDRESS: "private address (blocked)",
    Reason.REDIRECTS: "redirected too often, in a circle or to nowhere",
    Reason.ROBOTS: "robots.txt forbids it",
    Reason.TOO_BIG: "too big",
    Reason.UNREADABLE: "cannot be opened or unpacked",
    Reason.UNSTORABLE: "cannot be stored",
    Reason.POISON: "ended two runs, set aside",
    Reason.CONNECT: "no connection, or it broke",
    Reason.DNS: "the host's name has no address",
    Reason.LOST: "gone from the archive, or damaged there",
    Reason.ROBOTS_UNREACHABLE: "robots.txt could not be had",
    Reason.SERVER_ERROR: "the server failed",
    Reason.TIMEOUT: "no complete answer in time",
    Reason.TLS: "the encrypted connection failed",
    Reason.TOO_MANY_REQUESTS: "the site wants to be left alone for a while",
}
RELATIONS: Mapping[str, str] = {
    Relation.ORIGINAL: "original",
    Relation.EXACT: "exact duplicate",
    Relation.NEAR: "near-duplicate",
    Relation.REWORDED: "reworded duplicate",
    Relation.TRANSLATED: "translated duplicate",
    Relation.UPDATE: "update",
    Relation.QUOTES: "quotes",
    Relation.CONTAINS: "contains",
    Relation.RETOLD: "tells in other words the same as",
    Relation.SAME_TEMPLATE: "is made from one template with",
    "quoted_by": "is quoted by",
}
STATES: Mapping[str, str] = {
    "complete": "translated",
    "partial": "translated in part",
    "pending": "awaiting translation",
    "unsupported": "cannot be translated: no model of its language is published, or that cannot be told",
    "not_needed": "already in the target language",
}
RUNS: Mapping[str, str] = {
    "running": "running",
    "finished": "finished",
    "interrupted": "interrupted",
}
FLAGS: Mapping[str, str] = {
    "withdrawn_article": "The article is there no more: this is its last known text.",
    "withdrawal_notice": "The page says that an article was taken away; its text is not known.",
    "short_text": "The text is short: copies of it are recognised less surely.",
    "not_free": "The page says that it is behind a paywall: this may not be all of it.",
    "joined_pages": "The article goes on over several pages: this is the text of all of them.",
    "pages_missing": "The article has more pages than could be had: its text is not whole.",
    "low_confidence": "Little is sure of the text: much may be missing, or much may be none of it.",
    "text_fallback": "Next to nothing was left of the page: its text is trafilatura's own reading.",
    "site_rule_failed": "The rule for this site found too little: the text is that of the general reading.",
    "site_rule_differs": "Read by the rule for this site; the general reading has little of this text.",
    "clean_guard": "A rule of cleaning was undone, lest it take sentences out: some residue may stand here.",
    "published_in_future": "The page's date of publication lies in the future. It was not believed.",
    "modified_in_future": "The page's date of change lies in the future. It was not believed.",
    "modified_before_published": "The page says that it was changed before it was published.",
    "date_ambiguous": "The page's date can be read day first and month first, and nothing tells which.",
    "dates_disagree": "Page and feed give dates more than two days apart. The page is believed.",
    "zone_inferred": "The page gives no time zone: it was told from when an aggregator took the page.",
    "canonical_elsewhere": "The page names an address on another site as its own. It was not believed.",
    "canonical_home": "The page names its home page as its own address. It was not believed.",
    "canonical_section": "The page names its section as its own address. It was not believed.",
    "canonical_disagree": "The page names several addresses as its own. None was believed.",
    "canonical_unreadable": "What the page names as its own address is none.",
    "agency_missing": "The dateline has empty parentheses where an agency stood.",
    "machine_translated_by_cues": "The text shows traces of machine translation.",
    "reworded_by_cues": "Words look exchanged for synonyms by a machine.",
    "text_repaired": "Halves of characters or control characters were taken out of it.",
    "unstable_names": "The translation spells a name in more than one way.",
}
EVIDENCE: Mapping[str, str] = {
    "names_source": "names a record of the cluster as its source",
    "machine_translated": "shows signs of machine translation",
    "reworded": "its words look exchanged for synonyms",
    "reposted": "says that it was reposted",
    "published_first": "the original was published before it",
    "names_outside_source": "names a source outside the cluster",
    "undated": "has no date, the original has",
    "shorter": "is shorter",
    "central": "the original lies nearer the middle of all copies",
    "local_file": "is a file, the original has an address",
}
NOTED: Mapping[str, str] = {
    "empty": "the model gave no words",
    "loop": "the model said the same over and over",
    "script": "the translation was in other letters",
    "copy": "the model repeated the sentence",
    "truncated": "the translation broke off",
    "too_long": "the translation was far too long",
    "placeholder": "an address was lost",
    "number": "a number was lost or changed",
    "currency": "a currency was lost or changed",
    "negation": "a “not” may be lost",
    "quotation": "quotation marks are lost: who says it may not be clear",
    "separator": "a number of thousands may be read as a decimal",
}
LANGUAGES: Mapping[str, str] = {
    "af": "Afrikaans", "am": "Amharic", "ar": "Arabic", "as": "Assamese", "az": "Azerbaijani", "ba": "Bashkir",
    "be": "Belarusian", "bg": "Bulgarian", "bn": "Bengali", "bo": "Tibetan", "br": "Breton", "bs": "Bosnian",
    "ca": "Catalan", "chr": "Cherokee", "ckb": "Central Kurdish", "cs": "Czech", "cy": "Welsh", "da": "Danish",
    "de": "German", "dv": "Divehi", "dz": "Dzongkha", "el": "Greek", "en": "English", "eo": "Esperanto",
    "es": "Spanish", "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fo": "Faroese",
    "fr": "French", "fy": "Frisian", "ga": "Irish", "gd": "Scottish Gaelic", "gl": "Galician", "gu": "Gujarati",
    "he": "Hebrew", "hi": "Hindi",
    "hr": "Croatian", "ht": "Haitian Creole", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "ig": "Igbo",
    "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian", "kk": "Kazakh", "km": "Khmer",
    "kn": "Kannada", "ko": "Korean", "ku": "Kurdish", "ky": "Kyrgyz", "la": "Latin", "lb": "Luxembourgish", "lo": "Lao",
    "lt": "Lithuanian", "lv": "Latvian", "mg": "Malagasy", "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian",
    "mr": "Marathi", "ms": "Malay", "mt": "Maltese", "my": "Burmese", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian",
    "om": "Oromo", "or": "Odia", "pa": "Punjabi", "pl": "Polish", "ps": "Pashto", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "rw": "Kinyarwanda", "sa": "Sanskrit", "sd": "Sindhi", "si": "Sinhala", "sk": "Slovak",
    "sl": "Slovene", "sq": "Albanian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu",
    "tg": "Tajik", "th": "Thai", "ti": "Tigrinya", "tk": "Turkmen", "tl": "Tagalog", "tr": "Turkish", "tt": "Tatar",
    "ug": "Uyghur", "uk": "Ukrainian", "und": "unknown language", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese",
    "yi": "Yiddish", "yo": "Yoruba", "yue": "Cantonese", "zh": "Chinese", "zh-hans": "Chinese (simplified)",
    "zh-hant": "Chinese (traditional)",
}  # fmt: skip


def reason(code: str | None) -> str:
    """Why a seed or a listing came to nothing."""
    return REASONS.get(code or "", _plain(code))


def relation(code: str) -> str:
    """How a record stands to another."""
    return RELATIONS.get(code, _plain(code))


def state(code: str) -> str:
    """How far the translation of a record is."""
    return STATES.get(code, _plain(code))


def run_status(code: str) -> str:
    """How a run stands."""
    return RUNS.get(code, _plain(code))


def flag(code: str) -> str:
    """What is to be known of a record."""
    return FLAGS.get(code, _plain(code))


def noted(code: str) -> str:
    """Why a sentence stayed in its language, or what makes its translation doubtful."""
    return NOTED.get(code, _plain(code))


def rule(code: str) -> str:
    """Why something was taken out of a text."""
    return _plain(code)


def evidence(code: str) -> str:
    """What tells that a record is a copy; what speaks against it begins with `not_`."""
    against = code.startswith("not_")
    said = EVIDENCE.get(code.removeprefix("not_"), _plain(code.removeprefix("not_")))
    return f"against it: {said}" if against else said


def language(code: str | None) -> str:
    """The English name of a language."""
    return LANGUAGES.get((code or "und").lower(), code or "")


def _plain(code: str | None) -> str:
    return (code or "").replace("_", " ")
