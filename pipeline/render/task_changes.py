"""任务调整: the tasks that a later task table has changed, in the words of the screen and the page."""

from __future__ import annotations

from typing import Any

from pipeline.model import Figures
from pipeline.programme import Programme


def changed_tasks(figures: Figures, programme: Programme) -> list[dict[str, Any]]:
    """One line a task: name, indicator, year, before, now, and the files that say so."""
    return [
        {
            "name": line["unit_name"],
            "indicator": programme.indicator[line["indicator"]].label,
            "year": line["year"],
            "before": line["before"],
            "now": line["target"],
            "file": line["file"],
            "before_file": line["before_file"],
        }
        for line in figures.targets.to_pylist()
        if line["before"] is not None and line["before"] != line["target"]
    ]
