"""Imported by the fork server alone: loads code and tables once, which all workers then share copy-on-write."""

from ingest.pipeline import make_record, process_page

__all__ = ["make_record", "process_page"]
