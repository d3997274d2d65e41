"""What is said of a file that cannot be read: from its name and the reason alone."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.model import Issue
from pipeline.periods import day_of, period_in
from pipeline.programme import Programme

_RESAVE = "请用 Excel 或 WPS 打开核对，删除多余的空行空列，另存为 .xlsx 后重新报送"


class Unread(NamedTuple):
    """Whose it may be and for when, in short why it cannot be read, and the issue that says so."""

    period: str
    unit: str
    reason: str
    issue: Issue


def unread(path: str, folder_period: str, programme: Programme, code: str, why: str) -> Unread:
    """What is known of a file that could not be read, by the rule's code.

    What stands behind the first full stop of `why` is what to do about it.
    """
    name = path.rsplit("!", 1)[-1].rsplit("/", 1)[-1]
    period = folder_period or period_in([name])
    reason, _, remedy = why.partition("。")
    issue = programme.issue(code, reason=reason, remedy=remedy or _RESAVE).at(file=path)
    return Unread(period, programme.gazetteer.find_one(name, day_of(period)), reason, issue)
