"""A roster as filed -> its rows as typed, column by column: what checks and tables are made of."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.checks import YOUNGEST, part_of_each
from pipeline.model.as_filed import Table
from pipeline.numbers import compact_no
from pipeline.programme import Derivation, Kind, Programme, derivation_order
from pipeline.validate.columns import Column, blank_column, numbers_column, read_column
from pipeline.validate.numbers import filled_down, read_numbers
from pipeline.validate.readers import UNREADABLE
from pipeline.values import month_end

Texts = npt.NDArray[Any]
Holds = npt.NDArray[np.bool_]
_DAYS = ("birth", "day")
_DIGITS = [list("02468"), list("13579")]


class TypedRows:
    """The rows of one roster. Every field that its kind of roster may have is a column.

    A row is counted from 0; `table.rows` are the Excel rows.
    """

    def __init__(self, table: Table, period: str, programme: Programme) -> None:
        self.table, self.period, self.programme = table, period, programme
        self.size = len(table.rows)
        self.kind: Kind = programme.kind[table.kind]
        self.period_end = month_end(period).isoformat()
        self.columns: dict[str, Column] = self._as_filed()
        self._add_numbers_derived()
        self._refuse_starts_of_children()

    def _as_filed(self) -> dict[str, Column]:
        """Every field's column: the sheet's own, or what another column fills."""
        table = self.table
        fields = self.programme.fields_of(self.kind.name)
        columns = dict.fromkeys((f.name for f in fields), blank_column(self.size))
        for field in fields:
            if field.name not in table.letters:
                continue
            filled = [name for name in field.fills if name not in table.letters]
            for target in filled or ([] if field.fills else [field.name]):
                columns[target] = read_column(
                    field,
                    target,
                    table.texts[field.name],
                    table.types[field.name],
                    table.letters[field.name],
                    self.programme,
                    self.period,
                )
        return columns

    def _add_numbers_derived(self) -> None:
        """ID numbers of a roster without such a column, from what they are derived from: judged as
        numbers are."""
        for name, column in self.columns.items():
            field = self.programme.field[name]
            if field.kind == "id" and field.derive and not column.letters:
                source = self.columns[field.derive.source].values
                texts = part_of_each(source, field.derive.start, field.derive.stop).tolist()
                numbers = read_numbers(texts, ["s"] * self.size)
                self.columns[name] = numbers_column(numbers, [""] * self.size)

    def _refuse_starts_of_children(self) -> None:
        """A start before she was ten is no date."""
        start = self.columns.get(self.kind.start)
        if start is None or not self.kind.role("person"):
            return
        young = self.ages(self.kind.role("person")) < YOUNGEST
        if young.any():
            values, faults, lasts = (
                part.copy() for part in (start.values, start.faults, start.lasts)
            )
            values[young], lasts[young] = UNREADABLE.value, UNREADABLE.last
            faults[young] = UNREADABLE.fault
            self.columns[self.kind.start] = replace(
                start, values=values, faults=faults, lasts=lasts
            )

    def derive(self) -> None:
        """What is filed and sound tells the rest: numbers filled down tell nothing, and a field
        without a column says what it is derived from."""
        for name, column in list(self.columns.items()):
            if self.programme.field[name].kind == "id" and (down := self.filled_down(name)).any():
                self.columns[name] = replace(column, values=np.where(down, "", column.values))
        derivations = {f.name: f.derive for f in self.programme.fields if f.derive}
        for name in derivation_order(derivations):
            if name not in self.columns or self.programme.field[name].kind == "id":
                continue
            column, derived = self.columns[name], self.derived(name, derivations[name].source)
            if derivations[name].by_parity:
                derived = np.where(column.values == "", derived, column.values)
            elif column.letters:
                continue
            days = self.programme.field[name].kind in _DAYS
            self.columns[name] = replace(
                column, values=derived, lasts=derived if days else column.lasts
            )

    # what checks ask

    def values(self, field: str) -> Texts:
        """What the cells say."""
        return self.columns[field].values

    def lasts(self, field: str) -> Texts:
        """The last day meant."""
        return self.columns[field].lasts

    def faults(self, field: str) -> Texts:
        """What reading found wrong."""
        return self.columns[field].faults

    def texts(self, field: str) -> Texts:
        """The cells as filed."""
        return np.array(self.columns[field].texts, dtype=object)

    def held(self, field: str) -> Holds:
        """Whether the sheet has such a column."""
        return np.full(self.size, bool(self.columns[field].letters))

    def filled_down(self, field: str) -> Holds:
        """Whether the number is one of three or more that rise by 1 from row to row."""
        if field not in self._filled_down:
            self._filled_down[field] = filled_down(self.columns[field].texts)
        return self._filled_down[field]

    @cached_property
    def _filled_down(self) -> dict[str, Holds]:
        return {}

    def births(self, field: str) -> Texts:
        """The birth date in a sound ID number."""
        values = self.values(field)
        parts = [part_of_each(values, *place) for place in ((6, 10), (10, 12), (12, 14))]
        return np.where(values == "", "", _joined(parts))

    def ages(self, field: str) -> npt.NDArray[np.float64]:
        """Years completed when the activity began; NaN where it or the birth is not known."""
        ages = np.full(self.size, np.nan)
        start = self.columns.get(self.kind.start)
        if start is None or field not in self.columns or self.programme.field[field].kind != "id":
            return ages
        known = (self.values(field) != "") & (start.values != "")
        born, begun = self.births(field)[known].astype("U10"), start.values[known].astype("U10")
        years = part_of_each(begun, 0, 4).astype(int) - part_of_each(born, 0, 4).astype(int)
        ages[known] = years - (part_of_each(begun, 5) < part_of_each(born, 5))
        return ages

    def derived(self, field: str, other: str) -> Texts:
        """What another field's value tells of this one; days in ISO."""
        derivation = self.programme.field[field].derive
        if derivation is None or derivation.source != other or other not in self.columns:
            return np.zeros(self.size, "U1")
        values = applied(derivation, self.values(other))
        if self.programme.field[field].kind in _DAYS:
            parts = [part_of_each(values, *place) for place in ((0, 4), (4, 6), (6, 8))]
            values = np.where(values == "", "", _joined(parts))
        return values

    def years(self) -> Texts:
        """The year of the return."""
        return np.full(self.size, self.period[:4])

    def period_ends(self) -> Texts:
        """The last day of the return's period."""
        return np.full(self.size, self.period_end)

    def sharing(self, field: str) -> npt.NDArray[np.int64]:
        """How many persons of the same unit say the same here."""
        return persons_sharing(zip(self.table.units, self.values(field), strict=True), self.persons)

    @property
    def persons(self) -> Texts:
        """Who each filed row is, sound or not: her number, else her certificate, else nothing."""
        number = self._role("person")
        certificate = self.columns.get(self.kind.role("certificate"))
        found = number.values.astype(object) if number else np.full(self.size, "", object)
        if certificate is None:
            return found
        for at in np.flatnonzero(found == "").tolist():
            found[at] = compact_no(certificate.texts[at])[:18]
        return found

    def _role(self, role: str) -> Column | None:
        return self.columns.get(self.kind.role(role))


def _joined(parts: list[Texts]) -> Texts:
    year, month, day = (np.asarray(part, dtype="U4") for part in parts)
    return np.strings.add(
        np.strings.add(np.strings.add(np.strings.add(year, "-"), month), "-"), day
    )


def applied(derivation: Derivation, values: Texts) -> Texts:
    """What a derivation tells of every value: `Derivation.apply` on a whole column."""
    if values.dtype.kind != "U":
        return np.array([derivation.apply(value) for value in values.tolist()] or [""])[
            : len(values)
        ]
    parts = part_of_each(values, derivation.start, derivation.stop)
    if derivation.stop is not None:
        parts = np.where(np.strings.str_len(parts) < derivation.stop - derivation.start, "", parts)
    if not derivation.by_parity:
        return parts
    last = np.array([text[-1:] for text in parts.tolist()] or [""])[: len(values)]
    codes = (derivation.even, derivation.odd)
    return np.select([np.isin(last, digits) for digits in _DIGITS], list(codes), "")


def persons_sharing(keys: Iterable[Hashable], persons: Texts) -> npt.NDArray[np.int64]:
    """For every row, how many different persons have the same key."""
    keys = list(keys)
    found: dict[Hashable, set[str]] = {}
    for key, person in zip(keys, persons.tolist(), strict=True):
        found.setdefault(key, set()).add(person)
    return np.fromiter((len(found[key]) for key in keys), np.int64, len(keys))
