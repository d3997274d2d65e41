"""One blank return: rosters, totals, narratives, its own check (自检), and how to fill it in."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from pipeline.checks import Rule
from pipeline.forms.form_looks import Looks
from pipeline.forms.formulas import NOTHING, NOTHING_WORDS, Ask
from pipeline.forms.helper import Helper, helper_of
from pipeline.forms.placed import rosters_of
from pipeline.forms.roster import write_helper, write_roster
from pipeline.forms.sheets import (
    CHECKS,
    GUIDE,
    NARRATIVES,
    TOTALS,
    write_checks,
    write_guide,
    write_narratives,
    write_totals,
)
from pipeline.model import Unit
from pipeline.office import settled
from pipeline.office.zipped import in_one, packed, packed_parts
from pipeline.programme import Programme
from pipeline.values import column_letters, month_end

FORM_VERSION = "1"
_CODES, _TEXTS = "_codes", "xl/sharedStrings.xml"
_BLANK_RESULT = re.compile(rb'(<c r="[^>]*")>(<f>[^<]*</f><v></v>)')


# stand for the unit until `addressed` names it: one workbook is made for all units
_NAME, _CODE = "〔填报单位名称〕", "〔填报单位代码〕"


def addressed(form: bytes, unit: Unit) -> bytes:
    """The form with a unit's name and code filled in."""
    parts = packed_parts(form)  # only the texts are packed anew
    with zipfile.ZipFile(io.BytesIO(form)) as source:
        text = source.read(_TEXTS).decode("utf-8")
    text = text.replace(_NAME, escape(unit.name)).replace(_CODE, escape(unit.code))
    parts[_TEXTS] = packed(_TEXTS, text.encode("utf-8"))
    return in_one(parts.values())


def blank_form(programme: Programme, period: str, rows: int) -> bytes:
    """A return for one period, ready to be typed into once it is addressed; no macros, no links."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": programme.short_title, "created": date(2018, 1, 1)})
    looks, rosters = Looks(book), rosters_of(programme, rows)
    sheets = {name: book.add_worksheet(name) for name in (
        *(r.kind.label for r in rosters), TOTALS, NARRATIVES, CHECKS, GUIDE)}  # fmt: skip
    lists, codes = _write_codes(book, programme)
    ask = Ask(programme, month_end(period), codes)
    label = f"{period[:4]}年{int(period[5:])}月"
    office = programme.letterhead["default"].format(unit=_NAME)
    filer = f"填报单位：{office}　　报告期：{label}"
    helpers: list[Helper] = []
    left: dict[str, Rule] = {}
    for roster in rosters:
        helper, beyond = helper_of(roster, ask, period)
        helpers.append(helper)
        left |= {rule.code: rule for rule in beyond}
        title = f"{_NAME}{label}{_topic(programme)}{roster.kind.label}"
        write_roster(sheets[roster.kind.label], helper, lists, (title, filer), looks, programme)
        write_helper(book.add_worksheet(roster.helper), helper)
    write_totals(sheets[TOTALS], helpers, programme, filer, looks)
    write_narratives(sheets[NARRATIVES], filer, looks)
    write_checks(sheets[CHECKS], helpers, tuple(left.values()), looks)
    write_guide(sheets[GUIDE], rosters, programme, looks)
    _mark(
        book,
        {"form": FORM_VERSION, "unit": _CODE, "period": period, "programme": programme.name},
    )
    book.close()
    return _with_blank_results(settled(out.getvalue()))


def _with_blank_results(form: bytes) -> bytes:
    """The form in which what comes to an empty text says so: as XlsxWriter leaves it, it came to nothing."""
    parts = packed_parts(form)
    with zipfile.ZipFile(io.BytesIO(form)) as source:
        for name in (n for n in source.namelist() if n.startswith("xl/worksheets/sheet")):
            parts[name] = packed(name, _BLANK_RESULT.sub(rb'\1 t="str">\2', source.read(name)))
    return in_one(parts.values())


def _topic(programme: Programme) -> str:
    """What the programme is about, without the words that the rosters' own titles say again."""
    topic = programme.short_title
    while ending := next(
        (i.label for i in programme.indicators if i.label and topic.endswith(i.label)), ""
    ):
        topic = topic.removesuffix(ending)
    return topic


def _write_codes(
    book: Any, programme: Programme
) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """The hidden code lists: the range of each list's labels, and of all its words with their codes."""
    sheet = book.add_worksheet(_CODES)
    lists, words = {}, {}
    for n, (name, labels) in enumerate(sorted(programme.code_labels.items())):
        at = 3 * n
        for row, label in enumerate(labels.values()):
            sheet.write_string(row, at, label)
        known = {**{v: k for k, v in labels.items()}, **programme.code_words[name]}
        for row, (word, code) in enumerate(known.items()):
            sheet.write_string(row, at + 1, word)
            sheet.write_string(row, at + 2, code)
        lists[name] = _range(at, len(labels))
        words[name] = (_range(at + 1, len(known)), _range(at + 2, len(known)))
    at = 3 * len(programme.code_labels)
    for row, word in enumerate(NOTHING_WORDS):
        sheet.write_string(row, at, word)
    book.define_name(NOTHING, f"={_range(at, len(NOTHING_WORDS))}")
    sheet.very_hidden()
    return lists, words


def _range(column: int, size: int) -> str:
    letters = column_letters(column + 1)
    return f"'{_CODES}'!${letters}$1:${letters}${size}"


def _mark(book: Any, facts: Mapping[str, str]) -> None:
    """What lets the file name itself however it is renamed: a hidden sheet, and hidden names too."""
    sheet = book.add_worksheet("_pipeline")
    for row, (name, value) in enumerate(facts.items()):
        sheet.write_string(row, 0, f"pipeline_{name}")
        sheet.write_string(row, 1, value)
        book.define_name(f"pipeline_{name}", f"='_pipeline'!$B${row + 1}")
    sheet.very_hidden()
