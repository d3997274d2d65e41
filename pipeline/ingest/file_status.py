"""The status of a file as far as it alone tells it, with the issue that explains it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from pipeline.ingest.papers import Book
from pipeline.ingest.rosters import Roster
from pipeline.ingest.titles import TITLE_ROWS, titles
from pipeline.model import Grid, Status
from pipeline.model.as_filed import Filed

_NOBODY = "表中没有人员"


def with_status(filed: Filed, rosters: list[Roster], book: Book) -> Filed:
    """The status as far as the file alone tells it, with the issue that explains it."""

    def refused(code: str, status: Status, why: str, **slots: object) -> Filed:
        issue = book.programme.issue(code, **slots)
        return replace(
            filed, status=status, reason=why, tables=(), refused_rows=filed.rows_read,
            issues=(*filed.issues, issue),
        )  # fmt: skip

    if not rosters and not filed.lines:
        what = _instead_of_a_list(book.grids)
        return refused("F03", Status.NOT_A_RETURN, f"不是报表：{what}", reason=what)
    if any(t.rows and not any(t.units) for t in filed.tables):
        if other := _of_another_office(book):
            return refused("F11", Status.NOT_A_RETURN, f"{other}不归本单位汇总", other=other)
        if any(issue.rule == "S25" for issue in filed.issues):
            return replace(
                filed, status=Status.RETURNED, reason="填报单位前后不一", tables=(),
                refused_rows=filed.rows_read,
            )  # fmt: skip
        return refused("F04", Status.RETURNED, "认不出填报单位")
    if filed.tables and not filed.period:
        return refused("F09", Status.RETURNED, "看不出报告期", example="2018-11")
    if not filed.tables and rosters:
        lost = any(r.table is None and not r.nobodys for r in rosters)
        reason = "缺少必需的列" if lost else _NOBODY
        if not lost and any(r.nobodys for r in rosters):
            reason = "是没有参加的人员名单，没有计入"
        status = Status.RETURNED if lost else Status.NOT_A_RETURN
        kept = {name: found for name, found in filed.lines.items() if name != "stated"}
        if any(line["waits"] for line in filed.lines.get("column_questions", ())):
            reason = "有的列要由汇总人员认定（见待裁定.xlsx 的“认列”），暂未计入"
        elif reason == _NOBODY and filed.units and not kept:
            empty = book.programme.issue("F13").at(unit=filed.units[0])
            return replace(filed, status=status, reason=reason, issues=(*filed.issues, empty))
        return replace(filed, status=status, reason=reason, lines=kept)  # a form not filled in
    return filed


def _instead_of_a_list(grids: Iterable[Grid]) -> str:
    if any(g.pictured and g.last_row < TITLE_ROWS for g in grids):
        return "只有图片或嵌入的文件，没有可读的名单"
    return "没有姓名、证件号码等列" if any(g.last_row for g in grids) else "工作簿里没有内容"


def _of_another_office(book: Book) -> str:
    """The unit a file comes from where that unit is known but lies below another office."""
    texts = (*titles(book.grids), book.file.file_name)
    named = (u for text in texts for u in book.programme.gazetteer.elsewhere_in(text))
    return next((u.name for u in named if u.parent), "")
