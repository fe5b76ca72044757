"""Records to disk and back: tables, archive, export."""
