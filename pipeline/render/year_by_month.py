"""What the charts are drawn from beside the tables: the months of the year."""

from __future__ import annotations

from typing import Any

from pipeline.model import Figures
from pipeline.office.fill import cited
from pipeline.programme import Programme


def charted(figures: Figures, programme: Programme) -> dict[str, Any]:
    """months: label, and by indicator the persons who began in it and those counted up to its end."""
    top = programme.gazetteer.top
    months: dict[str, dict[str, Any]] = {}
    for line in figures.monthly.to_pylist():
        if line["unit"] == top:
            month = months.setdefault(line["month"], {"label": f"{int(line['month'][5:])}月"})
            who = (top, line["level"], line["indicator"], "year")
            month[line["indicator"]] = {
                word: cited(line[word], (*who, f"month:{word}", line["month"]))
                for word in ("persons", "counted")
            }
    return {"months": list(months.values())}
