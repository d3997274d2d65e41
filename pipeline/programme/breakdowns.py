"""How figures are divided ([[breakdowns]]) and what follows from what ([[outcomes]]), as the programme says."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.programme.draft import Draft, Entry

BY = ("words", "years", "amount")


@dataclass(frozen=True)
class Breakdown:
    """One division of the persons of a figure.

    by: `words`: as the field says; `years`: by the years since the day that the field says, at the end of the
    period; `amount`: by the number that it says, with quartiles beside. bands: where each band but the
    first begins. summary: whether the summary workbook shows it.
    """

    name: str
    label: str
    field: str
    by: str = "words"
    bands: tuple[int, ...] = ()
    unit_word: str = ""
    summary: bool = True

    @property
    def spans(self) -> tuple[tuple[float, float, str], ...]:
        """Each band: from, to below, its label.

        >>> Breakdown("old", "年龄", "born", "years", (16, 30), "岁").spans[1]
        (16, 30, '16—29岁')
        """
        if not self.bands:
            return ()
        first, last = self.bands[0], self.bands[-1]
        inner = ((a, b, f"{a}—{b - 1}{self.unit_word}") for a, b in pairwise(self.bands))
        return (
            (float("-inf"), first, f"{first}{self.unit_word}以下"),
            *inner,
            (last, float("inf"), f"{last}{self.unit_word}及以上"),
        )


@dataclass(frozen=True)
class Outcome:
    """Of the persons of one indicator, how many are in another afterwards, and how soon.

    first, then: indicators; learned, done: the fields that say in what she was taught and what she
    does, '' where that is not asked; bands: days after the end of the first.
    """

    name: str
    label: str
    first: str
    then: str
    learned: str = ""
    done: str = ""
    bands: tuple[int, ...] = ()


def check_breakdowns(draft: Draft) -> None:
    """Adds to the draft's faults what leads nowhere or cannot be divided so."""
    fields = {field.name: field for _, field in draft.fields}
    for entry, breakdown in draft.breakdowns:
        draft.lead_somewhere(entry, "field", [breakdown.field], "fields", "字段")
        if breakdown.by not in BY:
            draft.fault(entry, "by", f"by = “{breakdown.by}”，只能是 {'、'.join(BY)}")
        elif breakdown.by == "words" and breakdown.bands:
            draft.fault(entry, "bands", 'by = "words" 不分段，不写 bands')
        elif breakdown.by != "words" and not breakdown.bands:
            draft.fault(
                entry, "by", f'by = "{breakdown.by}" 要写分段的起点，如 bands = [18, 35, 60]'
            )
        _check_bands(draft, entry, breakdown.bands)
        field = fields.get(breakdown.field)
        if field and field.fills:
            draft.fault(entry, "field", f"字段“{field.name}”只填入别的字段，请用它填入的字段")
        elif field and field.sensitive and breakdown.by == "words":
            draft.fault(entry, "field", f"字段“{field.name}”不宜公开（sensitive），不能按它分组")
        elif field and breakdown.by == "years" and field.kind not in ("birth", "day"):
            draft.fault(entry, "field", f"字段“{field.name}”不是日期，算不出年龄")
    for entry, outcome in draft.outcomes:
        draft.lead_somewhere(entry, "first", [outcome.first], "indicators", "指标")
        draft.lead_somewhere(entry, "then", [outcome.then], "indicators", "指标")
        for word in ("learned", "done"):
            if named := getattr(outcome, word):
                draft.lead_somewhere(entry, word, [named], "fields", "字段")
        _check_bands(draft, entry, outcome.bands)


def _check_bands(draft: Draft, entry: Entry, bands: tuple[int, ...]) -> None:
    if any(b <= a for a, b in pairwise(bands)):
        draft.fault(entry, "bands", "bands 要由小到大，如 [18, 35, 60]")
