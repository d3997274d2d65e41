"""What one field's text tells about another: `cert_no[18]`, `cert_no[:18]`, `id_no[16] even → 2`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_FORM = re.compile(
    r"\s*(?P<source>[a-z][a-z0-9_]*)\s*"
    r"\[\s*(?:(?P<at>\d{1,3})|(?P<start>\d{0,3})\s*:\s*(?P<stop>\d{0,3}))\s*\]"
    r"\s*(?P<outcomes>.*?)\s*",
    re.ASCII,
)
_OUTCOME = re.compile(r"(?P<parity>even|odd)\s*(?:→|->)\s*(?P<code>[0-9A-Za-z_]+)", re.ASCII)
_EXAMPLES = '"字段[18]"、"字段[:18]" 或 "字段[16] even → 2"，位数从 0 数起'


@dataclass(frozen=True)
class Derivation:
    """Characters of another field's value, places counted from 0; or what their parity stands for.

    `stop` is the first place that is no longer taken, None: up to the end. Where `even` or `odd`
    is given the answer is that code, and nothing for a digit of the other parity.
    """

    source: str
    start: int = 0
    stop: int | None = None
    even: str = ""
    odd: str = ""

    @property
    def by_parity(self) -> bool:
        """Whether the answer is a code for even or odd, and not the characters themselves."""
        return bool(self.even or self.odd)

    def apply(self, text: str) -> str:
        """What the source's value tells; nothing where it is too short to tell.

        >>> read_derivation("cert_no[:18]").apply("22012219780305024443")
        '220122197803050244'
        >>> read_derivation("cert_no[19]").apply("22012219780305024443")
        '3'
        >>> gender = read_derivation("id_no[16] even → 2")
        >>> gender.apply("220122197803050244"), gender.apply("220102197803050230"), gender.apply("")
        ('2', '', '')
        """
        digits = text[self.start : self.stop]
        if self.stop is not None and len(digits) < self.stop - self.start:
            return ""
        if not self.by_parity:
            return digits
        if not (digits.isascii() and digits.isdigit()):
            return ""
        return self.odd if int(digits[-1]) % 2 else self.even


def read_derivation(text: str) -> Derivation:
    """A derivation as an officer writes it. Raises ValueError, in her words, for anything else.

    >>> read_derivation("id_no[16] even → 2, odd → 1")
    Derivation(source='id_no', start=16, stop=17, even='2', odd='1')
    >>> read_derivation("id_no[6:14]")
    Derivation(source='id_no', start=6, stop=14, even='', odd='')
    >>> read_derivation("id_no")
    Traceback (most recent call last):
    ValueError: derive = “id_no” 读不懂，应写成 "字段[18]"、"字段[:18]" 或 "字段[16] even → 2"，位数从 0 数起
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(f"derive = “{text}” 读不懂，应写成 {_EXAMPLES}")
    start = int(match["at"] or match["start"] or 0)
    stop: int | None = start + 1 if match["at"] else None
    if match["stop"]:
        stop = int(match["stop"])
    if stop is not None and stop <= start:
        raise ValueError(f"derive = “{text}” 里没有一位字符：冒号后面的数要大于前面的数")
    return Derivation(match["source"], start, stop, **_outcomes(match["outcomes"], text))


def _outcomes(text: str, whole: str) -> dict[str, str]:
    outcomes: dict[str, str] = {}
    for part in filter(None, map(str.strip, re.split("[,，]", text))):
        match = _OUTCOME.fullmatch(part)
        if match is None or match["parity"] in outcomes:
            raise ValueError(f"derive = “{whole}” 里的“{part}”读不懂，应写成 {_EXAMPLES}")
        outcomes[match["parity"]] = match["code"]
    return outcomes


def derivation_order(derivations: Mapping[str, Derivation]) -> tuple[str, ...]:
    """Derived fields, each after the one it is derived from. Raises ValueError for a circle.

    >>> derivation_order({"gender": read_derivation("id_no[16] even → 2"),
    ...                   "id_no": read_derivation("cert_no[:18]")})
    ('id_no', 'gender')
    """
    order: list[str] = []
    for name in derivations:
        _append_after_sources(name, derivations, order, ())
    return tuple(order)


def _append_after_sources(
    name: str, derivations: Mapping[str, Derivation], order: list[str], above: Iterable[str]
) -> None:
    above = (*above, name)
    source = derivations[name].source
    if source in above:
        raise ValueError(f"derive 绕成了圈：{' ← '.join((*above, source))}")
    if source in derivations and source not in order:
        _append_after_sources(source, derivations, order, above)
    if name not in order:
        order.append(name)
