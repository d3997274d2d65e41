"""任务分解建议.xlsx: a task table to be edited and dropped into the inbox, and beside it what it rests on."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import xlsxwriter

from pipeline.forms.form_looks import Looks
from pipeline.forms.roster import printed
from pipeline.programme import Programme
from pipeline.values import column_letters

SPLIT = "任务分解建议.xlsx"
_TABLE, _GROUNDS = "任务分解表", "依据和核对"
_FIRST = 4  # the row (from 0) of the first place
_GROUND_HEADERS = ("所属市（州）", "年份", "任务", "下达数", "已分解", "差额", "依据", "县（市、区）", "基数", "占比", "建议数", "说明")  # fmt: skip


class Ground(Protocol):
    """What counts are called and where they stand (ask.Basis)."""

    @property
    def label(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def counts(self) -> Mapping[str, int]: ...


class Split(Protocol):
    """One task of a prefecture and its parts (ask.Proposal)."""

    @property
    def prefecture(self) -> str: ...
    @property
    def indicator(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def counties(self) -> tuple[str, ...]: ...
    @property
    def given(self) -> Mapping[str, int]: ...
    @property
    def shares(self) -> Mapping[str, int]: ...
    @property
    def basis(self) -> Ground | None: ...
    @property
    def missing(self) -> str: ...


def split_workbook(proposals: Sequence[Split], programme: Programme) -> bytes:
    """The workbook. Its first sheet reads as a task table; blank cells are those nothing is proposed for."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        looks = Looks(book)
        book.set_properties({"title": _TABLE, "created": date(2018, 1, 1)})
        columns = _columns(proposals, programme)
        rows = _rows(proposals)
        _write_table(book.add_worksheet(_TABLE), proposals, rows, columns, programme, looks)
        _write_grounds(book.add_worksheet(_GROUNDS), proposals, rows, columns, programme, looks)
    return out.getvalue()


Columns = Mapping[tuple[str, int], int]  # indicator, year -> column from 0
Rows = Mapping[str, int]  # prefecture or county -> row from 0


def _columns(proposals: Sequence[Split], programme: Programme) -> dict[tuple[str, int], int]:
    asked = {(p.indicator, p.year) for p in proposals}
    order = [(i.name, y) for i in programme.indicators for y in programme.years]
    return {of: n for n, of in enumerate([of for of in order if of in asked], 2)}


def _rows(proposals: Sequence[Split]) -> dict[str, int]:
    units: dict[str, None] = {}
    for proposal in proposals:
        units |= dict.fromkeys((proposal.prefecture, *proposal.counties))
    return {unit: n for n, unit in enumerate(units, _FIRST)}


def _write_table(
    sheet: Any,
    proposals: Sequence[Split],
    rows: Rows,
    columns: Columns,
    programme: Programme,
    looks: Looks,
) -> None:
    name, last = programme.gazetteer.name, max(columns.values())
    sheet.merge_range(0, 0, 0, last, f"{programme.short_title}任务分解表（建议）", looks.title)
    sheet.write(1, 0, "请核对修改，定稿后放进 inbox。空着的格没有可用的基数，请填写", looks.line)
    sheet.write(1, last, "单位：人", looks.line)
    for column, text in enumerate(("地区", "县（市、区）")):
        sheet.merge_range(2, column, 3, column, text, looks.header)
    for indicator in programme.indicators:
        own = [c for (i, _), c in columns.items() if i == indicator.name]
        label = f"{indicator.label}任务"
        if len(own) > 1:
            sheet.merge_range(2, own[0], 2, own[-1], label, looks.header)
        elif own:
            sheet.write(2, own[0], label, looks.header)
    for (_, year), column in columns.items():
        sheet.write(3, column, f"{year}年", looks.header)
    for proposal in proposals:
        at, top = columns[proposal.indicator, proposal.year], rows[proposal.prefecture]
        sheet.write(top, 0, name(proposal.prefecture), looks.cell)
        sheet.write(top, 1, "小计", looks.middle)
        parts = {**proposal.given, **proposal.shares}
        sheet.write_number(top, at, proposal.total, looks.middle)  # as handed down, never a sum
        for county in proposal.counties:
            sheet.write_blank(rows[county], 0, None, looks.cell)
            sheet.write(rows[county], 1, name(county), looks.cell)
            if county in parts:
                sheet.write_number(rows[county], at, parts[county], looks.number)
    _frame(sheet, proposals, rows, columns, looks)


def _frame(
    sheet: Any, proposals: Sequence[Split], rows: Rows, columns: Columns, looks: Looks
) -> None:
    """A box around what is not asked for and what is left blank, and how it prints."""
    written = {
        (rows[unit], columns[p.indicator, p.year])
        for p in proposals
        for unit in (p.prefecture, *p.given, *p.shares)
    }
    for row in rows.values():
        for column in columns.values():
            if (row, column) not in written:
                sheet.write_blank(row, column, None, looks.number)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, max(columns.values()), 12)
    sheet.set_row(0, 32)
    sheet.freeze_panes(_FIRST, 2)
    printed(sheet)


def _write_grounds(
    sheet: Any,
    proposals: Sequence[Split],
    rows: Rows,
    columns: Columns,
    programme: Programme,
    looks: Looks,
) -> None:
    """What each task is divided by, county by county, and whether the parts still make the whole."""
    name = programme.gazetteer.name
    sheet.merge_range(0, 0, 0, len(_GROUND_HEADERS) - 1, _GROUNDS, looks.title)
    sheet.write(1, 0, "按基数比例分配，零头依次给余数大的，各县之和等于下达数。“差额”不为 0 的，请调整", looks.line)  # fmt: skip
    for column, text in enumerate(_GROUND_HEADERS):
        sheet.write(2, column, text, looks.header)
    at = 3
    share = {**dict.fromkeys(range(len(_GROUND_HEADERS)), looks.cell), 8: looks.middle, 10: looks.middle}  # fmt: skip
    for proposal in proposals:
        letters = column_letters(columns[proposal.indicator, proposal.year] + 1)
        top = rows[proposal.prefecture] + 2
        area = f"'{_TABLE}'!{letters}{top}:{letters}{top + len(proposal.counties) - 1}"
        label = programme.indicator[proposal.indicator].label
        basis, parts = proposal.basis, {**proposal.given, **proposal.shares}
        summed = sum(parts.values())
        for column, value in enumerate((name(proposal.prefecture), str(proposal.year), label)):
            sheet.write_string(at, column, value, looks.cell)
        sheet.write_number(at, 3, proposal.total, looks.middle)
        sheet.write_formula(at, 4, f"=SUM({area})", looks.middle, summed)
        sheet.write_formula(at, 5, f"=D{at + 1}-E{at + 1}", looks.middle, proposal.total - summed)
        ground = f"{basis.label}（{basis.source}）" if basis else ""
        sheet.write_string(at, 6, ground, looks.cell)
        for column in range(7, len(_GROUND_HEADERS) - 1):
            sheet.write_blank(at, column, None, looks.cell)
        sheet.write_string(at, len(_GROUND_HEADERS) - 1, proposal.missing, looks.cell)
        lines = max(-(-len(ground) // 15), -(-len(proposal.missing) // 18))
        if lines > 1:
            sheet.set_row(at, 15 * lines)
        at += 1
        whole = sum(basis.counts[c] for c in proposal.shares) if basis else 0
        for county in proposal.counties:
            for column in range(len(_GROUND_HEADERS)):
                sheet.write_blank(at, column, None, looks.cell)
            sheet.write_string(at, 7, name(county), looks.cell)
            if basis and county in proposal.shares:
                sheet.write_number(at, 8, basis.counts[county], share[8])
                sheet.write_string(at, 9, f"{basis.counts[county] / whole:.1%}", looks.middle)
            if county in parts:
                sheet.write_number(at, 10, parts[county], share[10])
            if county in proposal.given:
                sheet.write_string(at, 11, "任务分解表已有，未改", looks.cell)
            at += 1
    sheet.conditional_format(3, 5, at, 5, {"type": "cell", "criteria": "!=", "value": 0, "format": looks.error})  # fmt: skip
    for column, width in enumerate((16, 8, 8, 10, 10, 8, 34, 18, 10, 10, 10, 40)):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 32)
    sheet.freeze_panes(3, 0)
    printed(sheet)
    sheet.set_landscape()
