"""The documents say what the program does: commands, settings, names and examples. A failure says how to mend it."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from support.command import NEWSMILL, counts, environment, newsmill

from flows import orders, stages
from flows.cli.app import app
from flows.settings import Settings, load_settings
from ingest.clean.rules import RULES
from ingest.dedup.compare import LINKED
from ingest.extract import surroundings
from ingest.extract.page import PREVIEW_WORDS
from ingest.fetch.policy import FetchPolicy
from ingest.language import LANGUAGES
from ingest.model import Relation, Role
from ingest.outcome import Outcome, Reason
from ingest.pipeline import SHORT_WORDS
from ingest.sources import Source, load_sources
from ingest.translate.faults import Fault
from ingest.urls import canonicalize
from storage import seeds
from storage.site_lines import RESIDUE_PAGES
from storage.tables import metadata

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
NAMES = [str(path.relative_to(ROOT)) for path in DOCUMENTS]
MODEL = ROOT / "flows" / "demo" / "model" / "translate-sv_en-0_1.argosmodel"

_FENCE = re.compile(
    r"(?:^<!-- (?P<mark>run(?:: slow)?) -->\n)?^(?P<indent> *)```(?P<kind>\w+)\n(?P<body>.*?)^ *```$",
    re.MULTILINE | re.DOTALL,
)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(?P<title>.+)$", re.MULTILINE)
_SNAKE = re.compile(r"[a-z]+(?:_[a-z]+)+")
# What differs from run to run: ids of runs, seconds, the first digits of ids that hang on the demo's ports.
_VARYING = (
    (re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}"), "RUN"),
    (re.compile(r"\b\d+(?:\.\d+)? s\b"), "SECONDS"),
    (re.compile(r"\b[0-9a-f]{12}\b"), "ID"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A fenced block: its language, its lines and its mark ("run", "run: slow" or none)."""

    document: str
    kind: str
    lines: tuple[str, ...]
    mark: str | None


def text_of(name: str) -> str:
    """A document's text."""
    return (ROOT / name).read_text(encoding="utf-8")


def rows(name: str, start: str = "", end: str = "\0") -> set[str]:
    """What stands in backquotes in the first column of a document's tables, between two headings if they are given."""
    section = text_of(name).partition(start)[2] if start else text_of(name)
    return set(re.findall(r"^\| `([\w.\[\]]+)` \|", section.partition(end)[0], re.MULTILINE))


def blocks(name: str) -> Iterator[Block]:
    """The fenced blocks of a document."""
    for match in _FENCE.finditer(text_of(name)):
        indent = len(match["indent"])
        lines = tuple(line[indent:] for line in match["body"].splitlines())
        yield Block(document=name, kind=match["kind"], lines=lines, mark=match["mark"])


def shell_lines(block: Block) -> list[str]:
    """What a reader would type: all lines of ```sh, those after "$ " of ```console."""
    if block.kind == "sh":
        return list(block.lines)
    return [line.removeprefix("$ ") for line in block.lines if line.startswith("$ ")] if block.kind == "console" else []


def newsmill_calls(line: str) -> Iterator[list[str]]:
    """The arguments of every call of newsmill in a line of shell."""
    words = shlex.shlex(line, posix=True, punctuation_chars=True)
    words.whitespace_split = True
    calls: list[list[str]] = [[]]
    for word in words:
        if set(word) <= set("|&;()"):
            calls.append([])
        else:
            calls[-1].append(word)
    for call in calls:
        while call and re.match(r"[A-Z_]+=", call[0]):
            del call[0]
        if call and Path(call[0]).name == "newsmill":
            redirected = next((at for at, word in enumerate(call) if set(word) <= set("<>")), len(call))
            yield call[1:redirected]


CALLS = [
    (name, line, call)
    for name in NAMES
    for block in blocks(name)
    for line in shell_lines(block)
    for call in newsmill_calls(line)
]


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The names of all commands, as they are typed after "newsmill"."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("command", [" ".join(command) for command in commands(typer.main.get_command(app))])
def test_every_command_is_documented(command: str) -> None:
    """Each command is named in the README or in docs/."""
    assert any(re.search(rf"\b{command}\b", text_of(name)) for name in NAMES if name != "CHANGELOG.md"), (
        f"no document names `newsmill {command}`: add it to the table of commands in docs/operate.md"
    )


def test_the_documents_show_commands() -> None:
    """The check of command lines sees the lines there are."""
    assert len(CALLS) > 20
    assert list(newsmill_calls("A=b .venv/bin/newsmill run urls - --json < x.txt | head && newsmill stats # all")) == [
        ["run", "urls", "-", "--json"],
        ["stats"],
    ]


@pytest.mark.parametrize(("name", "line", "call"), CALLS, ids=[f"{name}: {line}" for name, line, _ in CALLS])
def test_every_command_line_parses(name: str, line: str, call: list[str]) -> None:
    """Each command line in a document is one that newsmill accepts."""
    command: Any = typer.main.get_command(app)
    rest = list(call)
    while hasattr(command, "commands") and rest and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    try:
        command.make_context("newsmill", rest)
    except typer.Exit:  # --help
        return
    except Exception as error:  # noqa: BLE001 - Typer keeps click's exceptions to itself
        pytest.fail(f"{name}: `{line}` is refused ({error}): mend the line, or the command")


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        pytest.param(name, mark, marks=[pytest.mark.slow] if mark.endswith("slow") else [], id=f"{name} ({mark})")
        for name in NAMES
        for mark in ("run", "run: slow")
        if any(block.mark == mark for block in blocks(name))
    ],
)
def test_marked_examples_give_what_they_show(name: str, mark: str, tmp_path: Path) -> None:
    """The blocks of a document after <!-- run -->, in order in an empty folder, print every line they show.

    `cat FILE` makes the file from what stands below it, `export` sets a variable, `...` stands for lines left out.
    """
    shutil.copy(MODEL, tmp_path)
    env = environment(tmp_path, PATH=f"{Path(NEWSMILL).parent}{os.pathsep}{os.environ['PATH']}")
    for command, shown in _steps(block for block in blocks(name) if block.mark == mark):
        if command.startswith("cat "):
            file = tmp_path / command.removeprefix("cat ")
            file.parent.mkdir(exist_ok=True)
            file.write_text("\n".join(shown) + "\n", encoding="utf-8")
            continue
        if command.startswith("export "):
            variable, _, value = command.removeprefix("export ").partition("=")
            env[variable] = value
            continue
        done = subprocess.run(
            shlex.split(command), cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300, check=False
        )
        printed = {_steady(line) for line in (done.stdout + done.stderr).splitlines()}
        missing = [line for line in shown if line.strip() != "..." and _steady(line) not in printed]
        assert missing == [], (
            f"{name}: `{command}` (status {done.returncode}) no longer prints these lines; copy what it prints:\n"
            + done.stdout
            + done.stderr
        )


def _steps(marked: Iterator[Block]) -> Iterator[tuple[str, list[str]]]:
    for block in marked:
        starts = [at for at, line in enumerate(block.lines) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
            yield block.lines[start].removeprefix("$ "), list(block.lines[start + 1 : end])


def _steady(line: str) -> str:
    line = line.rstrip()
    for pattern, word in _VARYING:
        line = pattern.sub(word, line)
    return line


def settings() -> Iterator[tuple[str, str, Any]]:
    """(section, key, default) of every setting."""
    for section, field in Settings.model_fields.items():
        for key in type(field.default).model_fields:
            yield section, key, getattr(field.default, key)


@pytest.mark.parametrize(("section", "key", "default"), list(settings()))
def test_every_setting_is_documented(section: str, key: str, default: object) -> None:
    """docs/operate.md has a row for each setting, with its default and its name in the environment."""
    value = "none" if default in (None, ()) else f"`{default}`"
    variable = f"NEWSMILL_{section}__{key}".upper()
    row = next((row for row in text_of("docs/operate.md").splitlines() if row.startswith(f"| `{section}.{key}` |")), "")
    assert row.startswith(f"| `{section}.{key}` | {value} |"), (
        f"docs/operate.md: the table of settings needs a row | `{section}.{key}` | {value} | meaning | `{variable}` |"
    )
    assert row.endswith(f"| `{variable}` |"), f"docs/operate.md: the row of {section}.{key} must end with `{variable}`"


def test_no_setting_is_documented_that_is_gone() -> None:
    """Every row of the table of settings is one of a setting."""
    known = {f"{section}.{key}" for section, key, _ in settings()}
    named = rows("docs/operate.md", "\n## Settings", "\n## Commands")
    assert known == named, "docs/operate.md: remove the rows of settings that no longer exist"


def test_settings_toml_shows_every_setting(tmp_path: Path) -> None:
    """config/settings.toml has a line for each setting, commented out, and all of them together can be loaded."""
    text = text_of("config/settings.toml")
    assert tomllib.loads(text) == {section: {} for section in Settings.model_fields}, "comment every key out"
    (tmp_path / "settings.toml").write_text(
        re.sub(r"^# (?=[a-z_]+ = )", "", text, flags=re.MULTILINE), encoding="utf-8"
    )
    shown = tomllib.loads((tmp_path / "settings.toml").read_text(encoding="utf-8"))
    for section, key, default in settings():
        assert key in shown[section], f"config/settings.toml: add `# {key} = ...` to [{section}], with a comment"
        if default is not None:
            shown_value = tuple(shown[section][key]) if isinstance(default, tuple) else shown[section][key]
            assert default == shown_value, f"config/settings.toml: {section}.{key} must show its default"
    load_settings(tmp_path)


@pytest.mark.parametrize("kind", [Reason, Relation, Role, Outcome])
def test_every_name_of_the_record_is_documented(kind: type[StrEnum]) -> None:
    """docs/record.md has a row for each reason, relation, role and outcome."""
    missing = [str(one) for one in kind if one not in rows("docs/record.md")]
    assert missing == [], (
        f"docs/record.md: add a row to the table of {kind.__name__.lower()}s for: {', '.join(missing)}"
    )


@pytest.mark.parametrize("reason", list(Reason))
def test_a_reason_is_documented_with_its_outcome(reason: Reason) -> None:
    """The row of each reason says whether such a seed failed or was rejected."""
    table = text_of("docs/record.md").partition("\n## Reasons")[2]
    (row,) = re.findall(rf"^\| `{reason}` \| ([^|]+) \|", table, re.MULTILINE)
    wanted = {"failed"} if reason.transient else {"rejected", "(a feed)"}
    assert row in wanted, f"docs/record.md: the outcome of `{reason}` is {' or '.join(wanted)}"


# Where the code of a residue is no constant at its place: who says which ones there are.
_COMPUTED_CODES = {
    "ingest/clean/draft.py": frozenset[str](),  # passes on what `mark` is called with, which is looked at there
    "ingest/clean/rule.py": frozenset(rule.code for rule in RULES),
    "ingest/extract/surroundings.py": frozenset(surroundings._NAMED),
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
                    "say in _COMPUTED_CODES of this test which ones it can be"
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
    trees |= {name: ast.parse(text_of(name)) for name in (*_FLAG_MODULES, "flows/translate.py")}
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
    """Where flags are put together: `flags = x`, `f(flags=x)`, `flags.append(x)`, `_with_flag(x)`, `set_flag(x)`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword | ast.Assign):
            targets = node.targets if isinstance(node, ast.Assign) else []
            names = {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
            if "flags" in names or (isinstance(node, ast.keyword) and node.arg == "flags"):
                yield node.value
        elif isinstance(node, ast.Call):
            of_flags = isinstance(node.func, ast.Attribute) and name_of(node.func.value) == "flags"
            if of_flags or name_of(node.func) in ("_with_flag", "set_flag"):
                yield node


@pytest.mark.parametrize("code", sorted(codes_of_residue()))
def test_every_code_of_residue_is_documented(code: str) -> None:
    """docs/record.md has a row for each code under which something is taken out of a text."""
    assert code in rows("docs/record.md", "\n## Residue", "\n## Outcomes"), (
        f"docs/record.md, Residue: add a row | `{code}` | what it takes out | where that goes |"
    )


def test_no_code_of_residue_is_documented_that_is_gone() -> None:
    """Every row of the table of residue is one of a code."""
    gone = rows("docs/record.md", "\n## Residue", "\n## Outcomes") - codes_of_residue()
    assert gone == set(), f"docs/record.md, Residue: remove the rows of {', '.join(sorted(gone))}"


@pytest.mark.parametrize("flag", sorted(flags_of_records()))
def test_every_flag_is_documented(flag: str) -> None:
    """docs/record.md has a row for each flag that a record can get."""
    assert flag in rows("docs/record.md", "\n## Flags", "\n## Residue"), (
        f"docs/record.md, Flags: add a row | `{flag}` | meaning |"
    )


def test_no_flag_is_documented_that_is_gone() -> None:
    """Every row of the table of flags is one of a flag."""
    gone = rows("docs/record.md", "\n## Flags", "\n## Residue") - flags_of_records()
    assert gone == set(), f"docs/record.md, Flags: remove the rows of {', '.join(sorted(gone))}"


def test_codes_and_flags_are_found_in_the_code() -> None:
    """The two checks above see what there is: one of each way in which a code or a flag is written."""
    assert {"ad_marker", "site_memory", "navigation", "link_farm", "aside", "related"} <= codes_of_residue()
    assert {
        "short_text", "published_in_future", "canonical_home", "not_free", "zone_inferred", "clean_guard",
        "unstable_names",
    } <= flags_of_records()  # fmt: skip


def fields(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """The paths of all fields of a JSON Schema: "translation.status", "links[].spans"."""
    for name, field in schema.get("properties", {}).items():
        yield path + name
        yield from fields(field, f"{path}{name}.")
        yield from fields(field.get("items", {}), f"{path}{name}[].")


def test_every_field_is_documented() -> None:
    """docs/record.md has a row for each field of the JSON Schema, and for no other."""
    schema = json.loads(text_of("docs/record.schema.json"))
    assert set(fields(schema)) == rows("docs/record.md", end="\n## Roles"), (
        "docs/record.md: add a row for each field of record.schema.json, remove those of fields that are gone"
    )


@pytest.mark.parametrize("fault", list(Fault))
def test_every_fault_of_a_translation_is_documented(fault: Fault) -> None:
    """docs/models.md has a row for each reason for which a sentence stays in its language."""
    assert str(fault) in rows("docs/models.md"), f"docs/models.md: add a row | `{fault}` | what the translation is |"


def test_a_database_is_moved_by_the_script_that_is_shown(tmp_path: Path) -> None:
    """The script of docs/operate.md copies every row into another database, which newsmill then goes on with."""
    (script,) = [block for block in blocks("docs/operate.md") if block.lines[0] == "# move.py"]
    (tmp_path / "move.py").write_text("\n".join(script.lines), encoding="utf-8")
    (tmp_path / "lamp.txt").write_text(
        "The lamp of Gannet Point is lit again\n\nThe keeper, Una Marsh, climbed 141 steps on Friday with one bulb.\n",
        encoding="utf-8",
    )
    old, new = "sqlite:///old.db", "sqlite:///new.db"
    assert newsmill("run", "files", "lamp.txt", "--db", old, home=tmp_path).returncode == 0
    moved = subprocess.run(
        [sys.executable, "move.py", old, new], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert moved.returncode == 0, moved.stderr
    again = newsmill("run", "files", "lamp.txt", "--db", new, "--json", home=tmp_path)
    assert counts(again)["unchanged"] == 1


def test_every_table_is_documented() -> None:
    """docs/operate.md has a row for each table of the database, and one for the view."""
    named = rows("docs/operate.md", "\n## Database", "\n## Archive")
    assert {*metadata.tables, "records"} == named, "docs/operate.md: bring the table of tables up to date"


def test_every_field_of_a_source_is_documented() -> None:
    """docs/add-a-source.md has a row for each field of a source."""
    named = rows("docs/add-a-source.md")
    assert set(Source.model_fields) == named, "docs/add-a-source.md: bring the table of fields up to date"


def test_the_starter_sources_load() -> None:
    """config/sources.toml can be used: https feeds, each once, in the languages that the README names."""
    sources = load_sources(ROOT / "config" / "sources.toml")
    feeds = [feed for source in sources for feed in source.feeds]
    assert {"ar", "de", "en", "ru", "sv"} == {source.language for source in sources}
    assert len(set(feeds)) == len(feeds)
    assert [feed for feed in feeds if not canonicalize(feed).startswith("https://")] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    """Links between documents lead to files and headings that exist."""
    for target in _LINK.findall(_FENCE.sub("", text_of(name))):
        if "://" in target:
            continue
        file, _, anchor = target.partition("#")
        path = (ROOT / name).parent / file if file else ROOT / name
        assert path.exists(), f"{name}: the link {target} leads to no file: mend it, or write the file"
        if anchor:
            anchors = {_slug(title) for title in _HEADING.findall(path.read_text(encoding="utf-8"))}
            assert anchor in anchors, f"{name}: the link {target} leads to no heading; there are: {sorted(anchors)}"


def _slug(title: str) -> str:
    """A heading's anchor, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


@pytest.mark.parametrize("name", NAMES)
def test_every_module_that_is_named_exists(name: str) -> None:
    """A file of ours that a document names is there."""
    ours = {
        path.name
        for top in ("flows", "ingest", "storage", "tests", "benchmarks")
        for path in (ROOT / top).rglob("*.py")
    }
    named = set(re.findall(r"(\w+\.py)\b", text_of(name))) - {"move.py", "serve_news.py"}
    assert named <= ours, f"{name}: there is no {', '.join(sorted(named - ours))}"


def test_numbers_in_the_documents_are_those_of_the_code() -> None:
    """What the pages say in figures is what the constants are."""
    policy = FetchPolicy()
    assert (policy.robots_ttl_s, policy.crawl_delay_cap_s, policy.retry_after_cap_s, policy.max_redirects) == (
        86_400, 120, 60, 5
    ), "docs/operate.md, Politeness: bring the figures up to date, and then this test"  # fmt: skip
    assert (policy.max_ratio, RESIDUE_PAGES, orders._NEWS.days, orders._RETRIED_FOR.days, seeds._BELIEVED.days) == (
        100, 3, 3, 3, 7
    ), "docs/operate.md and docs/record.md: bring the figures up to date, and then this test"  # fmt: skip
    said = {
        "README.md": [f"{len(LANGUAGES)} are told apart", f"{len(LANGUAGES)} languages", f"under {SHORT_WORDS} words"],
        "docs/record.md": [
            f"one of {len(LANGUAGES)}", f"Fewer than {SHORT_WORDS} words", f"fewer than {PREVIEW_WORDS} words",
            f"shows {PREVIEW_WORDS} words or more", f"{LINKED} to 1", "a hundred times", "three pages of the site",
            "tries it again for three days",
        ],
        "docs/operate.md": [
            "believed for a day", "up to two minutes", "up to a minute", "followed five times",
            "a hundred times its size", "within the last three days", "in a run of the last three days", "after a week",
            f"every {stages._SYNC_EVERY} pages",
        ],
    }  # fmt: skip
    for name, phrases in said.items():
        for phrase in phrases:
            assert phrase in " ".join(text_of(name).split()), (
                f"{name}: it should say {phrase!r}, which is what the code does"
            )
