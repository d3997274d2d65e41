"""What the agencies receive: papers that exist, names that mail programs show, fields that there are."""

from __future__ import annotations

import re

from pipeline.programme.draft import Draft
from pipeline.programme.nouns import LONGEST_NAME, MASKINGS, PACKAGE_SLOTS, Package
from pipeline.programme.rules import slots_of

ACCOUNTS = "各地经验和问题.docx"  # only where units wrote any
DOCUMENTS = ("全省汇总表.xlsx", "完成名单.xlsx", "情况报告.docx", ACCOUNTS)
LISTS = "完成名单.xlsx"
PERSONAL = ("id", "name", "phone")
_NOT_IN_A_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')
_LONGEST_LABEL = "2018年12月"


def check_packages(draft: Draft) -> None:
    """Adds to the draft's faults whatever is wrong with agencies' dates and packages."""
    for entry, agency in draft.agencies:
        if agency.since and agency.until and agency.until < agency.since:
            draft.fault(entry, "until", "until 早于 since")
    head = draft.head
    for entry, package in draft.packages:
        draft.lead_somewhere(entry, "agency", [package.agency], "agencies", "机构")
        draft.lead_somewhere(entry, "columns", package.columns, "fields", "字段")
        if package.document not in DOCUMENTS:
            draft.fault(entry, "document", f"document 只能是 {'、'.join(DOCUMENTS)}")
        if package.masking not in MASKINGS:
            draft.fault(entry, "masking", f"masking 只能是 {'、'.join(MASKINGS)}")
        if any(not 1 <= month <= 12 for month in package.months):
            draft.fault(entry, "months", "months 要写成 1 到 12 的月份，如 [11]")
        if set(package.personal) - set(PERSONAL):
            draft.fault(entry, "personal", f"personal 只能用 {'、'.join(PERSONAL)}")
        for fault in _name_faults(package, head.short_title if head else ""):
            draft.fault(entry, "name", f"name = “{package.name}”，{fault}")
    draft.once(
        ((entry, f"{p.agency}：{p.name}") for entry, p in draft.packages if not p.months),
        "name", "“{}”用了两次",
    )  # fmt: skip


def _name_faults(package: Package, short_title: str) -> list[str]:
    try:
        slots = set(map(str, slots_of(package.name)))
    except ValueError:
        return ["花括号不成对"]
    if unknown := slots - PACKAGE_SLOTS:
        return [f"不能用 {{{'}、{'.join(sorted(unknown))}}}"]
    longest = {"period_label": _LONGEST_LABEL, "year": 2018, "region": "某某某某某自治州", "short_title": short_title}  # fmt: skip
    name = package.name.format(**longest)
    faults = []
    if len(name.encode()) > LONGEST_NAME:
        faults.append(f"超过 {LONGEST_NAME} 字节（每个汉字 3 字节），有的邮箱会显示成乱码")
    if _NOT_IN_A_NAME.search(name):
        faults.append("要作文件名，不能有这些符号")
    if not name.endswith(package.document[package.document.rfind(".") :]):
        faults.append("后缀要与 document 相同")
    return faults
