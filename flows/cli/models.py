"""`newsmill models`: the Argos packages that translate."""

from __future__ import annotations

import typer

app = typer.Typer(help="Translation packages: what is installed, and installing more.", no_args_is_help=True)


@app.command("list")
def list_models() -> None:
    """X."""


@app.command("remove")
def remove() -> None:
    """X."""
