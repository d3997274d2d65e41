"""The county's own colours under our marks: kept cell by cell in the hidden sheet, and given back when the
workbook comes again and the mark goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.model import Grid
from pipeline.office.mark.origin import PREFIX, SHEET
from pipeline.office.mark.spliced import Place
from pipeline.office.places import area
from pipeline.values import column_letters

_NAME = re.compile(rf"{PREFIX}fill\d+")
_MOST_CELLS = 2_000  # in one cell of the hidden sheet, which holds 32,767 characters


@dataclass
class OwnFills:
    """before: by sheet and place the fill (its XML) that a mark of last time lies over; now: that the marks
    of this time do."""

    before: Mapping[str, Mapping[Place, str]] = field(default_factory=dict)
    now: dict[str, dict[Place, str]] = field(default_factory=dict)

    def keep(self, sheet: str, place: Place, fill: str) -> None:
        """A mark is laid over a fill; '' for a cell without one."""
        if fill:
            self.now.setdefault(sheet, {})[place] = fill

    def facts(self) -> Iterator[tuple[str, str]]:
        """What the hidden sheet says: sheet, cells and fill, parted by slashes (no sheet's name holds one)."""
        n = 0
        for sheet, fills in self.now.items():
            cells: dict[str, list[str]] = {}
            for (row, column), fill in sorted(fills.items()):
                cells.setdefault(fill, []).append(f"{column_letters(column)}{row}")
            for fill, places in cells.items():
                for first in range(0, len(places), _MOST_CELLS):
                    n += 1
                    some = " ".join(places[first : first + _MOST_CELLS])
                    yield f"fill{n}", f"{sheet}/{some}/{fill}"


def fills_under_marks(grids: Iterable[Grid]) -> OwnFills:
    """What the hidden sheet of a workbook says that lies under our marks; nothing where it is damaged."""
    before: dict[str, dict[Place, str]] = {}
    for grid in grids:
        if grid.name != SHEET:
            continue
        names, _ = grid.column(1, 1, grid.last_row)
        values, _ = grid.column(2, 1, grid.last_row)
        for name, value in zip(names, values, strict=True):
            parts = value.split("/", 2)
            if not _NAME.fullmatch(name) or len(parts) != 3:
                continue
            for cell in parts[1].split():
                try:
                    row, column, _, _ = area(cell)
                except ValueError:
                    continue
                before.setdefault(parts[0], {})[row, column] = parts[2]
    return OwnFills(before)
