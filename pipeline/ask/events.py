"""An event of the register in the words a clerk reads; numbers masked, sensitive values left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.model import place_at
from pipeline.model.words import REASON_WORDS, VERDICT_WORDS
from pipeline.programme import Programme
from pipeline.values import mask_digits, mask_id

_BLANK = "空"


def event_in_words(event: Mapping[str, Any], programme: Programme) -> str:
    """What happened, as one clause. Sensitive fields are only said to have changed."""
    return _WORDS[event["event"]](event, programme)


def place_in_words(event: Mapping[str, Any]) -> str:
    """The source: file, sheet, row and cell; nothing where there is none."""
    if not event["file"]:
        return ""
    at = place_at(event["cell"], event["row"])
    return " ".join(filter(None, [event["file"], event["sheet"], at]))


def _roster(event: Mapping[str, Any], programme: Programme) -> str:
    """Whose list of what."""
    kinds = {i.name: programme.kind[i.kind].label for i in programme.indicators}
    unit = programme.gazetteer.name(event["unit"])
    return f"{unit}{kinds.get(event['indicator'], '名单')}"


def _indicator(event: Mapping[str, Any], programme: Programme) -> str:
    return {i.name: i.label for i in programme.indicators}.get(event["indicator"], "")


def _units(codes: str, programme: Programme) -> str:
    return "、".join(programme.gazetteer.name(code) for code in codes.split(";") if code)


def _why(event: Mapping[str, Any]) -> str:
    return f"（按{REASON_WORDS[event['reason']]}）" if event["reason"] in REASON_WORDS else ""


def _seen(event: Mapping[str, Any], programme: Programme) -> str:
    return f"首次列入{_roster(event, programme)}"


def _began(event: Mapping[str, Any], programme: Programme) -> str:
    what = f"：{mask_digits(event['note'])}" if event["note"] else ""
    return f"{event['on']} 起{_indicator(event, programme)}{what}（{_units(event['unit'], programme)}上报）"


def _changed(event: Mapping[str, Any], programme: Programme) -> str:
    field = programme.field[event["field"]]
    if field.sensitive:
        return f"{field.label}有改动（上一份 {event['note']}）"
    before, after = (mask_digits(event[k]) or _BLANK for k in ("before", "after"))
    return f"{field.label}由“{before}”改为“{after}”（上一份 {event['note']}）"


def _corrected(event: Mapping[str, Any], programme: Programme) -> str:
    return f"{_roster(event, programme)}更正了证件号（{event['reason']}）"


def _dropped(event: Mapping[str, Any], programme: Programme) -> str:
    return f"不再列入{_roster(event, programme)}（最后列入 {event['note']}）"


def _moved(event: Mapping[str, Any], programme: Programme) -> str:
    return f"{_dropped(event, programme)}，现由{_units(event['other'], programme)}上报"


def _back(event: Mapping[str, Any], programme: Programme) -> str:
    return f"又列入{_roster(event, programme)}"


def _listed(event: Mapping[str, Any], programme: Programme) -> str:
    day = f"，{event['on']}" if event["on"] else ""
    doubt = "，须核实" if event["reason"] else ""
    return f"参考名单 {event['other']}：{event['note']}{day}{doubt}"


def _judged(event: Mapping[str, Any], programme: Programme) -> str:
    reason = f"，理由：{mask_digits(event['reason'])}" if event["reason"] else ""
    if event["other"]:
        verdict = VERDICT_WORDS.get(event["note"], "")
        return f"裁定：与 {mask_id(event['other'])} 是{verdict}{reason}"
    return f"裁定：计入{_units(event['unit'], programme)}{reason}"


def _returned(event: Mapping[str, Any], programme: Programme) -> str:
    why = f"：{event['note']}" if event["note"] else ""
    return f"{_roster(event, programme)}中这一行退回，未计入{why}"


def _counted(event: Mapping[str, Any], programme: Programme) -> str:
    what = f"{event['year']} 年{_indicator(event, programme)}"
    return f"{what}计入{_units(event['other'], programme)}{_why(event)}"


def _merged(event: Mapping[str, Any], programme: Programme) -> str:
    what = f"{event['year']} 年{_indicator(event, programme)}"
    return f"这一行不另计：{what}已计入{_units(event['other'], programme)}{_why(event)}"


def _cumulative(event: Mapping[str, Any], programme: Programme) -> str:
    what = f"累计{_indicator(event, programme)}"
    return f"{what}计入{_units(event['other'], programme)}{_why(event)}"


_WORDS = {
    "seen": _seen, "began": _began, "changed": _changed, "corrected": _corrected,
    "dropped": _dropped, "moved": _moved, "back": _back, "listed": _listed, "judged": _judged,
    "returned": _returned, "counted": _counted, "merged": _merged, "cumulative": _cumulative,
}  # fmt: skip
