"""What of [inspection], [[archives]], [[appraisals]] and [[clues]] leads nowhere or cannot be measured."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.programme.draft import Draft
from pipeline.programme.supervision import APPRAISED, CLUES, Appraisal, Clue
from pipeline.programme.toml import Toml

_WHOLE = 100
# [inspection]: each word with its least and its most
_BETWEEN = {"confidence": (50, 99), "margin": (1, 49), "least": (0, 1000)}
_OF_A_SHARE = frozenset({"equal_amounts", "one_day"})


def check_supervision(draft: Draft, main: Toml) -> None:
    """Adds them to the draft's faults."""
    for word, value in (draft.head.inspection if draft.head else {}).items():
        if word not in _BETWEEN:
            fault = f"不认识的词“{word}”，这里只写 {'、'.join(_BETWEEN)}"
        elif not _BETWEEN[word][0] <= value <= _BETWEEN[word][1]:
            fault = f"{word} 要在 {_BETWEEN[word][0]} 到 {_BETWEEN[word][1]} 之间"
        else:
            continue
        draft.faults.add(main.path, main.line("inspection", word), f"[inspection] {fault}")
    for entry, archive in draft.archives:
        draft.lead_somewhere(entry, "on", archive.on, "kinds", "名单")
    draft.once([(e, a.label) for e, a in draft.archives], "label", "“{}”用了两次")
    for entry, appraisal in draft.appraisals:
        for word, fault in _of_appraisal(appraisal):
            draft.fault(entry, word, fault)
    draft.once([(e, a.name) for e, a in draft.appraisals], "name", "“{}”评了两次")
    whole = sum(appraisal.points for _, appraisal in draft.appraisals)
    if draft.appraisals and whole != _WHOLE:
        entry, _ = draft.appraisals[-1]
        draft.fault(entry, "points", f"各项 points 加起来要等于 {_WHOLE}，现在是 {whole}")
    for entry, clue in draft.clues:
        for word, fault in _of_clue(clue):
            draft.fault(entry, word, fault)
        if clue.field:
            draft.lead_somewhere(entry, "field", [clue.field], "fields", "字段")
    draft.once([(e, f"{c.check} {c.field}") for e, c in draft.clues], "check", "“{}”用了两次")


def _of_appraisal(appraisal: Appraisal) -> Iterator[tuple[str, str]]:
    if appraisal.name not in APPRAISED:
        yield "name", f"name = “{appraisal.name}”，只能是 {'、'.join(APPRAISED)}"
    if appraisal.points < 0:
        yield "points", "points 要写成 0 或大于 0 的整数"
    if appraisal.full == appraisal.none:
        yield "full", "full（得满分的数）和 none（不得分的数）不能相同"
    if not 0 <= appraisal.due_day <= 28:
        yield "due_day", "due_day 要写成 1 到 28 的日子，没有规定的不写"
    elif appraisal.due_day and appraisal.name != "timeliness":
        yield "due_day", "due_day 只用于 timeliness"


def _of_clue(clue: Clue) -> Iterator[tuple[str, str]]:
    if clue.check not in CLUES:
        yield "check", f"check = “{clue.check}”，只能是 {'、'.join(CLUES)}"
    if clue.least < 2:
        yield "least", "least 要写成 2 或大于 2 的整数"
    if not 0 <= clue.share <= _WHOLE:
        yield "share", "share 要写成 0 到 100 的百分数"
    elif clue.share and clue.check not in _OF_A_SHARE:
        yield "share", f"check = “{clue.check}” 不看占比，不写 share"
    if bool(clue.field) != (clue.check == "equal_amounts"):
        yield "field", "只有 equal_amounts 要写 field，也必须写：看哪一列的金额"
