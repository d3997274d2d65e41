"""What `pipeline explain` says of a figure (its rows, and who was left out) and of one row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from pipeline.model import cell_at, place_at

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.ask import Fate, Lineage, Source
    from pipeline.ask.traced import Row
    from pipeline.programme import Programme

_MEASURES = {
    "counted": "完成数", "rate": "完成率", "attendances": "人次", "rows_read": "名单行数",
    "returned": "退回", "merged": "合并或计入别处", "bridge:filed": "本期名单行数",
    "bridge:returned": "本期退回", "bridge:elsewhere": "本期计入其他单位", "bridge:merged": "本期同人合并",
    "bridge:carried": "沿用前期报表", "target": "任务数", "short": "距任务", "self_reported": "自报数",
    "unlisted": "名单与自报之差", "least": "最少", "most": "最多",
    "filings:due": "应报单位", "filings:filed": "已报单位", "filings:files": "收到文件", "filings:rounds": "报送次数",
    "filings:first_rows": "首次所报行数", "filings:first_sound": "首次所报合格行数", "filings:first_rate": "首次所报合格率",
    "filings:errors": "应退回的问题", "filings:warnings": "待核实的问题",
    "findings:cells": "问题处数", "findings:units": "涉及单位",
    "breakdown": "人数", "breakdown:share": "占比", "outcome": "人数", "outcome:share": "占比",
    "amount:median": "中位数", "amount:first_quartile": "下四分位数", "amount:third_quartile": "上四分位数",
    "amount:mean": "平均数",
}  # fmt: skip
# where a figure comes from that no rows of rosters make up, by what its measure begins with
_ORIGINS = {
    "target": "任务分解表（见 data/targets.csv）", "filings": "收到的文件（见 data/filings.csv、run.json）",
    "findings": "核对出的问题（见 data/issues.csv）", "self_reported": "各地汇总表里自报的数",
}  # fmt: skip
_RATES = ("rate", ":share", "_rate")
_FATES = {
    "counted": "计入", "merged": "不另计（同一人已计）", "returned": "退回，未计入",
    "superseded": "已被同一单位后来的报表替代",
}  # fmt: skip


def tell_lineage(
    outbox: Path, words: tuple[str, ...], period: str, programme: Programme, *, as_json: bool
) -> None:
    """A figure, the rows that make it up, and the rows left out with the reason of each."""
    from pipeline.ask import lineage

    found = lineage(outbox, words, period, programme)
    if as_json:
        click.echo(json.dumps(_as_json(found, programme), ensure_ascii=False))
        return
    click.echo(_figure(found.source, programme) + f"　截至 {found.period}")
    if not found.of_rows:
        origin = _ORIGINS.get(
            found.source.measure.partition(":")[0], "任务分解表、自报数与完成数的比较"
        )
        click.echo(f"  这个数来自{origin}，不是由名单的行数出来的")
        return
    click.echo(f"由下列 {len(found.rows)} 行组成：" if found.rows else "没有计入的行")
    for n, row in enumerate(found.rows, 1):
        click.echo(f"{n:>6} {_person(row)}　{place_of(row)}")
    if found.left:
        click.echo(f"同一范围没有计入的 {len(found.left)} 行：")
    for row in found.left:
        click.echo(f"       {_person(row)}　{place_of(row)}　{_why(row, programme)}")


def tell_fates(outbox: Path, place: str, period: str, programme: Programme) -> None:
    """What became of one row, and the cells of the month's workbooks that count it."""
    from pipeline.ask import fates

    for fate in fates(outbox, place, period, programme):
        row = fate.row
        label = programme.indicator[row["indicator"]].label
        click.echo(f"{_person(row)}　{label}　{place_of(row)}")
        for line in _became(fate, programme):
            click.echo(f"  {line}")


def _became(fate: Fate, programme: Programme) -> Iterator[str]:
    from pipeline.model.words import REASON_WORDS

    row, name = fate.row, programme.gazetteer.name
    yield _FATES[row["fate"]] + (f"：{fate.why}" if row["fate"] == "returned" and fate.why else "")
    if row["counted_for"]:
        why = (
            f"（{row['claimants']} 个单位上报，按{REASON_WORDS[row['reason']]}）"
            if row["reason"]
            else ""
        )
        yield f"{row['begun']} 年计入{name(row['counted_for'])}{why}"
    if row["overall"]:
        yield f"累计以这一行计入{name(row['overall'])}"
    if fate.cells:
        yield "进入的数："
    for source in fate.cells:
        yield f"  {source.place}　{_figure(source, programme)}"


def _figure(source: Source, programme: Programme) -> str:
    own = "（本级）" if source.level == "own" else ""
    unit = programme.gazetteer.name(source.unit) + own
    what = programme.indicator[source.indicator].label if source.indicator else "各项"
    span = "累计" if source.scope == "cumulative" else f"{source.year}年" if source.year else "当年"
    measure = _MEASURES.get(source.measure, source.measure)
    printed = source.printed
    if printed and source.measure.endswith(_RATES):
        printed = f"{float(printed):.2%}"
    return " ".join(filter(None, [unit, what, span, _detail(source, programme), measure, printed]))


def _detail(source: Source, programme: Programme) -> str:
    """Of whom or of what, in words: 残疾类别：视力残疾; the title of a rule."""
    dimension, _, word = source.detail.partition("=")
    labels = {b.name: b.label for b in programme.breakdowns}
    labels |= {n: o.label for o in programme.outcomes for n in (o.name, f"{o.name}_craft")}
    if rule := programme.rule.get(dimension):
        return f"{rule.code} {rule.title}"
    label = labels.get(dimension, "" if word or "=" in source.detail else dimension)
    return f"{label}：{word}" if label and word else label or word


def _person(row: Row) -> str:
    from pipeline.values import mask_digits, mask_id

    number = mask_id(row["number"]) if row["number"] else "（无有效证件号）"
    return f"{mask_digits(row['name']) or '（无姓名）'}　{number}"


def place_of(row: Row) -> str:
    """Where the row lies: file, sheet, row, and the cell of the number that says who she is."""
    at = place_at(cell_at(row["number_at"], row["row"]), row["row"])
    return " ".join(filter(None, [row["file"], row["sheet"], at]))


def _why(row: Row, programme: Programme) -> str:
    from pipeline.model.words import REASON_WORDS

    if row["step"] == "returned":
        rule = programme.rule.get(row["detail"])
        return f"退回：{rule.code} {rule.title}" if rule else "退回"
    if row["step"] == "elsewhere":
        why = f"（按{REASON_WORDS[row['reason']]}）" if row["reason"] else ""
        return f"计入{programme.gazetteer.name(row['counted_for'])}{why}"
    return "同一人另有一行已计" if row["step"] == "merged" else "不在这一范围"


def _as_json(found: Lineage, programme: Programme) -> dict[str, Any]:
    """The same, for programs: numbers masked."""
    return {
        **vars(found.source),
        "period": found.period,
        "count": len(found.rows) if found.of_rows else None,
        "rows": list(_lines(found.rows)),
        "left_out": [
            {**line, "why": _why(row, programme)}
            for line, row in zip(_lines(found.left), found.left, strict=True)
        ],
    }


def _lines(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    for row in rows:
        cell = cell_at(row["number_at"], row["row"])
        yield {
            "person": _person(row), "unit": row["unit"], "year": row["year"], "file": row["file"],
            "sheet": row["sheet"], "row": row["row"], "cell": cell,
        }  # fmt: skip
