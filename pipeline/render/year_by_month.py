"""What the line chart is drawn from: the months of the year, those who began in each and up to its end."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pipeline.model import Figures
from pipeline.office.fill import cited
from pipeline.programme import Programme


def charted(figures: Figures, programme: Programme) -> dict[str, Any]:
    """months: label, and by indicator the persons who began in it and those counted up to its end.

    From the year's first month to that of the period; an indicator that adds amounts up has blanks.
    """
    year, last = figures.period[:4], int(figures.period[5:])
    top, level = programme.gazetteer.top, figures.table.column("level")[0].as_py()
    began: Counter[tuple[str, str]] = Counter()
    for line in figures.monthly.to_pylist():
        if (line["unit"], line["scope"], line["year"], line["basis"]) == (top, "year", year, "began"):  # fmt: skip
            began[line["indicator"], line["month"]] += line["persons"]
    counted: Counter[str] = Counter()
    months = []
    for month in (f"{year}-{n:02d}" for n in range(1, last + 1)):
        point: dict[str, Any] = {"label": f"{int(month[5:])}月"}
        for indicator in programme.indicators:
            name = indicator.name
            counted[name] += began[name, month]
            who = (top, level, name, "year")
            point[name] = {
                "persons": cited(began[name, month], (*who, "month:persons", month)),
                "counted": cited(counted[name], (*who, "month:counted", month)),
            }
            if indicator.measure.field:
                point[name] = {"persons": "", "counted": ""}
        months.append(point)
    return {"months": months}
