"""The papers of a sample: a workbook a unit, for the telephone and for the spot, and how it was drawn."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.ask.drawn_sample import Drawn, Sample, size_of
from pipeline.model import Document
from pipeline.model.words import NOT_ASKED
from pipeline.programme import Programme
from pipeline.values import mask_id

FOLDER = "专项检查"
_SHEETS, _PLAN = "专项检查表.xlsx", "抽样说明.xlsx"
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')


def inspection_papers(sample: Sample, programme: Programme, templates: Path) -> Iterator[Document]:
    """One workbook for each unit of whom somebody was drawn, and 抽样说明.xlsx. Raises ProgrammeFault."""
    from pipeline.office.fill import filled

    heading: dict[str, Any] = {
        "office": programme.office,
        "region": programme.gazetteer.name(programme.gazetteer.top),
        "period_label": f"{sample.period[:4]}年{int(sample.period[5:])}月",
        "archives": [archive.label for archive in programme.archives],
    }
    units: dict[str, list[Drawn]] = defaultdict(list)
    for one in sample.persons:
        units[one.unit].append(one)
    for unit, own in sorted(units.items()):
        name = programme.gazetteer.name(unit)
        persons = [_line(n, one, programme) for n, one in enumerate(own, 1)]
        view = {**heading, "unit": name, "persons": persons}
        path = _NOT_IN_NAMES.sub("_", f"{unit}_{name}_{_SHEETS}")
        yield Document(path, unit, filled(templates / _SHEETS, view))
    strata = [
        {
            "indicator": programme.indicator[indicator].label,
            "unit": programme.gazetteer.name(unit),
            "craft": craft, "persons": persons, "drawn": drawn,
        }
        for (indicator, unit, craft), (persons, drawn) in sample.strata.items()
    ]  # fmt: skip
    view = {
        **heading,
        "seed": sample.seed,
        "how": drawn_in_words(sample, programme),
        "strata": strata,
    }
    yield Document(_PLAN, "本单位", filled(templates / _PLAN, view), private=False)


def drawn_in_words(sample: Sample, programme: Programme) -> str:
    """How many were drawn of how many, by what rule, and how to draw them again."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for (indicator, _, _), (persons, drawn) in sample.strata.items():
        counts[indicator] += Counter({"persons": persons, "drawn": drawn})
    inspection = programme.inspection
    parts = "；".join(
        f"{programme.indicator[name].label}已计入 {own['persons']} 人，"
        f"应抽 {size_of(own['persons'], sample.wanted, programme)} 人，实抽 {own['drawn']} 人"
        for name, own in counts.items()
    )
    if sample.wanted:
        how = f"每项抽 {sample.wanted}{'' if sample.wanted.endswith('%') else ' 人'}"
    else:
        how = (
            f"样本量按 {inspection.confidence}% 的置信水平、{inspection.margin} 个百分点的误差确定"
            "（属实比例未知，按 50% 计，并作有限总体校正：n = n0 ÷ (1 + (n0 − 1) ÷ N)）"
        )
    return (
        f"{parts}。{how}。只从已计入的人员中抽取；单位之间按人数比例分配（最大余数法），"
        f"每个单位每项至少 {inspection.least} 人，不足的全部抽取；单位内按内容排列、等距抽取，各种内容按比例抽到，"
        "每人被抽到的机会相同。起点和次序由种子的摘要（SHA-256）定：同一期结果用同一个种子，由谁抽取结果都相同。"
    )


def _line(seq: int, one: Drawn, programme: Programme) -> dict[str, Any]:
    """What an inspector needs of a person; her number stays masked."""
    row, kind = one.row, programme.kind[one.row["kind"]]
    home = one.fields.get(kind.role("home"), "") or one.fields.get(kind.role("residence"), "")
    return {
        "seq": seq,
        "unit": f"{programme.gazetteer.name(one.unit)}（{one.unit}）",
        "name": row["name"],
        "number": mask_id(row["number"]),
        "indicator": programme.indicator[row["indicator"]].label,
        "craft": one.craft,
        "dates": "—".join(filter(None, (row["start"], row["finish"]))),
        "phone": row["phone"],
        "address": home,
        "of": one.fields,
        "archives": [
            "" if not archive.on or row["kind"] in archive.on else NOT_ASKED
            for archive in programme.archives
        ],
    }
