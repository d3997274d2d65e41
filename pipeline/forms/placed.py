"""Where each field stands in a form: which columns a roster has, and the rows set out for persons."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.programme import Field, Kind, Programme
from pipeline.values import column_letters

TITLE, FILER, SIGNED, HEADER, FIRST = 1, 2, 3, 4, 5  # Excel rows


@dataclass(frozen=True)
class Roster:
    """One roster sheet of a form: its columns in order, and its rows from FIRST to `last`."""

    kind: Kind
    fields: tuple[Field, ...]
    rows: int
    helper: str  # the hidden sheet that works out what is wrong, row beside row

    @property
    def last(self) -> int:
        """The last row set out for a person."""
        return FIRST + self.rows - 1

    def letters(self, field: str) -> str:
        """The column of a field."""
        return column_letters(1 + [f.name for f in self.fields].index(field))

    def has(self, field: str) -> bool:
        """Whether the form asks for a field."""
        return any(f.name == field for f in self.fields)

    def playing(self, role: str) -> str:
        """The field that plays a part here, '' where the form has none that does."""
        name = self.kind.role(role)
        return name if self.has(name) else ""

    def label(self, field: str) -> str:
        """What a field is called on the form."""
        return next(f.label for f in self.fields if f.name == field)

    def of_kind(self, field: str, kind: str) -> bool:
        """Whether a field of the form is read in a certain way."""
        return any(f.name == field and f.kind == kind for f in self.fields)

    @property
    def number(self) -> str:
        """The field with the ID number by which a person is counted, '' where there is none."""
        person = self.playing("person")
        return person if self.of_kind(person, "id") else ""

    @property
    def certificate(self) -> str:
        """The field with the certificate number, '' where there is none."""
        certificate = self.playing("certificate")
        return certificate if self.of_kind(certificate, "certificate") else ""

    @property
    def telling(self) -> tuple[str, ...]:
        """The fields one of which is filled where somebody stands in the row."""
        parts = tuple(filter(None, map(self.playing, ("name", "person", "certificate"))))
        required = tuple(f.name for f in self.fields if f.required)
        return tuple(dict.fromkeys(parts)) or required or (self.fields[0].name,)

    def cell(self, field: str, row: int = FIRST) -> str:
        """A field's cell as a formula on another sheet names it; the row moves, the column stays."""
        return f"'{self.kind.label}'!${self.letters(field)}{row}"


def rosters_of(programme: Programme, rows: int) -> tuple[Roster, ...]:
    """One roster a kind, with the fields that a form asks for."""
    return tuple(
        Roster(
            kind,
            tuple(f for f in programme.fields_of(kind.name) if f.form and not f.fills),
            rows,
            f"_{n}",
        )
        for n, kind in enumerate(programme.kinds, 1)
    )
