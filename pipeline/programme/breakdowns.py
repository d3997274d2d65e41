"""How figures are divided ([[breakdowns]]) and what follows from what ([[outcomes]]), as the programme says."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True)
class Breakdown:
    """One division of the persons of a figure.

    by: `words`: as the field says; `answer`: whether it says that there is something; `years`: by the years since the day that the field says, at the end of the
    period; `amount`: by the number that it says, with quartiles beside. bands: where each band but the
    first begins. summary: whether the summary workbook shows it.
    """

    name: str
    label: str
    field: str
    by: str = "words"
    bands: tuple[int, ...] = ()
    unit_word: str = ""
    summary: bool = True

    @property
    def spans(self) -> tuple[tuple[float, float, str], ...]:
        """Each band: from, to below, its label.

        >>> Breakdown("old", "年龄", "born", "years", (16, 30), "岁").spans[1]
        (16, 30, '16—29岁')
        """
        if not self.bands:
            return ()
        first, last = self.bands[0], self.bands[-1]
        inner = ((a, b, f"{a}—{b - 1}{self.unit_word}") for a, b in pairwise(self.bands))
        return (
            (float("-inf"), first, f"{first}{self.unit_word}以下"),
            *inner,
            (last, float("inf"), f"{last}{self.unit_word}及以上"),
        )


@dataclass(frozen=True)
class Outcome:
    """Of the persons of one indicator, how many are in another afterwards, and how soon.

    first, then: indicators; learned, done: the fields that say in what she was taught and what she
    does, '' where that is not asked; bands: days after the end of the first.
    """

    name: str
    label: str
    first: str
    then: str
    learned: str = ""
    done: str = ""
    bands: tuple[int, ...] = ()
