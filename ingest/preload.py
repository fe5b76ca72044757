"""Imported by the fork server alone: loads code and tables once, which all workers then share copy-on-write."""

from ingest.dedup.fingerprint import fingerprint
from ingest.lang.places import is_country
from ingest.language import detect_paragraphs
from ingest.language.witness import testify
from ingest.pipeline import process_page

detect_paragraphs(
    ["The tables of all languages are read at the first question.", "Ἀρχή", "序", "Xa beqe ruzi mo tal vesu."]
)
testify("What only doubtful paragraphs ask for, most pages have one of.")
is_country("Norrby")
fingerprint("The frequencies of the commonest language of the web.", "en")

__all__ = ["process_page"]
