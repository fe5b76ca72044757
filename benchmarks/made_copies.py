"""A labelled set of copies made of the demo's English articles, for where no other set is at hand.

Of each article: an exact copy, one with every fourth word exchanged for one as common, its first three quarters, and a
post that quotes 60 words. Between them stand texts that share their words and names and nothing else. The entries are
those that dedup_quality.py describes.
"""

from __future__ import annotations

from typing import Any

from benchmarks.growth import distractor, load, variants

# Numbers of texts in the same words.
STRANGERS = range(1000, 1150)
QUOTING = 2000
QUOTED_WORDS = 60  # a quarter to half of an article of the demo


def made_copies() -> list[dict[str, Any]]:
    """The set, the same at every call: about 200 texts."""
    planted = load(None)
    entries = [entry(f"original-{number}", "original", number, text) for number, text in enumerate(planted)]
    entries += [entry(f"exact-{number}", "exact", number, text) for number, text in enumerate(planted)]
    spun = (text for kind, _, text in variants(planted) if kind == "spun")
    entries += [entry(f"spun-{number}", "spun", number, text) for number, text in enumerate(spun)]
    for number, text in enumerate(planted):
        own, words = distractor(planted, QUOTING + number).split(), text.split()
        entries.append(entry(f"cut-{number}", "cut", number, " ".join(words[: len(words) * 3 // 4])))
        made = entry(f"quoted-{number}", "quoted", number, " ".join(own[:90] + words[20:][:QUOTED_WORDS] + own[90:180]))
        entries.append(made | {"cluster": made["id"], "quotes": made["cluster"]})
    for number in STRANGERS:
        name = f"stranger-{number}"
        entries.append({"id": name, "kind": "original", "cluster": name, "text": distractor(planted, number)})
    return entries


def entry(name: str, kind: str, number: int, text: str) -> dict[str, Any]:
    """An entry of the cluster of an article."""
    return {"id": name, "kind": kind, "cluster": f"c{number}", "text": text}
