"""Whether a header is a roster's: what a list of persons must say of them."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.ingest.layout.headers import Header
from pipeline.programme import Kind, Programme


def fields_in_roles(roles: Iterable[str], kinds: Iterable[Kind]) -> frozenset[str]:
    """The fields that play one of these parts in one of these kinds of roster."""
    roles = tuple(roles)
    return frozenset(kind.role(r) for kind in kinds for r in roles) - {""}


def looks_like_roster(header: Header, programme: Programme) -> bool:
    """Names or numbers of persons, and beside them a number or one of the programme's own columns.

    A roster whose names cannot be found is still one: it is told what it lacks.
    """
    found = set(header.fields.values())
    numbers = fields_in_roles(("person", "certificate"), programme.kinds)
    if not numbers:
        return any(_all_required(kind, found, programme) for kind in programme.kinds)
    if not found & (numbers | fields_in_roles(("name",), programme.kinds)) or len(found) < 4:
        return False
    own = {f.name for f in programme.fields if f.on}
    return bool(found & numbers or found & own)


def _all_required(kind: Kind, found: set[str], programme: Programme) -> bool:
    """Whether a programme that knows nobody by a number finds the name and all else it asks for."""
    asked = {f.name for f in programme.fields_of(kind.name) if f.required}
    return kind.role("name") in found and asked <= found
