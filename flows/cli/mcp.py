"""`newsmill mcp`: let an assistant read the database."""

from __future__ import annotations

from flows.cli.options import Config, Database, Target, Verbose, settings_for


def mcp(config: Config = None, db: Database = None, target: Target = None, verbose: Verbose = False) -> None:
    """Let an assistant search and read (Model Context Protocol).

    Over standard input and output; nothing can be changed. It needs newsmill[mcp], and is started by the assistant's
    program: the command is "newsmill", its argument "mcp".

    Example: newsmill mcp --db sqlite:////srv/news/newsmill.db
    """
    from flows.assistants import serve_assistants
    from storage.store import Store

    settings = settings_for(config, db, verbose, target)
    with Store(settings.storage.url, must_exist=True) as store:
        serve_assistants(store, settings.translate.target)
