"""Groups of commands: in the order of their table, also by the singular or plural of their names."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

ORDER = (
    "read",
    "demo",
    "run",
    "retry",
    "reprocess",
    "serve",
    "work",
    "sources",
    "sites",
    "models",
    "stats",
    "show",
    "history",
    "duplicates",
    "search",
    "browse",
    "mcp",
    "export",
)
"""The commands as --help lists them; Typer would list the groups, `run` among them, last."""

# What people type for a command that has another name.
_ALSO = {"copies": "duplicates", "find": "search", "ls": "list", "rm": "remove", "status": "stats", "ui": "browse"}


class Group(TyperGroup):
    """Finds `url` for `urls`, `stat` for `stats`, `ls` for `list`."""

    def list_commands(self, ctx: object) -> list[str]:
        """The names of all, in order."""
        return sorted(self.commands, key=lambda name: ORDER.index(name) if name in ORDER else -1)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - Typer keeps click's types to itself
        """The command of this name, or of one that means it."""
        names = (cmd_name, f"{cmd_name}s", cmd_name.removesuffix("s"), _ALSO.get(cmd_name, cmd_name))
        return next((self.commands[name] for name in names if name in self.commands), None)
