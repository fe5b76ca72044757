"""JSON-LD: records as NewsArticle of schema.org, one document with a graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any
from uuid import NAMESPACE_URL, uuid5

from storage.export.jsonl import compact
from storage.record_types import RecordDict


def write_jsonld(records: Iterable[RecordDict], file: IO[str]) -> int:
    """Write one document, an article a line within it; returns how many records."""
    file.write('{"@context":"https://schema.org","@graph":[')
    count = 0
    for one in records:
        file.write((",\n" if count else "\n") + compact(article(one)))
        count += 1
    file.write("\n]}\n")
    return count


def name_of(record_id: str) -> str:
    """A URI that names a record, the same in every export (RFC 9562, version 5)."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'newsmill:{record_id}')}"


def article(one: RecordDict) -> dict[str, Any]:
    """A record as https://schema.org/NewsArticle; what is not known is left out."""
    address = one["url"] if one["url"].startswith("http") else None
    known = {
        "@id": name_of(one["id"]),
        "@type": "NewsArticle",
        "identifier": one["id"],
        "url": address,
        "mainEntityOfPage": one["canonical_url"] or address,
        "headline": one["title"],
        "description": one["subtitle"],
        "articleBody": one["text"],
        "inLanguage": _language(one["language"]),
        "author": _authors(one),
        "publisher": _organisation(one["publisher"]),
        "sourceOrganization": _organisation(one["attribution"]["agency"]),
        "datePublished": _published(one),
        "dateModified": one["modified_at"],
        "dateline": one["attribution"]["dateline"],
        "articleSection": one["section"],
        "keywords": one["tags"],
        "image": _one_or_all(_images(one)),
        "isAccessibleForFree": one["is_free"],
        "license": _licence(one["licence"]),
        **_made_from(one),
        "citation": [*_citations(one), *_quoted(one)],
        "workTranslation": _translation(one),
    }
    return _filled(known)


def _images(one: RecordDict) -> list[dict[str, Any] | str]:
    """The main picture, and those of the text with what stands below them."""
    told = [
        _filled({"@type": "ImageObject", "url": each["url"], "caption": each["caption"], "creditText": each["credit"]})
        for each in one["images"]
    ]
    shown = {each["url"] for each in one["images"]}
    return [*([one["image"]] if one["image"] and one["image"] not in shown else []), *told]


def _made_from(one: RecordDict) -> dict[str, Any]:
    """Whose copy or translation it is: the canonical record of its cluster, and the original that the page names."""
    copies, named = one["duplicate"], one["attribution"]
    sources: list[dict[str, Any]] = []
    translated: list[dict[str, Any]] = []
    if not copies["is_canonical"]:
        origin = {"@type": "NewsArticle", "@id": name_of(copies["canonical_id"])}
        (translated if copies["relation"] == "translated" else sources).append(origin)
    if named["original_url"] or named["original_name"]:
        language = named["original_language"]
        origin = _filled(
            {
                "@type": "CreativeWork",
                "url": named["original_url"],
                "publisher": _organisation(named["original_name"]),
                "inLanguage": language,
            }
        )
        foreign = named["machine_translated"] or (language is not None and language != one["language"])
        (translated if foreign else sources).append(origin)
    return {"translationOfWork": _one_or_all(translated), "isBasedOn": _one_or_all(sources)}


def _translation(one: RecordDict) -> dict[str, Any] | None:
    made = one["translation"]
    if made["status"] not in ("complete", "partial"):
        return None
    return _filled(
        {
            "@type": "NewsArticle",
            "inLanguage": made["language"],
            "headline": made["title"],
            "articleBody": made["text"],
            "translationOfWork": {"@id": name_of(one["id"])},
            "creditText": f"machine translation: {', '.join(made['models'])}" if made["models"] else None,
        }
    )


def _citations(one: RecordDict) -> Iterator[dict[str, Any]]:
    for cited in one["citations"]:
        # schema.org wants whole dates: a day of an unknown year says nothing there.
        date = cited["date"] if cited["date"] and not cited["date"].startswith("-") else None
        yield _filled({"@type": "CreativeWork", "name": cited["name"], "url": cited["url"], "datePublished": date})


def _quoted(one: RecordDict) -> Iterator[dict[str, Any]]:
    for link in one["links"]:
        if link["relation"] == "quotes":
            yield {"@type": "NewsArticle", "@id": name_of(link["id"])}


def _authors(one: RecordDict) -> list[dict[str, str]]:
    people = [{"@type": "Person", "name": name} for name in one["authors"]]
    return people + [{"@type": "Organization", "name": name} for name in one["organisations"]]


def _organisation(name: str | None) -> dict[str, str] | None:
    return {"@type": "Organization", "name": name} if name else None


def _published(one: RecordDict) -> str | None:
    published = one["published_at"]
    return published[:10] if published and one["published_precision"] == "day" else published


def _licence(told: str | None) -> str | dict[str, str] | None:
    if told is None or told.startswith(("http://", "https://")):
        return told
    return {"@type": "CreativeWork", "name": told}


def _language(code: str) -> str | None:
    return None if code == "und" else code


def _one_or_all(found: Sequence[Any]) -> Any:  # noqa: ANN401 - JSON
    return found[0] if len(found) == 1 else found


def _filled(known: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in known.items() if value not in (None, [], {})}
