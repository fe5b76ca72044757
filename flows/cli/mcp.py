"""`newsmill mcp`: let an assistant read the database."""

from __future__ import annotations

from flows.cli.options import Config, Database, Target, Verbose, settings_for


def mcp(config: Config = None, db: Database = None, target: Target = None, verbose: Verbose = False) -> None:
    """Answer an assistant by the Model Context Protocol, over standard input and output.

    Tools to search, read and tell duplicates; nothing can be changed. It needs newsmill[mcp], and is started by the
    assistant's program: the command is "newsmill", its argument "mcp".

    Example: newsmill mcp --db sqlite:////srv/news/newsmill.db
    """
    from flows.assistants import serve_assistants
    from storage.store import Store

    settings = settings_for(config, db, verbose, target)
    with Store(settings.storage.url, must_exist=True) as store:
        serve_assistants(store, settings.translate.target)
