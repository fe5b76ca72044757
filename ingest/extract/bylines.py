"""Who wrote a page: people and organisations, told apart, and nobody invented."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from ingest.extract.common import squeeze
from ingest.text import letters

# "By" in the languages in which bylines were met, and "author" before a name.
_BEFORE_NAME = re.compile(
    r"^(?:(?:written |story |words |text |reported )?by|von|vom|av|par|por|di|da|door|af|od|przez|autore?|autors?"
    r"|author|auteur|text|текст|автор|автори|от|від|редактор)(?:\s*[:：]\s*|\s+)|^[:：]\s*",
    re.IGNORECASE,
)
_INITIALS = re.compile(r"\s*\([\w./ ]{1,8}\)$")
_BETWEEN_NAMES = re.compile(
    r"\s*(?:;|\||\n|\s/\s|•|·|\s(?:and|und|och|og|et|y|e|и|та|ja|en|with|mit)\s|&|、|，)\s*", re.IGNORECASE
)
_NO_NAME = re.compile(
    r"https?://|www\.|@|^\W*$|\d{3}|[?!<>{}\[\]=]|^(?:#.*|null|none|undefined|unknown|n/a|admin\w*|administrator|root|user"
    r"|guest|gast|gäst|editor|author|autor|contributor|reporter|correspondent|webmaster|default|anonym\w*|нет|гость"
    r"|home|news|sport|sports|politics|politik|world|opinion|nachrichten|новости|nyheter|subscribe|follow|share)$",
    re.IGNORECASE,
)
_LONGEST_NAME, _MOST_WORDS = 60, 6
_MOST_NAMES = 50  # of 268 pages none names more than nine
# Words by which a newsroom or an agency is told from a person.
_ORGANISATION = re.compile(
    r"\b(?:redaktion(?:en)?|redazione|redacci[oó]n|rédaction|redactie|redakcja|redakce|newsroom|newsdesk|news ?desk"
    r"|desk|staff|editors|editorial|agentur\w*|agenc(?:y|ia|ja)|agence|agenzia|ajansı|news|nachrichten|nyheter|nyhetsbyrån"
    r"|media|press|presse|team|service|wire|magazine|times|post|zeitung|tidning\w*|university|school|institute"
    r"|dpa|afp|ap|apa|sda|sid|tt|ntb|ritzau|stt|pap|ansa|efe|upi|pti|cnn|bbc|reuters|bloomberg|associated|interfax"
    r"|редакция|редакції|агентство|тасс|риа|интерфакс|укринформ|новости|газета)\b|\.(?:com|org|net|de|se|ru|uk|ch|at|tv)$"
    r"|通信|新聞|新闻|社$|연합뉴스|뉴스",
    re.IGNORECASE,
)
_STAFF = frozenset({"staff", "team", "redaktion", "redaktionen", "newsroom", "редакция"})
_AGENCY_LETTERS = re.compile(r"^[A-ZА-ЯÅÄÖ]{2,5}(?:[-/][A-ZА-Я]{2,5})*$")
FULL_NAME = re.compile(
    r"^[^\W\d_][\w.'’-]*(?: (?:d[aeiou]s?|v[oa]n|der|den|del|la|le|bin|al|af|av|zu|zur)){0,2}"
    r"(?: [^\W\d_a-z][\w.'’-]*){1,4}$"
)
"""The shape of the name of a person, with a first and a last name."""

# What someone is, behind the name: "Ann Lee, Courier Staff Writer".
_ROLE = re.compile(
    r"\b(?:writer|reporter|correspondent|editor|columnist|contributor|producer|fellow|redakteur(?:in)?|reporterin"
    r"|korrespondent(?:in)?|redaktör|skribent|krönikör|корреспондент|обозреватель|редактор|журналист)$",
    re.IGNORECASE,
)
# The legal forms of companies.
_COMPANY = re.compile(
    r",?\s(?:Inc|Ltd|LLC|PLC|plc|Corp|GmbH|AG|SE|AB|ASA?|A/S|Oyj?|BV|B\.V|SA|S\.A|SpA|S\.p\.A|Srl|S\.r\.l|SARL|KG)\.?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """Who is named, in order; which of them are organisations; and how the page puts it."""

    names: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    printed: str | None = None

    @property
    def people(self) -> tuple[str, ...]:
        """Those who are no organisations."""
        return tuple(name for name in self.names if name not in self.organisations)

    def __bool__(self) -> bool:
        return bool(self.printed)


def read_byline(author: object, publisher: str | None, host: str = "") -> Byline:
    """The names in an author as JSON-LD or a meta element gives it: a string, an object, or a list of such.

    Args:
        author: the value.
        publisher: the name of the site: an author of that name is an organisation.
        host: the host of the page, by whose name a company that owns it is known.
    """
    found: dict[str, bool] = {}
    printed: list[str] = []
    for text, is_organisation in islice(_authors(author), _MOST_NAMES):
        names = list(islice(split_names(text), max(0, _MOST_NAMES - len(found))))
        if names:
            printed.append(squeeze(html.unescape(text)))
        for name in names:
            if not _is_own_staff(name, publisher, host):
                found.setdefault(name, is_organisation or _names_organisation(name, publisher))
    return Byline(
        names=tuple(found),
        organisations=tuple(name for name, is_organisation in found.items() if is_organisation),
        printed=", ".join(dict.fromkeys(printed)) or None,
    )


def split_names(byline: str) -> Iterator[str]:
    """The names in a byline, without "By" and what is no name (addresses, handles, sections, sentences)."""
    for part in _BETWEEN_NAMES.split(_BEFORE_NAME.sub("", squeeze(html.unescape(byline)))):
        for name in _parted(part):
            bare = _INITIALS.sub("", _BEFORE_NAME.sub("", name.strip())).strip(" ,.:–—-|")
            if _could_be_a_name(bare):
                yield bare


def _parted(part: str) -> list[str]:
    """A part of a byline at its commas: "Ann Lee, Bo Ek" are two, "Ann Lee, PhD" and "Ann Lee, Oslo" one."""
    first, *others = (one.strip() for one in part.split(",") if one.strip()) if part.strip(" ,") else ("",)
    if not others or (" " not in first and first.isascii()):
        return [part]
    named = (one for one in others if not _ROLE.search(one))
    return [first, *(one for one in named if _ORGANISATION.search(one) or FULL_NAME.match(one))]


def _could_be_a_name(text: str) -> bool:
    if not text or len(text) > _LONGEST_NAME or len(text.split()) > _MOST_WORDS:
        return False
    return not _NO_NAME.search(text)


def _names_organisation(name: str, publisher: str | None) -> bool:
    if _ORGANISATION.search(name) or _AGENCY_LETTERS.match(name) or _COMPANY.search(name):
        return True
    own, site = letters(name), letters(publisher or "")
    return bool(own) and bool(site) and (own == site or (len(own) > 5 and own in site))


def _is_own_staff(name: str, publisher: str | None, host: str) -> bool:
    """Whether an author is "Courier staff" or "Courier Ltd" of the Courier: no more than the publisher."""
    company = letters(_COMPANY.sub("", name)) if _COMPANY.search(name) else ""
    if company and company in (letters(publisher or ""), *host.split(".")):
        return True
    site = letters(publisher or "")
    return bool(site) and letters(name).removeprefix(site) in _STAFF and letters(name).startswith(site)


def is_publisher(organisations: Sequence[str], publisher: str | None) -> bool:
    """Whether a byline names nobody but the site itself."""
    site = letters(publisher or "")
    return all(letters(name) in site or site in letters(name) for name in organisations)


def _authors(value: object) -> Iterator[tuple[str, bool]]:
    """Each author's text, and whether the page says that it is an organisation."""
    if isinstance(value, str):
        yield value, False
    elif isinstance(value, dict):
        kind = str(value.get("@type", ""))
        parts = [value.get(name) for name in ("givenName", "familyName")]
        name = value.get("name") or " ".join(part for part in parts if isinstance(part, str))
        for text, _ in _authors(name):
            yield text, kind.endswith("Organization")
    elif isinstance(value, list):
        for one in value:
            if not isinstance(one, list):
                yield from _authors(one)
