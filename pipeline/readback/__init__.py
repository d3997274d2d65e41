"""What was written is opened again, and every number held against the figures, before anybody gets it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import islice

from pipeline.limits import LIMITS, Limits
from pipeline.model import Figures
from pipeline.model.papers import Papers
from pipeline.programme import Programme
from pipeline.read import PRELOAD
from pipeline.readback.disagreement import Disagreement
from pipeline.readback.facts_found import facts_of
from pipeline.readback.holding import Holding
from pipeline.readback.opened_again import printed
from pipeline.readback.restated_lines import read_back_restated
from pipeline.readback.word_papers import read_back_words
from pipeline.render import Citation
from pipeline.workers import Apart, Died

__all__ = ["Disagreement", "facts_of", "read_back", "read_back_restated", "read_back_words"]

_SHOWN = 10


def read_back(
    noted: Iterable[Citation],
    papers: Papers,
    figures: Figures,
    programme: Programme,
    limits: Limits = LIMITS,
) -> None:
    """Opens each workbook that says figures, in a worker, and holds it against them.

    `noted`: what each cell was meant to say. Raises Disagreement, with every place up to ten.
    """
    by_file: dict[str, list[Citation]] = {}
    for citation in noted:
        by_file.setdefault(citation.file, []).append(citation)
    holding = Holding(figures, programme)
    found: list[str] = []
    with Apart(partial(printed, limits), limits, PRELOAD, workers=1) as apart:
        for path, sheets in apart([str(papers.place(file)) for file in by_file]):
            file = next(f for f in by_file if str(papers.place(f)) == path)
            if isinstance(sheets, Died | str):
                why = sheets.reason if isinstance(sheets, Died) else sheets
                raise Disagreement(f"{file} 写出后重新打开不了（{why}），本次没有出结果")
            found += holding.disagreements(file, sheets, by_file[file])
    if found:
        rest = f"\n……共 {len(found)} 处" if len(found) > _SHOWN else ""
        raise Disagreement(
            "写出的表与数字对不上，本次没有出结果，原有结果未动。请检查这些格子所在的模板：\n"
            + "\n".join(islice(found, _SHOWN))
            + rest
        )
