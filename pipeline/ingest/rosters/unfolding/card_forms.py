"""Forms of one person each (登记表), a name before every value: read as a list of one row each.

Only where nothing is left to guess: every form of the sheet has the same names in the same order, and every ID
number of the sheet is the value of one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.ingest.layout import fields_in_roles, is_footer, plain, signs
from pipeline.ingest.recognition import READS
from pipeline.ingest.rosters.unfolding.name_and_value import NOTHING, Lines, Named, says_whose
from pipeline.ingest.rosters.unfolding.unfolded import Entry, Unfolded, numbers_on, unfolded
from pipeline.ingest.rosters.wording import numbers_in
from pipeline.model import Grid
from pipeline.programme import Programme
from pipeline.values import compact

_FIGURES = re.compile(r"\d+")
_MOST_NAMES = 4  # 姓名 in one form: hers, her guardian's, who teaches her


# the cells of some columns, and the lines in which a form may begin
_Part = tuple[Lines, list[int]]


@dataclass
class _Form:
    """What one form says: its values, and, of a table in it (course after course), the values line by line."""

    top: int
    values: list[Named] = field(default_factory=list)
    lines: list[list[Named]] = field(default_factory=list)
    of_relatives: set[str] = field(default_factory=set)  # ID numbers

    @property
    def names(self) -> list[tuple[str, ...]]:
        """What its values are called, in order."""
        of_lines = self.lines[0] if self.lines else []
        return [tuple(map(plain, v.path)) for v in (*self.values, *of_lines)]

    @property
    def persons(self) -> list[list[Named]]:
        """Her values, once for each of her courses."""
        return [[*self.values, *line] for line in self.lines] or [self.values]


def from_cards(grid: Grid, programme: Programme) -> Unfolded | None:
    """The persons of a sheet of such forms; None for any other sheet, and where anything is doubtful."""
    lines = Lines(grid, programme)
    places = list(_starts(lines, programme))
    if not places:
        return None
    columns = sorted({column for _, column in places})
    ways: list[list[_Part]] = [[(lines, sorted({row for row, _ in places}))]]
    if len(columns) > 1:  # forms side by side, or 姓名 of two persons in one
        edges = zip((1, *columns[1:]), (*columns[1:], 0), columns, strict=True)
        ways.insert(
            0,
            [
                (Lines(grid, programme, left, right), sorted(r for r, at in places if at == column))
                for left, right, column in edges
            ],
        )
    return next((flat for way in ways if (flat := _read(grid, way, programme))), None)


def _read(grid: Grid, parts: Sequence[_Part], programme: Programme) -> Unfolded | None:
    """The forms that begin at these lines, or at every second of them, or every third."""
    for wide in range(1, min(max(len(rows) for _, rows in parts), _MOST_NAMES) + 1):
        if any(len(rows) % wide and wide < len(rows) for _, rows in parts):
            continue
        head = _lines_of_head(parts[0][0], parts[0][1][::wide])
        of_parts = [_forms(lines, rows[::wide], head, programme) for lines, rows in parts]
        forms = [form for found in of_parts for form in found]
        alike = all(of_parts) and all(form.names == forms[0].names for form in forms)
        if alike and (len(forms) > 1 or not _names_two(forms[0], parts[0][0], programme)):
            return _as_list(grid, forms, min(form.top for form in forms) - head, programme)
    return None


def _lines_of_head(lines: Lines, starts: Sequence[int]) -> int:
    """How many lines above each form's first are of its own head, and alike but for figures: 登记表, 编号：001."""

    def line(row: int) -> list[str]:
        return [_FIGURES.sub("", cell.text) for _, cell in lines.cells(row)]

    height = 0
    while starts[0] > height + 1 and len(starts) > 1:
        above = [line(start - height - 1) for start in starts]
        if any(other != above[0] for other in above):
            break
        height += 1
    while height and not line(starts[0] - height):
        height -= 1
    return height


def _starts(lines: Lines, programme: Programme) -> Iterator[tuple[int, int]]:
    """Where a name stands behind 姓名, or below it."""
    names = fields_in_roles(("name",), programme.kinds)
    for row in lines.by_row:
        for column, cell in lines.cells(row):
            called = [cell.text, *(name for name, _ in lines.inside(cell.text))]
            if any(lines.fields(text) & names for text in called):
                yield row, column


def _names_two(form: _Form, lines: Lines, programme: Programme) -> bool:
    """Whether what was read as one form has 姓名 twice, and nothing over either: two forms that differ."""
    names = fields_in_roles(("name",), programme.kinds)
    called = [path for path in form.names if lines.fields(path[-1]) & names]
    return len(set(called)) < len(called)


def _forms(lines: Lines, starts: Sequence[int], head: int, programme: Programme) -> list[_Form]:
    """Each form from its first line to the head of the next; nothing where one cannot be read."""
    found = []
    ends = (*(start - head for start in starts[1:]), lines.last + 1)
    for top, after in zip(starts, ends, strict=True):
        form = _form(lines, top, after, programme)
        if form is None:
            return []
        found.append(form)
    return found


def _form(lines: Lines, top: int, after: int, programme: Programme) -> _Form | None:
    form = _Form(top)
    rows = [row for row in range(top, after) if row in lines.by_row]
    ours = [row for row in rows if any(lines.is_ours(c.text) for _, c in lines.cells(row))]
    at = 0
    while at < len(rows):
        row = rows[at]
        cells = lines.cells(row)
        texts = [compact(cell.text) for _, cell in cells]
        names = lines.names_alone(row)
        if names:
            below = _below(lines, rows[at + 1 :], names)
            if _is_of_relatives(names):
                texts_below = (c.text for r in below or () for _, c in lines.cells(r))
                form.of_relatives |= {n for text in texts_below for n in numbers_in(text)}
                at += 1 + len(below or ())
                continue
            if below is None or (form.lines and len(below) > 1):
                return None
            values = [
                [
                    Named(
                        (*lines.group_of(row), name),
                        (row, column),
                        ((line, column), lines.by_row[line].get(column, NOTHING)),
                    )
                    for column, name in names.items()
                ]
                for line in below
            ]
            if len(values) > 1:
                form.lines = values
            else:
                form.values += values[0]
            at += 1 + len(below)
            continue
        at += 1
        known = row in ours
        if not texts or row > ours[-1] or is_footer(texts[0]) or signs(texts):
            continue  # a title, the head of the next form; a number in it is missed by who counts them
        if len(texts) < 2 and not known:
            continue
        found = lines.named(row)
        if found is not None:
            form.values += found
        elif known:
            return None
    return form if form.values and _is_of_one(form, programme) else None


def _below(lines: Lines, rows: Sequence[int], names: Mapping[int, str]) -> list[int] | None:
    """The lines of values below a line of names, at least one; None where there is none."""
    found: list[int] = []
    for row in rows:
        cells = lines.cells(row)
        if any(lines.is_ours(cell.text) for _, cell in cells):
            break
        if not {column for column, _ in cells} <= set(names) or len(cells) < 2:
            break
        found.append(row)
    return found or None


def _is_of_relatives(names: Mapping[int, str]) -> bool:
    """Whether a table in a form lists those who belong to her: 称谓 | 姓名, 姓名 | 与本人关系."""
    return any(map(says_whose, names.values()))


def _is_of_one(form: _Form, programme: Programme) -> bool:
    """Whether a table in the form is of her courses, and not of other persons."""
    if len(form.lines) < 2:
        return True
    return not any(
        numbers_in(v.value[1].text) or READS["name"](v.value[1].text, "s")
        for line in form.lines
        for v in line
    )


def _as_list(grid: Grid, forms: Sequence[_Form], top: int, programme: Programme) -> Unfolded | None:
    persons = [person for form in forms for person in form.persons]
    if not _all_numbers_read(grid, forms, persons) or _of_several_units(grid, forms, programme):
        return None
    rows = _rows(persons)
    entries = [
        Entry(persons[0][n].path, persons[0][n].named_at, tuple(p[n].value for p in persons))
        for n in range(len(persons[0]))
    ]
    last = max(place[0] for person in persons for v in person for place in (v.named_at, v.value[0]))
    return unfolded(grid, entries, rows, top, last, feet=is_footer) if rows else None


def _all_numbers_read(
    grid: Grid, forms: Sequence[_Form], persons: Sequence[Sequence[Named]]
) -> bool:
    read = set().union(*(form.of_relatives for form in forms))
    read |= {number for person in persons for v in person for number in numbers_in(v.value[1].text)}
    return numbers_on(grid) <= read


def _of_several_units(grid: Grid, forms: Sequence[_Form], programme: Programme) -> bool:
    """Whether lines between the forms name another county than the first."""
    named = {
        unit
        for form in forms
        for row in (form.top - 1, form.top - 2, form.top - 3)
        for _, _, cell in grid.lines(max(row, 1), row)
        if (unit := programme.gazetteer.find_one(cell.text))
    }
    return len(forms) > 1 and len(named) > 1


def _rows(persons: Sequence[Sequence[Named]]) -> list[int]:
    """A row of each person's own cells: that of her number, or of her course where she has several; below
    the first line of her form where it has more. Nothing where two would have one."""
    found: list[int] = []
    taken = set[int]()
    for person in persons:
        own = [v.value[0][0] for v in reversed(person)]
        numbered = [v.value[0][0] for v in person if numbers_in(v.value[1].text)]
        row = next((row for row in (*numbered, *own) if row not in taken), 0)
        if not row:
            return []
        taken.add(row)
        found.append(row)
    return found
