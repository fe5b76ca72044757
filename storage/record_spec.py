"""How a field of the record is specified, and how a specification is read: `storage.record_types` is written in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

_LINK = re.compile(r"\[([^]]+)\]\([^)]*\)")
"""A link in Markdown: its words."""


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """What a string, a number or a list is, more exactly than its type says.

    `name` and `many` are how docs/record.md calls one and several. `schema` is how JSON Schema checks one; `shared` is
    its name in the schema's ``$defs``, if it has one.
    """

    name: str
    schema: Mapping[str, Any]
    many: str = ""
    shared: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """A column of the CSV.

    `holds` is what docs/export.md says of it where that is more than the name of the field; `read` makes the cell from
    the field's value (by default the value, a list of strings joined).
    """

    name: str
    holds: str = ""
    read: Callable[[Any], object] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """What a field means, in Markdown, as docs/record.md prints it; its columns in the CSV, if it has any.

    `schema` is what JSON Schema checks besides the type.
    """

    meaning: str
    csv: tuple[Column, ...] = ()
    schema: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """A field read from the types: `type` is without ``None``, `kind` what it says more exactly, if it does."""

    name: str
    type: Any
    kind: Kind | None
    nullable: bool
    field: Field


def fields_of(shape: type) -> Iterator[Spec]:
    """The fields of a TypedDict, in order.

    Raises:
        TypeError: one is not described.
    """
    for name, hint in get_type_hints(shape, include_extras=True).items():
        inner, kind, told = exactly(hint)
        if told is None:
            raise TypeError(f"{shape.__name__}.{name}: say what it means: Annotated[..., Field(...)]")
        if optional := get_origin(inner) in (Union, UnionType):
            inner, kind, _ = exactly(_without_none(inner))
        yield Spec(name=name, type=inner, kind=kind, nullable=optional, field=told)


def exactly(hint: Any) -> tuple[Any, Kind | None, Field | None]:  # noqa: ANN401 - any type
    """A type alone, what it says more exactly, and what the field means that has it."""
    if get_origin(hint) is not Annotated:
        return hint, None, None
    inner, *told = get_args(hint)
    kinds = [one for one in told if isinstance(one, Kind)]
    fields = [one for one in told if isinstance(one, Field)]
    return inner, next(iter(kinds), None), next(iter(fields), None)


def _without_none(hint: Any) -> Any:  # noqa: ANN401
    (inner,) = (one for one in get_args(hint) if one is not NoneType)
    return inner


def json_schema(shape: type, *, address: str, title: str, description: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a TypedDict whose fields are described."""
    shared: dict[str, Any] = {}
    whole = _object(shape, shared)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": address, "title": title}
    return {**head, "description": description, **whole, "$defs": dict(sorted(shared.items()))}


def _object(shape: type, shared: dict[str, Any]) -> dict[str, Any]:
    specs = list(fields_of(shape))
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [one.name for one in specs],
        "properties": {one.name: _property(one, shared) for one in specs},
    }


def _property(spec: Spec, shared: dict[str, Any]) -> dict[str, Any]:
    found = {**_checked(spec.type, spec.kind, shared), **spec.field.schema}
    if spec.nullable:
        found = _or_null(found)
    return {"description": _words(spec.field.meaning), **found}


def _or_null(found: dict[str, Any]) -> dict[str, Any]:
    if "enum" in found:
        return {**found, "enum": [*found["enum"], None]}
    if "type" in found:
        return {**found, "type": [found["type"], "null"]}
    return {"anyOf": [found, {"type": "null"}]}


def _checked(inner: Any, kind: Kind | None, shared: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401
    if kind:
        return _exact(kind, shared)
    if is_typeddict(inner):
        return _object(inner, shared)
    parts = get_args(inner)
    if get_origin(inner) is Literal:
        return {"const": parts[0]} if len(parts) == 1 else {"enum": list(parts)}
    if get_origin(inner) in (list, dict):
        *names, value = (_checked(*exactly(one)[:2], shared) for one in parts)
        return _named(names[0], value) if names else {"type": "array", "items": value}
    return {"type": {str: "string", int: "integer", float: "number", bool: "boolean"}[inner]}


def _exact(kind: Kind, shared: dict[str, Any]) -> dict[str, Any]:
    if not kind.shared:
        return dict(kind.schema)
    shared[kind.shared] = dict(kind.schema)
    return {"$ref": f"#/$defs/{kind.shared}"}


def _named(name: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    names = {} if name == {"type": "string"} else {"propertyNames": name}
    return {"type": "object", **names, "additionalProperties": value}


def _words(markdown: str) -> str:
    """A meaning without what makes Markdown of it."""
    return _LINK.sub(r"\1", markdown).replace("`", "").removesuffix(":")
