"""What no entry of a programme shows alone: names that clash or lead nowhere, parts that do not fit."""

from __future__ import annotations

import re
from itertools import chain, pairwise

from pipeline.model.words import REASON_WORDS
from pipeline.programme.breakdown_faults import check_breakdowns
from pipeline.programme.code_lists import unfit_for_a_folder
from pipeline.programme.draft import Codes, Draft
from pipeline.programme.engine_rules import WORDS_NEEDED, WORDS_OPTIONAL
from pipeline.programme.fitting import check_fitting
from pipeline.programme.packing import check_packages
from pipeline.programme.report_faults import check_reports
from pipeline.programme.rules import slots_of
from pipeline.programme.supervision_faults import check_supervision
from pipeline.programme.toml import Toml
from pipeline.values import fold

# how the cells of a field are read
FIELD_KINDS = (
    "text", "name", "id", "certificate", "code", "category_grade", "day", "span", "birth",
    "phone", "number",
)  # fmt: skip
# columns of the tables between the stages and of people.parquet; a field of that name would meet them
RESERVED = frozenset(
    {
        "file", "sheet", "table", "row", "column", "cell", "unit", "entity", "kind", "indicator", "period", "period_end", "year", "begun", "start", "finish", "filed_on", "filed_as", "number", "person", "fault", "fate", "counted", "counted_for", "reason", "certificate", "residence", "home", "activity", "value", "text", "last", "at",
    }
)  # fmt: skip
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\\n]|^\s*'|'\s*$")
_LONGEST_LABEL = 31  # characters of a sheet's name
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


def check_draft(draft: Draft, main: Toml, codes: Codes) -> None:
    """Adds to the draft's faults whatever does not fit together."""
    _check_head(draft, main)
    _check_names(draft)
    _check_fields(draft, codes)
    _check_headers(draft)
    check_fitting(draft, main, codes)
    check_breakdowns(draft)
    check_packages(draft)
    check_reports(draft)
    check_supervision(draft, main)


def _check_head(draft: Draft, main: Toml) -> None:
    head = draft.head
    if head is None:
        return
    years = head.years
    if (
        not years
        or any(not 1990 <= y <= 2100 for y in years)
        or any(b <= a for a, b in pairwise(years))
    ):
        draft.faults.add(
            main.path, main.line("years"), "years 要写成由早到晚的年份，如 [2018, 2019]"
        )
    if head.scope not in ("year", "period"):
        draft.faults.add(
            main.path, main.line("scope"), f"scope = “{head.scope}”，只能是 year、period"
        )
    if head.total_row not in ("first", "last"):
        draft.faults.add(
            main.path,
            main.line("total_row"),
            f"total_row = “{head.total_row}”，只能是 first（合计在表首）、last（合计在表末）",
        )
    if "default" not in head.letterhead:
        draft.faults.add(
            main.path,
            main.line("letterhead"),
            '[letterhead] 缺少 default，如 default = "{unit}某某局"',
        )
    units = {name for line in head.letterhead.values() for name in slots_of(line)} - {"unit"}
    for name in sorted(map(str, units)):
        draft.faults.add(
            main.path, main.line("letterhead"), f"[letterhead] 只能用 {{unit}}，不能用 {{{name}}}"
        )
    for word in sorted(set(head.letters) - {"answer_by"}):
        draft.faults.add(main.path, main.line("letters", word), f"[letters] 不认识的词“{word}”")
    order = head.trust.get("order", ())
    for word in set(head.trust) - {"order"}:
        draft.faults.add(main.path, main.line("trust", word), f"[trust] 不认识的词“{word}”")
    if set(order) - set(REASON_WORDS) or len(set(order)) != len(order) or not order:
        draft.faults.add(
            main.path, main.line("trust", "order"),
            f"[trust] order 只能用 {'、'.join(REASON_WORDS)}，每个至多一次",
        )  # fmt: skip
    for word in sorted(WORDS_NEEDED - set(head.words)):
        draft.faults.add(main.path, main.line("words"), f'[words] 缺少 {word} = ["…"]')
    for word in sorted(set(head.words) - WORDS_NEEDED - WORDS_OPTIONAL):
        draft.faults.add(main.path, main.line("words", word), f"[words] 不认识的词“{word}”")


def _check_names(draft: Draft) -> None:
    """Names that code uses are plain English words, and each is used once."""
    named = (
        [(entry, field.name) for entry, field in draft.fields],
        [(entry, kind.name) for entry, kind in draft.kinds],
        [(entry, indicator.name) for entry, indicator in draft.indicators],
        [(entry, reference.name) for entry, reference in draft.references],
        [(entry, breakdown.name) for entry, breakdown in draft.breakdowns],
        [(entry, outcome.name) for entry, outcome in draft.outcomes],
        [(entry, archive.name) for entry, archive in draft.archives],
    )
    for entry, name in chain.from_iterable(named):
        if not _NAME.fullmatch(name):
            draft.fault(
                entry,
                "name",
                f"name = “{name}”，只能用小写英文字母、数字和下划线，字母开头，如 start_date",
            )
    for entry, name in named[0]:
        if name in RESERVED:
            draft.fault(entry, "name", f"字段名“{name}”程序自己要用，请换一个，如 {name}_name")
    agencies = [(entry, agency.name) for entry, agency in draft.agencies]
    for names in (*named, agencies):
        draft.once(names, "name", "名称“{}”用了两次")
    for entry, name in agencies:
        if fault := unfit_for_a_folder(name):
            draft.fault(entry, "name", fault)
    labels = [(entry, kind.label) for entry, kind in draft.kinds]
    draft.once(labels, "label", "名称“{}”用了两次")
    for entry, label in labels:
        if len(label) > _LONGEST_LABEL or _NO_SHEET_NAME.search(label):
            message = f"最多 {_LONGEST_LABEL} 字，不能有 [ ] : * ? / \\，首尾不能是引号"
            draft.fault(entry, "label", f"label = “{label}”要作工作表名，{message}")


def _check_fields(draft: Draft, codes: Codes) -> None:
    for entry, field in draft.fields:
        if field.kind not in FIELD_KINDS:
            draft.fault(
                entry, "kind", f"kind = “{field.kind}” 不在可用的写法中：{'、'.join(FIELD_KINDS)}"
            )
        if field.kind == "code" and not field.codes:
            draft.fault(entry, "kind", 'kind = "code" 的字段要写明代码表，如 codes = "表名"')
        if field.codes and field.codes not in codes:
            draft.fault(entry, "codes", f"没有代码表 codes/{field.codes}.csv")
        if field.kind in ("span", "category_grade") and len(field.fills) != 2:
            draft.fault(
                entry,
                "fills",
                f'kind = "{field.kind}" 的字段要写明填入哪两个字段：fills = ["…", "…"]',
            )
        for name in field.fills:
            if name not in draft.names.get("fields", ()):
                draft.fault(entry, "fills", f"fills 指向不存在的字段“{name}”")
        draft.lead_somewhere(entry, "on", field.on, "kinds", "名单")


def _check_headers(draft: Draft) -> None:
    """No header may claim two fields of one kind of roster."""
    for _, kind in draft.kinds:
        owners: dict[str, str] = {}
        for entry, field in draft.fields:
            if field.on and kind.name not in field.on:
                continue
            for header in map(fold, field.headers):
                if owners.setdefault(header, field.name) != field.name:
                    draft.fault(
                        entry, "headers", f"表头“{header}”同时属于 {owners[header]} 和 {field.name}"
                    )
