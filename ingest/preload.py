"""Imported by the fork server alone: loads code and tables once, which all workers then share copy-on-write."""

from ingest.dedup.fingerprint import fingerprint
from ingest.language import detect_paragraphs
from ingest.pipeline import process_page

detect_paragraphs(
    ["The tables of all languages are read at the first question.", "Ἀρχή", "序", "Xa beqe ruzi mo tal vesu."]
)
fingerprint("The frequencies of the commonest language of the web.", "en")

__all__ = ["process_page"]
