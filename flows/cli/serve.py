"""`newsmill serve`: a Prefect server with its UI, the nightly schedule, and lists of URLs by hand."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Annotated

import typer

from flows.cli.options import Config, Database, Verbose, settings_for

# What the environment may say of real runs and their server: none of it is for the demo.
_OF_REAL_RUNS = (
    "NEWSMILL_FETCH__",
    "NEWSMILL_EXTRACT__",
    "NEWSMILL_TRANSLATE__",
    "NEWSMILL_STORAGE__",
    "NEWSMILL_RUN__",
    "PREFECT_API_URL",
    "PREFECT_HOME",
)


def serve(
    config: Config = None,
    db: Database = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Serve the bundled news site: own database, a first nightly run at once.")
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Serve the nightly run and lists of URLs with Prefect.

    Starts a Prefect server with its UI, unless PREFECT_API_URL names one. Ctrl-C ends it.

    Example: newsmill serve
    """
    import os

    from flows.serve.demo import demo_site
    from flows.serve.keeper import Service
    from flows.serve.keeper import serve as keep
    from flows.settings import home

    with ExitStack() as stack:
        environ = dict(os.environ)
        folder = home() / "data"
        if demo:
            folder /= "serve-demo"
            config = stack.enter_context(demo_site(folder))
            environ = {name: value for name, value in environ.items() if not name.startswith(_OF_REAL_RUNS)}
        settings = settings_for(config, db, verbose)
        if db is not None:
            # By the environment, not as a parameter of the deployments: those are shown, and this may hold a password.
            environ["NEWSMILL_STORAGE__URL"] = db
        service = Service(settings=settings.serve, config=config, home=folder / "prefect", now=demo)
        keep(service, environ, lambda line: typer.echo(line, err=True))
