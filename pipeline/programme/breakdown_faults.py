"""What of [[breakdowns]] and [[outcomes]] leads nowhere or cannot be divided so."""

from __future__ import annotations

from itertools import pairwise

from pipeline.programme.draft import Draft, Entry

BY = ("words", "answer", "years", "amount")
_UNBANDED = ("words", "answer")


def check_breakdowns(draft: Draft) -> None:
    """Adds them to the draft's faults."""
    fields = {field.name: field for _, field in draft.fields}
    for entry, breakdown in draft.breakdowns:
        draft.lead_somewhere(entry, "field", [breakdown.field], "fields", "字段")
        if breakdown.by not in BY:
            draft.fault(entry, "by", f"by = “{breakdown.by}”，只能是 {'、'.join(BY)}")
        elif breakdown.by in _UNBANDED and breakdown.bands:
            draft.fault(entry, "bands", f'by = "{breakdown.by}" 不分段，不写 bands')
        elif breakdown.by not in _UNBANDED and not breakdown.bands:
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
