"""Reports that can be written, rules that are gathered once, topics that are read."""

from __future__ import annotations

from pipeline.programme.draft import Draft, Entry
from pipeline.programme.reports import BULLETIN, LEVELS, REPORT, REPORT_SLOTS, TOPICS, Report
from pipeline.programme.rules import slots_of


def check_reports(draft: Draft) -> None:
    """Adds to the draft's faults whatever is wrong with [[reports]], [[concerns]] and [[themes]]."""
    for entry, report in draft.reports:
        if report.level not in LEVELS:
            draft.fault(entry, "level", f"level 只能是 {'、'.join(LEVELS)}")
        if report.template not in (REPORT, BULLETIN):
            draft.fault(entry, "template", f"template 只能是 {REPORT}、{BULLETIN}")
        if any(not 1 <= month <= 12 for month in report.months):
            draft.fault(entry, "months", "months 要写成 1 到 12 的月份，如 [11]")
        if not report.title or not report.signed:
            draft.fault(
                entry, "title", 'title 和 signed 至少写一行，如 ["{office}", "关于…的报告"]'
            )
        for word, text in _texts(report):
            _check_slots(draft, entry, word, text)
    draft.once(
        ((entry, f"{r.level} {month}") for entry, r in draft.reports for month in r.months or (0,)),
        "months", "这一级这个月的报告写了两次（{}）",
    )  # fmt: skip
    for entry, concern in draft.concerns:
        draft.lead_somewhere(entry, "rules", concern.rules, "rules", "规则")
        if concern.report and not concern.ask:
            draft.fault(entry, "ask", "要写明 ask：请各地怎样做")
    draft.once(
        ((entry, code) for entry, c in draft.concerns for code in c.rules),
        "rules", "规则 {} 归了两类",
    )  # fmt: skip
    for entry, theme in draft.themes:
        if theme.topic not in TOPICS:
            draft.fault(entry, "topic", f"topic 只能是 {'、'.join(TOPICS)}")
        if not theme.words:
            draft.fault(entry, "words", "要写明 words：哪些词说的是这件事")


def _texts(report: Report) -> list[tuple[str, str]]:
    single = ("kind", "to", "copied", "basis", "mail", "ask")
    lines = [(word, text) for word in ("title", "signed") for text in getattr(report, word)]
    return [*((word, getattr(report, word)) for word in single), *lines]


def _check_slots(draft: Draft, entry: Entry, word: str, text: str) -> None:
    if unknown := sorted(slots_of(text) - REPORT_SLOTS):
        draft.fault(entry, word, f"{word} 不能用 {{{'}、{'.join(unknown)}}}")
