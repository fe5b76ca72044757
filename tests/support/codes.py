"""The codes and flags that the code can give a record, read from its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

from support.documents import ROOT, text_of

from ingest.clean.rules import all_rules
from ingest.extract import surroundings

_SNAKE = re.compile(r"[a-z]+(?:_[a-z]+)+")
# Where the code of a residue is no constant at its place: who says which ones there are.
_COMPUTED_CODES = {
    "ingest/clean/draft.py": frozenset[str](),  # passes on what `mark` is called with, which is looked at there
    "ingest/clean/lead.py": frozenset({"byline", "byline_organisation"}),
    "ingest/extract/joined.py": frozenset[str](),  # the rule of a site
    "ingest/clean/rules.py": frozenset(rule.code for rule in all_rules()),
    "ingest/extract/surroundings.py": frozenset(surroundings._NAMED) | {*surroundings._NAMED_BY_TAG.values()},
}
# All words with underscores in these are flags.
_FLAG_MODULES = ("ingest/extract/canonical.py", "ingest/pipeline.py")


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules below these folders, parsed."""
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def constants(node: ast.AST) -> set[str]:
    """The strings in an expression."""
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def name_of(node: ast.expr) -> str:
    """The last part of a dotted name: "mark" of `draft.mark`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@cache
def codes_of_residue() -> frozenset[str]:
    """Under which codes text is taken out: those of `Residue(rule=...)`, `replace(rule=...)` and `mark(place, ...)`."""
    codes: set[str] = set()
    for name, tree in modules("ingest/extract", "ingest/clean", "ingest/attribution"):
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            given = [word.value for word in call.keywords if word.arg == "rule"]
            if name_of(call.func) == "mark":
                given += call.args[1:2]
            elif name_of(call.func) not in ("Residue", "replace"):
                continue
            for code in given:
                found = constants(code) or _COMPUTED_CODES.get(name)
                assert found is not None, (
                    f"{name}, line {code.lineno}: the code of a residue is worked out there; "
                    "say in _COMPUTED_CODES of tests/support/codes.py which ones it can be"
                )
                codes |= found
        if name == "ingest/extract/surroundings.py":
            codes |= _COMPUTED_CODES[name] | {
                code
                for node in ast.walk(tree)
                if isinstance(node, ast.FunctionDef) and node.name in ("_rule_of", "_linked_rule")
                for code in _told(node)
            }
    return frozenset(codes)


def _told(function: ast.FunctionDef) -> set[str]:
    """The codes that a function gives: what it returns, and the values of a table that it looks them up in."""
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            value = node.value.body if isinstance(node.value, ast.IfExp) else node.value
            found |= constants(value) if isinstance(value, ast.Constant) else set()
        elif isinstance(node, ast.Dict):
            found |= {code for value in node.values for code in constants(value)}
    return found


@cache
def flags_of_records() -> frozenset[str]:
    """The flags that a record can get: what is added to flags anywhere, constants that are named so among them."""
    trees = dict(modules("ingest/extract", "ingest/clean", "ingest/attribution"))
    others = ("flows/translate.py", "ingest/parts.py", "ingest/record.py", "ingest/model.py", "storage/views.py")
    trees |= {name: ast.parse(text_of(name)) for name in (*_FLAG_MODULES, *others)}
    named = {
        target.id: node.value.value
        for tree in trees.values()
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }
    flags: set[str] = set()
    for name, tree in trees.items():
        for place in [tree] if name in _FLAG_MODULES else list(_flag_places(tree)):
            flags |= {flag for flag in constants(place) if _SNAKE.fullmatch(flag)}
            flags |= {named[one.id] for one in ast.walk(place) if isinstance(one, ast.Name) and one.id in named}
    return frozenset(flag for flag in flags if _SNAKE.fullmatch(flag))


def _flag_places(tree: ast.Module) -> Iterator[ast.AST]:
    """Where flags are put together: `flags = x`, `f(flags=x)`, `flags.append(x)`, `y.flagged(x)`, `set_flag(x)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword | ast.Assign):
            targets = node.targets if isinstance(node, ast.Assign) else []
            names = {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
            if "flags" in names or (isinstance(node, ast.keyword) and node.arg == "flags"):
                yield node.value
        elif isinstance(node, ast.Call):
            of_flags = isinstance(node.func, ast.Attribute) and name_of(node.func.value) == "flags"
            if of_flags or name_of(node.func) in ("flagged", "set_flag"):
                yield node
