"""典型经验、存在问题: what units wrote, alike ones folded into one, grouped by what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from pipeline.model import Claims, Month
from pipeline.model.composed import Account, FoundTheme, Saying
from pipeline.programme import Programme, Theme
from pipeline.programme.reports import TOPICS
from pipeline.values import mask_digits

_ALIKE = 85  # per cent of the letters, the unit's own name left out
_NOTHING = re.compile(
    r"(?:目前|暂时?|现在?|本期|本月|本年|我[省市州县区旗]|全[省市州县区旗]|[,，])*(?:还|尚|均)?(?:无|没有|没|未发现|不存在)"
    r"(?:任何|突出|明显|重大|较大|其[他它]|典型|特别|存在|出现|上报|大|的)*(?:问题|困难|经验|举措|做法|情况|内容)?"
    r"[。.．!！]?|[/／—－-]+|零[。.]?"
)


def accounts(month: Month, claims: Claims) -> tuple[Account, ...]:
    """What units wrote in the files that stand of this period, by topic and unit.

    What one file says nearly as another of the unit does is the later file's; of texts that differ none is
    lost. Who writes that there is nothing to write has written nothing.
    """
    gone = {file for file, _, _ in claims.superseded_by} - {file for file, _, _ in claims.stands}
    periods = month.periods
    texts: dict[tuple[str, str], list[str]] = {}
    for line in sorted(month.table("narratives").to_pylist(), key=lambda n: n["file"]):
        if periods[line["file"]] == month.period and line["file"] not in gone:
            text = mask_digits(" ".join(line["text"].split()))
            if text and not _NOTHING.fullmatch(text):
                own = texts.setdefault((line["topic"], line["unit"]), [])
                own[:] = [*(t for t in own if not _says_again(t, text)), text]
    return tuple(
        Account(topic, unit, " ".join(own)) for (topic, unit), own in sorted(texts.items())
    )


def _says_again(earlier: str, later: str) -> bool:
    """Whether a text holds the other, nearly letter by letter."""
    return (
        fuzz.partial_ratio(earlier, later) >= _ALIKE and len(earlier) <= len(later) / _ALIKE * 100
    )


def themes(found: Sequence[Account], programme: Programme) -> tuple[FoundTheme, ...]:
    """The accounts by theme: in the programme's order of topics, the theme of most units first, and
    what belongs to none last."""
    grouped: list[FoundTheme] = []
    for topic in TOPICS:
        own = [a for a in found if a.topic == topic]
        names = [t for t in programme.themes if t.topic == topic]
        by_name: dict[str, list[Saying]] = {}
        for saying in _folded(own, programme):
            by_name.setdefault(_theme_of(saying.text, names), []).append(saying)
        of_topic = [
            FoundTheme(topic, name, tuple(sorted(quoted, key=lambda s: (-len(s.units), s.units))))
            for name, quoted in by_name.items()
        ]
        grouped += sorted(of_topic, key=lambda t: (not t.name, -len(t.units), t.name))
    return tuple(grouped)


def _theme_of(text: str, themes: Iterable[Theme]) -> str:
    """The theme most of whose words a text has, the first of equals; '' where it has none."""
    hits = [(sum(word in text for word in t.words), t.name) for t in themes]
    most = max((count for count, _ in hits), default=0)
    return next(name for count, name in hits if count == most) if most else ""


def _folded(found: Iterable[Account], programme: Programme) -> list[Saying]:
    """Accounts that say the same in nearly the same words, as one."""
    sayings: list[tuple[str, str, list[str], set[str]]] = []  # as compared, as written, units, keys
    for account in found:
        key = _without_names(account, programme)
        like = next((s for s in sayings if fuzz.ratio(s[0], key) >= _ALIKE), None)
        if like:
            like[2].append(account.unit)
            like[3].add(key)
        else:
            sayings.append((key, account.text, [account.unit], {key}))
    return [Saying(text, tuple(units), len(keys) == 1) for _, text, units, keys in sayings]


def _without_names(account: Account, programme: Programme) -> str:
    """The text as compared: without the unit's own names."""
    unit = programme.gazetteer.by_code.get(account.unit)
    text = account.text
    for name in sorted((unit.name, *unit.aliases) if unit else (), key=len, reverse=True):
        text = text.replace(name, "")
    return text
