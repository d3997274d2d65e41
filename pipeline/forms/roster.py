"""The roster sheets of a form, each with the hidden sheet that checks it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.forms.form_looks import Looks
from pipeline.forms.helper import Helper
from pipeline.forms.placed import FILER, FIRST, HEADER, SIGNED, TITLE, Roster
from pipeline.model import Severity
from pipeline.programme import Field, Programme
from pipeline.values import column_letters

_WIDTHS = {"id": 20, "certificate": 23, "name": 9, "day": 12, "birth": 12, "phone": 13}
_ADDRESS, _LONG, _ORDINARY, _SHORT = 24, 14, 10, 7  # 14: where it took place, 7: 性别, 序号
_ROW_HEIGHT = 29  # two lines: what prints must not be cut
SIGNERS = ("单位负责人：", "审核人：", "填表人：", "填表日期：    年    月    日", "（盖章处）")
NUMBERS = frozenset({"id", "certificate", "phone"})
_A3, _A4 = 8, 9
_DAYS = frozenset({"day", "birth"})
_HINTS = {
    "id": "18 位，按文本填写，末位 X 用大写",
    "certificate": "身份证号 + 类别 1 位 + 等级 1 位，按文本填写",
    "day": "按 2018-09-14 的样式填写",
    "birth": "按 1978-03-05 或 1978年3月 的样式填写",
    "phone": "11 位手机号或带区号的固定电话",
}
_ROW = re.compile(rf"(\$[A-Z]{{1,3}}){FIRST}(?!\d)")
PROTECTED = {
    "select_locked_cells": True, "select_unlocked_cells": True, "format_cells": True,
    "format_columns": True, "format_rows": True, "insert_rows": True, "delete_rows": True,
    "sort": True, "autofilter": True,
}  # fmt: skip


def write_roster(
    sheet: Any, helper: Helper, lists: Mapping[str, str], filing: tuple[str, str], looks: Looks,
    programme: Programme,
) -> None:  # fmt: skip
    """The sheet a clerk types into. `lists` gives each code list's range, `filing` title and filer."""
    roster = helper.roster
    last = len(roster.fields) - 1
    title, filer = filing
    _over(sheet, TITLE, 0, last, title, looks.title)
    _over(sheet, FILER, 0, last, filer, looks.fill_in)
    signed(sheet, SIGNED, last + 1, looks)
    sheet.set_row(TITLE - 1, 34)
    sheet.set_row(FILER - 1, 22)
    sheet.set_row(SIGNED - 1, 30)
    sheet.set_row(HEADER - 1, 34)
    for row in range(FIRST, roster.last + 1):
        sheet.set_row(row - 1, _ROW_HEIGHT)
    for column, field in enumerate(roster.fields):
        needed = field.required
        sheet.write(
            HEADER - 1, column, f"*{field.label}" if needed else field.label,
            looks.header if needed else looks.optional,
        )  # fmt: skip
        width = _WIDTHS.get(field.kind) or _width_of_text(field, roster)
        look = {"number": looks.number, **dict.fromkeys(_DAYS, looks.day)}.get(
            field.kind, looks.text
        )
        sheet.set_column(column, column, width)
        for row in range(FIRST, roster.last + 1):
            sheet.write_blank(row - 1, column, None, look)
        _guided(sheet, field, column, roster, lists)
    _coloured(sheet, helper, looks, programme)
    _printed(sheet, roster)


def _width_of_text(field: Field, roster: Roster) -> int:
    if field.name in (roster.kind.role("residence"), roster.kind.role("home")):
        return _ADDRESS
    if field.kind == "text" and field.on and not field.label.startswith("是否"):
        return _LONG
    short = len(field.label) <= 2 and (field.codes or field is roster.fields[0])
    return _SHORT if short else _ORDINARY


def signed(sheet: Any, row: int, columns: int, looks: Looks) -> None:
    """The line on which those answerable sign, over as many columns as there are."""
    ends = [round(columns * n / len(SIGNERS)) for n in range(len(SIGNERS) + 1)]
    if columns < len(SIGNERS):
        _over(sheet, row, 0, columns - 1, "　　".join(SIGNERS), looks.fill_in)
        return
    for text, first, end in zip(SIGNERS, ends[:-1], ends[1:], strict=True):
        _over(sheet, row, first, end - 1, text, looks.fill_in)


def _over(sheet: Any, row: int, first: int, last: int, text: str, look: Any) -> None:
    """One text over several columns, or in one where there are no more."""
    if first < last:
        sheet.merge_range(row - 1, first, row - 1, last, text, look)
    else:
        sheet.write_string(row - 1, last, text, look)


def _guided(
    sheet: Any, field: Field, column: int, roster: Roster, lists: Mapping[str, str]
) -> None:
    """A drop-down for code words, a hint for numbers and dates."""
    area = (FIRST - 1, column, roster.last - 1, column)
    if field.codes:
        sheet.data_validation(
            *area,
            {"validate": "list", "source": f"={lists[field.codes]}", "error_type": "warning",
             "error_title": "不在清单中", "error_message": "请尽量从下拉清单中选；确需填写其他内容的请选“是”"},
        )  # fmt: skip
    elif hint := _HINTS.get(field.kind):
        sheet.data_validation(
            *area, {"validate": "any", "input_title": field.label[:30], "input_message": hint}
        )


def _coloured(sheet: Any, helper: Helper, looks: Looks, programme: Programme) -> None:
    """Cells whose row breaks a rule: red where it would be returned, yellow where to be verified."""
    roster = helper.roster
    for field in roster.fields:
        letters = roster.letters(field.name)
        area = f"{letters}{FIRST}:{letters}{roster.last}"
        for severity, look in ((Severity.ERROR, looks.error), (Severity.WARNING, looks.warning)):
            rules = [
                r for r in helper.rules
                if r.severity == severity and next(f for f in r.at if roster.has(f)) == field.name
            ]  # fmt: skip
            if rules:
                broken = "+".join(helper.cell(rule.code) for rule in rules)
                sheet.conditional_format(
                    area,
                    {
                        "type": "formula",
                        "criteria": f"={broken}>0",
                        "format": look,
                        "stop_if_true": True,
                    },
                )
    if person := roster.playing("person"):
        letters = roster.letters(person)
        again = f"={helper.cell('again')}=1"
        sheet.conditional_format(
            f"{letters}{FIRST}:{letters}{roster.last}",
            {"type": "formula", "criteria": again, "format": looks.warning},
        )


def _printed(sheet: Any, roster: Roster) -> None:
    sheet.freeze_panes(HEADER, 2)
    sheet.repeat_rows(HEADER - 1)
    sheet.set_landscape()
    printed(sheet, paper=_A3)
    sheet.ignore_errors(
        {"number_stored_as_text": f"A1:{column_letters(len(roster.fields))}{roster.last}"}
    )
    sheet.protect("", PROTECTED)


def printed(sheet: Any, paper: int = _A4) -> None:
    """As wide as one page, its pages numbered."""
    sheet.set_paper(paper)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.set_footer("&C第 &P 页 共 &N 页")


def write_helper(sheet: Any, helper: Helper) -> None:
    """The hidden sheet: one formula a column, moved down row by row, with what it shows when empty."""
    for column, helper_column in enumerate(helper.columns):
        first = helper.formula(helper_column)
        for row in range(FIRST, helper.roster.last + 1):
            formula = first if row == FIRST else _moved(first, row)
            sheet.write_formula(row - 1, column, formula, None, helper_column.empty)
    sheet.very_hidden()


def _moved(formula: str, row: int) -> str:
    """A first row's formula for another row: references that are not pinned move with it."""
    pieces: Iterable[str] = formula.split('"')
    return '"'.join(
        _ROW.sub(rf"\g<1>{row}", piece) if n % 2 == 0 else piece for n, piece in enumerate(pieces)
    )
