"""Sheets before they become files: cells by row and column, and where every entry came to stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from pipeline.programme import Kind, Programme
from pipeline.sample import prose
from pipeline.sample.county_forms import FORMS, HANDS, Form, Headers, typed
from pipeline.sample.entries import Entry, Typed
from pipeline.values import column_letters

COUNTY = ""  # the bundle's column of counties stands for no field of an entry


@dataclass
class Page:
    """One sheet to be written; rows and columns count from 1 as in Excel."""

    name: str
    cells: dict[tuple[int, int], Typed] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    title: int = 1
    header: tuple[int, int] = (0, 0)  # first and last row of the header; the table ends in `bottom`
    bottom: int = 0
    widths: dict[int, int] = field(default_factory=dict)

    @property
    def last_row(self) -> int:
        """The last row that holds anything."""
        return max(row for row, _ in self.cells)

    @property
    def last_column(self) -> int:
        """The last column that holds anything."""
        return max(column for _, column in self.cells)

    def put(self, row: int, column: int, value: Typed) -> None:
        """Write one cell; an empty text is no cell."""
        if value != "":
            self.cells[row, column] = value

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Join cells, unless it is only one."""
        if (top, left) != (bottom, right):
            self.merges.append((top, left, bottom, right))


@dataclass(frozen=True)
class Line:
    """Where an entry stands in a return, and the cell of its fault if it has one there."""

    entry: Entry
    sheet: str
    row: int
    cell: str = ""
    error: bool = False


@dataclass(frozen=True)
class Heading:
    """Who files, when, and in which of the usual ways she writes it down."""

    unit_name: str
    period: str
    version: int
    filed_on: date
    manner: int

    @property
    def office(self) -> str:
        """The county's federation, in full or short."""
        return self.unit_name + ("残联" if self.manner % 2 else "残疾人联合会")

    @property
    def filed(self) -> str:
        """The filing date as written."""
        return f"{self.filed_on.year}年{self.filed_on.month}月{self.filed_on.day}日"


@dataclass(frozen=True)
class Habit:
    """How a county fills in its forms."""

    form: str
    hand: int
    manner: int
    suffix: str = "xlsx"
    together: bool = True  # both rosters in one workbook
    totals: bool = False
    narrative: bool = False


def roster(
    kind: Kind,
    entries: Sequence[Entry],
    habit: Habit,
    heading: Heading,
    counties: Mapping[str, str],
    programme: Programme,
) -> tuple[Page, list[Line]]:
    """One roster; with `counties` (code to name) a bundle, whose county column is merged down."""
    form, hand = FORMS[habit.form], HANDS[habit.hand]
    page = Page(
        "" if habit.suffix == "csv" else (kind.label if heading.manner % 3 else short(kind))
    )
    person, own = form.headers(kind, programme)
    headers = ((COUNTY, "县（市、区）"), *person, *own) if counties else (*person, *own)
    columns = {field: column for column, (field, _) in enumerate(headers, 2) if field}
    wide = len(headers) + 2
    title = f"{prose.TITLE}{kind.label}"
    row = _head(page, f"{heading.period[:4]}年{heading.unit_name}{title}", heading, wide)
    row = _header(page, form, kind, headers, len(own), row)
    first, lines = row + 1, []
    for n, entry in enumerate(entries, 1):
        row += 1
        page.put(row, 1, n)
        values = typed(entry, hand, heading.period, heading.version, programme)
        lines.append(_line(page, entry, row, columns, values, heading))
    if counties:
        _county_column(page, entries, first, counties)
    if not entries:
        row += 1
        page.put(row, 1, "零报告")
    _foot(page, len(entries), row, heading)
    page.widths = _widths(headers, wide, programme)
    return page, lines


def short(kind: Kind) -> str:
    """What a kind of roster is called in short: 培训."""
    return kind.title_words[0]


def _head(page: Page, title: str, heading: Heading, wide: int) -> int:
    """Title and filing line; the last row used."""
    row = 1
    if heading.manner == 2:
        page.put(1, 1, "附件2")
        row = 2
    page.title = row
    page.put(row, 1, title)
    page.merge(row, 1, row, wide)
    stamp = "（盖章）" if heading.manner == 1 else ""
    line = f"填报单位{stamp}：{heading.office}"
    if heading.manner == 3:
        page.put(row + 1, 1, f"{line}        填报日期：{heading.filed}")
    else:
        page.put(row + 1, 1, line)
        if heading.manner != 2:
            page.put(row + 1, wide - 2, f"填报日期：{heading.filed}")
    return row + 1


def _header(page: Page, form: Form, kind: Kind, headers: Headers, own: int, row: int) -> int:
    """Its rows; the last `own` columns are those of the kind."""
    top, wide = row + 1, len(headers) + 2
    bottom = top + form.grouped
    page.put(top, 1, "序号")
    page.put(top, wide, "备注")
    if form.grouped:
        page.put(top, 2, "残疾人基本情况")
        page.merge(top, 2, top, wide - own - 1)
        page.put(top, wide - own, f"{short(kind)}情况")
        page.merge(top, wide - own, top, wide - 1)
        page.merge(top, 1, bottom, 1)
        page.merge(top, wide, bottom, wide)
    for column, (_, header) in enumerate(headers, 2):
        page.put(bottom, column, header)
    if form.numbered:
        bottom += 1
        page.put(bottom, 1, "甲")
        for column in range(2, wide + 1):
            page.put(bottom, column, column - 1)
    page.header = (top, bottom)
    return bottom


def _line(
    page: Page,
    entry: Entry,
    row: int,
    columns: Mapping[str, int],
    values: Mapping[str, Typed],
    heading: Heading,
) -> Line:
    for name, column in columns.items():
        page.put(row, column, values.get(name, ""))
    slip = entry.slip_in(heading.period, heading.version)
    if slip is None:
        return Line(entry, page.name, row)
    shown = [name for name in slip.at if name in columns]
    at = next((name for name in shown if values.get(name, "") != ""), shown[0])
    return Line(entry, page.name, row, f"{column_letters(columns[at])}{row}", slip.error)


def _county_column(
    page: Page, entries: Sequence[Entry], first: int, counties: Mapping[str, str]
) -> None:
    """Each county's name once, merged over its rows."""
    row = first
    for unit, own in groupby(entries, lambda entry: entry.unit):
        count = len(list(own))
        page.put(row, 2, counties[unit])
        page.merge(row, 2, row + count - 1, 2)
        row += count


def _foot(page: Page, count: int, row: int, heading: Heading) -> None:
    page.put(row + 1, 1, "合  计")
    page.put(row + 1, 2, f"{count}人")
    page.bottom = row + 1
    dated = f"    填报日期：{heading.filed}" if heading.manner == 2 else ""
    page.put(row + 2, 1, f"填表人：        审核人：        联系电话：{dated}")


def _widths(headers: Headers, wide: int, programme: Programme) -> dict[int, int]:
    """Numbers, addresses and names of places are wider than the rest."""
    special = {"id": 21, "certificate": 23, "span": 24, "phone": 13}
    homes = {k.role(role) for k in programme.kinds for role in ("residence", "home")}
    known = {1: 6, wide: 10}
    for column, (name, _) in enumerate(headers, 2):
        field = programme.field.get(name)
        known[column] = (
            14 if field is None else 34 if name in homes else special.get(field.kind, 11)
        )
        if field and any(len(str(text)) > 8 for text in prose.ANSWERS.get(field.label, ())):
            known[column] = 24
    return known


def totals(
    heading: Heading,
    done: Mapping[str, int],
    tasks: Mapping[str, int | None],
    programme: Programme,
) -> tuple[Page, dict[str, str]]:
    """任务完成情况汇总表: what the county says of itself, and the cell that says it by kind."""
    page = Page("任务完成情况汇总表", header=(3, 3), bottom=3 + len(done))
    page.put(1, 1, f"{heading.period[:4]}年{heading.unit_name}任务完成情况汇总表")
    page.merge(1, 1, 1, 4)
    page.put(2, 1, f"填报单位：{heading.office}")
    page.put(2, 4, "单位：人")
    for column, text in enumerate(("指标", "年度任务", "累计完成", "备注"), 1):
        page.put(3, column, text)
    cells = {}
    for row, (kind, count) in enumerate(done.items(), 4):
        page.put(row, 1, programme.indicator_of[kind].counted_label)
        page.put(row, 2, "" if (task := tasks.get(kind)) is None else task)
        page.put(row, 3, count)
        cells[kind] = f"C{row}"
    page.widths = {1: 24, 2: 12, 3: 12, 4: 12}
    return page, cells


def narrative(heading: Heading, practice: str, problem: str) -> Page:
    """典型经验与存在问题, the text beside its heading or below it."""
    page = Page("典型经验与存在问题", widths={1: 22, 2: 70})
    page.put(1, 1, f"{heading.unit_name}典型经验与存在问题")
    below = heading.manner % 2
    for n, (topic, text) in enumerate((("典型经验举措", practice), ("存在突出问题", problem))):
        row = 2 + n * (1 + below)
        page.put(row, 1, topic)
        page.put(row + below, 1 if below else 2, text)
    return page
