"""The other sheets of a form: totals, narratives, its own check (自检), how to fill it in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.checks import VOCABULARY, Rule
from pipeline.forms.form_looks import Looks
from pipeline.forms.helper import Helper
from pipeline.forms.placed import FIRST, Roster
from pipeline.forms.roster import NUMBERS, PROTECTED, SIGNERS, printed
from pipeline.model import Severity
from pipeline.programme import Indicator, Programme

TOTALS, NARRATIVES, CHECKS, GUIDE = "任务完成情况汇总表", "典型经验与存在问题", "自检", "填表说明"
_WORDS = {Severity.ERROR: "退回", Severity.WARNING: "核实"}
_SPARE = 2000  # rows below those set out, in which somebody might go on typing
NOBODY = "还没有填写。本期确实没有的，请在名单第一行第一个带 * 的栏写“零报告”"
FINE = "可以上报"


def write_totals(
    sheet: Any, helpers: Sequence[Helper], programme: Programme, filer: str, looks: Looks
) -> None:
    """The self-reported totals: filled in from the rosters, and a clerk's to overwrite."""
    sheet.merge_range(0, 0, 0, 2, f"{programme.short_title}{TOTALS}", looks.title)
    sheet.merge_range(1, 0, 1, 2, filer, looks.fill_in)
    for column, text in enumerate(("指标", "累计完成", "备注")):
        sheet.write(2, column, text, looks.header)
    of_kind = {h.roster.kind.name: h for h in helpers}
    for row, indicator in enumerate(programme.indicators, 3):
        sheet.write(row, 0, indicator.counted_label, looks.cell)
        total, how = _total(indicator, of_kind[indicator.kind])
        sheet.write_formula(row, 1, f"={total}", looks.number, 0)
        sheet.write(row, 2, how, looks.text)
    sheet.merge_range(row + 2, 0, row + 2, 2, "　　".join(SIGNERS), looks.fill_in)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 16)
    sheet.set_column(2, 2, 40)
    sheet.set_row(0, 32)
    printed(sheet)
    sheet.protect("", PROTECTED)


def _total(indicator: Indicator, helper: Helper) -> tuple[str, str]:
    """What an indicator comes to on the form, and how that is told."""
    measure, roster = indicator.measure, helper.roster
    if measure.kind == "sum" and roster.has(measure.field):
        letters = roster.letters(measure.field)
        area = f"'{roster.kind.label}'!{letters}{FIRST}:{letters}{roster.last}"
        return f"SUM({area})", f"按名单中的{roster.label(measure.field)}自动相加，可改"
    if measure.counts_persons:
        return f"SUM({helper.area('new')})", "按名单中的不同人数自动填，可改"
    return f"COUNTIF({helper.area('person')},TRUE)", "按名单中的行数自动填，可改"


def write_narratives(sheet: Any, filer: str, looks: Looks) -> None:
    """典型经验举措 and 存在突出问题, a large field each."""
    sheet.merge_range(0, 0, 0, 1, NARRATIVES, looks.title)
    sheet.merge_range(1, 0, 1, 1, filer, looks.fill_in)
    for row, topic in enumerate(("典型经验举措", "存在突出问题"), 2):
        sheet.write(row, 0, topic, looks.header)
        sheet.write_blank(row, 1, None, looks.story)
        sheet.set_row(row, 220)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 90)
    sheet.set_row(0, 32)
    printed(sheet)
    sheet.protect("", PROTECTED)


def write_checks(sheet: Any, helpers: Sequence[Helper], left: Sequence[Rule], looks: Looks) -> None:
    """自检: one verdict on top, below it every rule with how many cells break it and where first."""
    sheet.merge_range(0, 0, 0, 4, CHECKS, looks.title)
    for column, text in enumerate(("名单", "核对内容", "处理", "问题数", "第一处")):
        sheet.write(3, column, text, looks.header)
    row = 4
    for helper in helpers:
        for rule in helper.rules:
            where = f"MATCH(1,{helper.area(rule.code)},0)+{FIRST - 1}"
            _line(sheet, row, helper, rule.title, _WORDS[rule.severity], f"=SUM({helper.area(rule.code)})",
                  f'=IF(D{row + 1}=0,"","第 "&({where})&" 行")', looks)  # fmt: skip
            row += 1
        if person := helper.roster.playing("person"):
            title = f"本表内{helper.roster.label(person)}重复（按一人计）"
            again = f"=SUM({helper.area('again')})"
            _line(sheet, row, helper, title, "告知", again, "", looks)
            row += 1
        beyond = "+".join(_typed_below(helper.roster, f) for f in helper.roster.telling)
        _line(
            sheet,
            row,
            helper,
            f"第 {helper.roster.last} 行以下还有人，没有核对",
            "退回",
            f"={beyond}",
            "",
            looks,
        )
        row += 1
    _verdict(sheet, helpers, row, looks)
    for rule in left:
        sheet.merge_range(row, 0, row, 1, rule.title, looks.cell)
        sheet.merge_range(row, 2, row, 4, "表内查不了，由汇总单位核对", looks.middle)
        row += 1
    sheet.conditional_format(
        4, 3, row, 3, {"type": "cell", "criteria": ">", "value": 0, "format": looks.warning}
    )
    for column, width in enumerate((20, 46, 10, 10, 14)):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 32)
    sheet.freeze_panes(4, 0)
    printed(sheet)
    sheet.protect("", PROTECTED)


def _line(
    sheet: Any,
    row: int,
    helper: Helper,
    title: str,
    word: str,
    count: str,
    where: str,
    looks: Looks,
) -> None:
    sheet.write(row, 0, helper.roster.kind.label, looks.middle)
    sheet.write(row, 1, title, looks.cell)
    sheet.write(row, 2, word, looks.middle)
    sheet.write_formula(row, 3, count, looks.middle, 0)
    if where:
        sheet.write_formula(row, 4, where, looks.middle, "")
    else:
        sheet.write_blank(row, 4, None, looks.middle)


def _typed_below(roster: Roster, field: str) -> str:
    letters = roster.letters(field)
    first = roster.last + 1
    return f"COUNTA('{roster.kind.label}'!{letters}{first}:{letters}{first + _SPARE})"


def _verdict(sheet: Any, helpers: Sequence[Helper], end: int, looks: Looks) -> None:
    """可以上报, or what is still wrong. A warning does not hold a return back."""
    errors = f'SUMIF(C5:C{end},"退回",D5:D{end})'
    warnings = f'SUMIF(C5:C{end},"核实",D5:D{end})'
    persons = "+".join(f"SUM({h.area('new')})+SUM({h.area('again')})" for h in helpers)
    nil = ",".join(f"COUNTA({_names(h.roster)})>0" for h in helpers)
    sheet.merge_range(1, 0, 1, 4, "", looks.verdict)
    sheet.write_formula(
        1, 0,
        f'=IF({errors}>0,"还有 "&{errors}&" 处错误，不能上报",IF({persons}=0,IF(OR({nil}),"零报告，{FINE}","{NOBODY}"),'
        f'IF({warnings}>0,"{FINE}，另有 "&{warnings}&" 处请核实","{FINE}")))',
        looks.verdict, NOBODY,
    )  # fmt: skip
    sheet.merge_range(
        2, 0, 2, 4, "红色的格要改正，否则该行退回、不计入；黄色的请核实。", looks.line
    )
    sheet.set_row(1, 34)
    for text, look in (("不能上报", looks.error), (FINE, looks.fine)):
        sheet.conditional_format(
            1, 0, 1, 4, {"type": "text", "criteria": "containing", "value": text, "format": look}
        )


def _names(roster: Roster) -> str:
    letters = roster.letters(roster.telling[0])
    return f"'{roster.kind.label}'!{letters}{FIRST}:{letters}{roster.last}"


def write_guide(sheet: Any, rosters: Sequence[Roster], programme: Programme, looks: Looks) -> None:
    """填表说明: what is checked and why, and the words that may be chosen."""
    sheet.merge_range(0, 0, 0, 2, GUIDE, looks.title)
    numbers = dict.fromkeys(f.label for r in rosters for f in r.fields if f.kind in NUMBERS)
    advice = (
        "带 * 的列必须填写；其余的列没有的可以空着。整列删掉、改列名、插入列都可能认不出来，请不要动表头。",
        f"{'、'.join(numbers)}的列已设为文本，请直接录入或“只粘贴值”，不要用下拉填充。",
        "名单是本年到目前的全部人员，不是只填本月的。填完看“自检”表，写着“可以上报”再报送。",
    )
    for row, text in enumerate(advice, 1):
        sheet.merge_range(row, 0, row, 2, f"{row}. {text}", looks.line)
        sheet.set_row(row, 20)
    row = len(advice) + 2
    for column, text in enumerate(("核对内容", "查什么", "依据")):
        sheet.write(row, column, text, looks.header)
    shown = {r.code: r for at in rosters for tier in ("cell", "row", "return")
             for r in programme.rules_of(tier, at.kind.name)}  # fmt: skip
    for rule in shown.values():
        row += 1
        sheet.write(row, 0, rule.title, looks.cell)
        sheet.write(row, 1, VOCABULARY[rule.check].meaning, looks.cell)
        sheet.write(row, 2, rule.source, looks.cell)
    for column, width in enumerate((44, 52, 52)):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 32)
    printed(sheet)
    sheet.protect("", PROTECTED)
