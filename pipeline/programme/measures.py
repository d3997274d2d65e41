"""What an indicator counts: `persons`, `rows`, `sum:field`, `share:field=code`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_FORM = re.compile(
    r"(?P<kind>persons|rows)|(?P<sum>sum):(?P<summed>\w+)|(?P<share>share):(?P<shared>\w+)=(?P<code>\w+)"
)


@dataclass(frozen=True)
class Measure:
    """persons: each once, whoever lists her; rows: lines that stand; sum: of a field over them;
    share: of the lines whose field says a code, in all that say anything."""

    kind: str = "persons"
    field: str = ""
    code: str = ""

    @property
    def counts_persons(self) -> bool:
        """Whether it is persons that are counted, so that nobody counts twice."""
        return self.kind == "persons"


PERSONS = Measure()


def read_measure(text: str) -> Measure:
    """A measure as an officer writes it. Raises ValueError, in her words, for anything else.

    >>> read_measure("persons"), read_measure("sum:loans")
    (Measure(kind='persons', field='', code=''), Measure(kind='sum', field='loans', code=''))
    >>> read_measure("share:certified=yes").code
    'yes'
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(
            f"measure = “{text}” 读不懂，只能写 persons（人数）、rows（行数）、"
            "sum:字段（求和）或 share:字段=代码（占比）"
        )
    kind = match["kind"] or match["sum"] or match["share"]
    return Measure(kind, match["summed"] or match["shared"] or "", match["code"] or "")
