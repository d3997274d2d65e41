"""What each unit filed, as its card lists it: this period's files, those of earlier ones, by month."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.model import Figures, Input, Month, Status
from pipeline.model.words import STATUS_WORDS
from pipeline.programme import Programme
from pipeline.render.data import shown_path
from pipeline.render.page.hrefs import href_of_input

_GONE = (Status.SUPERSEDED, Status.SAME_CONTENT)
_REFUSED = (Status.UNREADABLE, Status.RETURNED)
_COUNTS = ("rows_read", "counted", "returned", "merged", "superseded")


@dataclass(frozen=True)
class Filed:
    """By unit (entity; '' for what is nobody's) the files of the period and the earlier ones that it
    filed; and by unit and month how many files, and the newest date written in them.

    before: those of the year, and what still stands of earlier years; older: how many others there are.
    """

    now: Mapping[str, list[dict[str, Any]]]
    before: Mapping[str, list[dict[str, Any]]]
    older: Mapping[str, int]
    by_month: Mapping[tuple[str, str], tuple[int, str]]
    months: tuple[str, ...]  # of the period's year, those for which anybody filed


def files_by_filer(
    month: Month, figures: Figures, programme: Programme, originals: Mapping[str, str]
) -> Filed:
    """Every input under the units that filed it; a bundle stands under each of them."""
    filers: defaultdict[str, set[str]] = defaultdict(set)
    dated: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for line in month.table("filings").to_pylist():
        filers[line["file"]].add(line["entity"])
        of_file = dated[line["entity"], line["period"]]
        of_file[line["file"]] = max(of_file.get(line["file"], ""), line["filed_on"])
    now: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    before: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    older: Counter[str] = Counter()
    year = figures.period[:4]
    for entry in figures.inputs:
        own = programme.gazetteer.entity(entry.unit) if entry.unit else ""
        line = _file(entry, figures.period, programme, originals)
        line["bundle"] = len(filers[entry.path]) > 1
        for unit in sorted({own, *filers[entry.path]} - ({""} if filers[entry.path] else set())):
            if entry.period in ("", figures.period):
                now[unit].append(line)
            elif entry.period[:4] == year or entry.status not in _GONE:
                before[unit].append(line)
            else:
                older[unit] += 1
    return Filed(
        now,
        before,
        older,
        {key: (len(files), max(files.values())) for key, files in dated.items()},
        tuple(sorted({period for _, period in dated if period[:4] == year})),
    )


def _file(
    entry: Input, period: str, programme: Programme, originals: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "path": shown_path(entry.path, period),
        "href": href_of_input(entry.path, originals),
        "status": STATUS_WORDS[entry.status],
        "refused": entry.status in _REFUSED,
        "kinds": "、".join(_labels(entry.kinds, programme)),
        "reason": entry.reason,
        **{count: getattr(entry, count) for count in _COUNTS},
    }


def _labels(kinds: Iterable[str], programme: Programme) -> list[str]:
    labels = {i.kind: i.label for i in programme.indicators}
    return [labels.get(kind) or programme.kind[kind].label for kind in kinds]
