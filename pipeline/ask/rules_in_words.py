"""The rulebook an officer reads and signs: every rule in words, with its source and its examples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.checks import VOCABULARY, Example, Rule
from pipeline.model import Document
from pipeline.model.stop import Exit, Stop
from pipeline.model.words import SEVERITY_WORDS, TIER_WORDS
from pipeline.programme import Programme

_WORKBOOK, _TEXT = "规则手册.xlsx", "规则手册.md"


def rulebook(programme: Programme, templates: Path) -> tuple[Document, ...]:
    """规则手册.xlsx and 规则手册.md. Raises Stop for an example that says otherwise than
    its rule, ProgrammeFault for a template."""
    from pipeline.office.fill import filled
    from pipeline.render import fill_text
    from pipeline.validate.examples import disproved

    for rule, word, example in disproved(programme):
        verdict = "应通过而没有通过" if word == "ok" else "应不通过而通过了"
        raise Stop(
            f"规则 {rule.code} 的例子（{_example_in_words(example, programme)}）{verdict}，请改规则或例子",
            Exit.PROGRAMME,
        )
    view = {
        "title": programme.title,
        "notice": programme.notice,
        "office": programme.office,
        "version": __version__,
        "digest": programme.digest[:12],
        "rules": [rule_in_words(rule, programme) for rule in programme.rules],
    }
    return (
        Document(_WORKBOOK, "本单位", filled(templates / _WORKBOOK, view), private=False),
        Document(_TEXT, "本单位", fill_text(templates, _TEXT, view).encode("utf-8"), private=False),
    )


def rule_in_words(rule: Rule, programme: Programme) -> dict[str, Any]:
    """One rule in the words of the rulebook."""
    word = VOCABULARY.get(rule.check)
    kinds = [programme.kind[k].label for k in rule.on]
    return {
        "code": rule.code,
        "tier": TIER_WORDS.get(rule.code[0], ""),
        "title": rule.title,
        "field": programme.field[rule.field].label if rule.field else "",
        "severity": SEVERITY_WORDS[rule.severity],
        "meaning": word.meaning if word else "读表或汇总时核对",
        "message": rule.worded().replace("{", "〔").replace("}", "〕"),
        "source": rule.source,
        "span": _span(rule),
        "on": "、".join(kinds),
        "ok": "\n".join(_example_in_words(e, programme) for e in rule.ok),
        "bad": "\n".join(_example_in_words(e, programme) for e in rule.bad),
    }


def _span(rule: Rule) -> str:
    since = f"{rule.since} 起" if rule.since else ""
    return since + (f"至 {rule.until} 止" if rule.until else "")


def _example_in_words(example: Example, programme: Programme) -> str:
    rows = ["，".join(_cells(row, programme)) for row in example]
    return rows[0] if len(rows) == 1 else f"{len(rows)} 行：{'；'.join(rows)}"


def _cells(row: Mapping[str, object], programme: Programme) -> Iterator[str]:
    for name, value in row.items():
        label = programme.field[name].label if name in programme.field else "报告期"
        if isinstance(value, (int, float, date)):
            yield f"{label} {value}（{'日期' if isinstance(value, date) else '数字'}格式）"
        else:
            yield f"{label}“{value}”" if value else f"{label}空着"
