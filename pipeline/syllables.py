"""How Chinese texts sound, asked of a worker, which has the dictionary loaded: it takes longer to load than a
province takes to count."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.limits import LIMITS, Limits
from pipeline.model.stop import Stop
from pipeline.workers import Apart, Died


def syllables_of(texts: Iterable[str], limits: Limits = LIMITS) -> dict[str, tuple[str, ...]]:
    """The syllables of each text, without tones, each character as its word is spoken: 长春 is chang, chun.

    What is no Chinese character stands as it is. Raises Stop where no worker can tell.
    """
    wanted = tuple(sorted(set(texts)))
    with Apart(_spoken, limits, workers=1) as apart:
        ((_, found),) = apart([wanted])
    if isinstance(found, Died):
        raise Stop(f"读音查不出来：{found.reason}")
    return dict(zip(wanted, found, strict=True))


def _spoken(texts: tuple[str, ...]) -> list[tuple[str, ...]]:
    """In a worker."""
    from pypinyin import lazy_pinyin

    return [tuple(lazy_pinyin(text)) for text in texts]
