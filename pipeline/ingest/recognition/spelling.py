"""What the words above a column say: which field's header they are, are like, or cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from rapidfuzz import fuzz

from pipeline.ingest.plain import plain
from pipeline.ingest.recognition import weights
from pipeline.ingest.recognition.weights import Evidence
from pipeline.programme import Field, Programme

_HINT = re.compile(r"[(【\[][^()【】\[\]]*[)】\]]$")
_LATIN = re.compile(r"[a-z]{2,}[a-z /_.-]*")
_PERSONS = frozenset(
    {"name", "id", "certificate", "phone"}
)  # kinds of which every person has her own
_LEAST_INSIDE = 2  # characters of a known header that counts as standing inside another


class Spellings:
    """The headers of a programme as compared: of each kind of roster, whose they are."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.known: Mapping[str, Mapping[str, str]] = {
            kind.name: {
                plain(h): f.name for f in programme.fields_of(kind.name) for h in (*f.headers, f.label)
            }
            for kind in programme.kinds
        }  # fmt: skip
        self._of_field = {
            f.name: tuple(dict.fromkeys(plain(h) for h in (f.label, *f.headers)))
            for f in programme.fields
        }
        self.needed = _needed(programme)
        words = programme.words
        self._others = sorted(words.get("other_person", ()), key=lambda w: (-len(w), w))
        self._own = sorted(words.get("own_person", ()), key=lambda w: (-len(w), w))

    def evidence(self, path: tuple[str, ...], field: Field, kind: str) -> Iterator[Evidence]:
        """What the words above a column say for and against a field of a kind of roster."""
        if not path:
            return
        exact = self.known_as(path, kind)
        if exact and exact[0] == field.name:
            yield exact[1]
            return
        if exact:  # it is another field's own header
            yield Evidence(
                f"表头就是“{self.programme.field[exact[0]].label}”", weights.HEAD_AGAINST
            )
        leaf = plain(path[-1])
        if other := self._other_person(path, field):
            yield Evidence(f"说的是另一个人（{other}）", weights.NEVER)
        yield from self._alike(leaf, "".join(map(plain, path)), field)
        if field.kind in _PERSONS and (whose := self._unknown_whose(leaf)):
            yield Evidence(f"不知“{whose}”是谁", weights.UNKNOWN_WHOSE)
        yield from _head(leaf, field)
        yield from _end(leaf, field, kind, self.programme)

    def known_as(self, path: tuple[str, ...], kind: str) -> tuple[str, Evidence] | None:
        """The field whose own header stands there, and how it stands."""
        names, leaf = self.known[kind], plain(path[-1])
        if leaf in names:
            return names[leaf], Evidence(f"表头就是“{leaf}”", weights.KNOWN)
        whole = "".join(map(plain, path))
        for text in (
            *_without_hint(leaf),
            *_halves(leaf),
            whole,
            *_without_hint(whole),
            *_groups(path),
        ):
            if text in names:
                return names[text], Evidence(f"表头合起来是“{text}”", weights.KNOWN_BELOW_GROUP)
        return None

    def _other_person(self, path: tuple[str, ...], field: Field) -> str:
        """The word that says a column speaks of somebody else, where the field's headers do not."""
        said = "".join(map(plain, path))
        own = self._of_field[field.name]
        return next((w for w in self._others if w in said and not any(w in h for h in own)), "")

    def _unknown_whose(self, leaf: str) -> str:
        """What stands before 姓名, 号码, 电话 and is no word for the person herself."""
        nouns = [h.word for h in weights.HEADS if not h.begins and h.kinds & _PERSONS]
        noun = max((n for n in nouns if leaf.endswith(n)), key=len, default="")
        whose = leaf.removesuffix(noun) if noun else ""
        for word in self._own:
            whose = whose.replace(word, "")
        return whose.strip("的之 /-_·()")

    def _alike(self, leaf: str, whole: str, field: Field) -> Iterator[Evidence]:
        best, points, how = "", 0.0, ""
        for known in self._of_field[field.name]:
            found, way = _likeness(leaf, known)
            if whole != leaf:
                found, way = max((found, way), _likeness(whole, known))
            if found > points:
                best, points, how = known, found, way
        if points:
            yield Evidence(f"表头{how}“{best}”", points)


def _needed(programme: Programme) -> frozenset[str]:
    """The fields that something depends on: required ones, those with a role, those a rule looks at."""
    named = {f.name for f in programme.fields if f.required}
    named |= {field for kind in programme.kinds for field in kind.roles.values()}
    for rule in programme.rules:
        named |= {rule.field, *rule.at, str(rule.options.get("other", ""))}
    # what fills a needed field is needed as well
    return frozenset(named | {f.name for f in programme.fields if named & set(f.fills)})


def _without_hint(text: str) -> tuple[str, ...]:
    short = _HINT.sub("", text)
    return (short,) if short and short != text else ()


def _halves(text: str) -> tuple[str, ...]:
    """Two languages in one header: 姓名Name, 身份证号/ID No."""
    chinese = _LATIN.sub("", text).strip("/|-()·.")
    return (chinese,) if chinese and chinese != text else ()


def _groups(path: tuple[str, ...]) -> Iterator[str]:
    """A header under each of its groups alone: 培训 over 时间, 基本信息 over 姓名."""
    leaf = plain(path[-1])
    for above in path[:-1]:
        yield plain(above) + leaf


@lru_cache(maxsize=65536)
def _likeness(header: str, known: str) -> tuple[float, str]:
    """How much a header's likeness to a known one says, and in which way they are alike."""
    if not header or not known:
        return 0.0, ""
    if header != known and len(header) == len(known) and _sound(header) == _sound(known):
        return weights.SOUNDS_KNOWN, "读音同"
    shorter, longer = sorted((header, known), key=len)
    ratio = fuzz.ratio(header, known) / 100
    if len(shorter) >= _LEAST_INSIDE and shorter in longer:
        inside = weights.HOLDS_KNOWN * (0.4 + 0.6 * len(shorter) / len(longer))
        # the noun stands at the end: 学员身份证号码 is a number, 身份证复印件 is not
        return (inside if longer.endswith(shorter) else inside * 0.8), "含有"
    if ratio < weights.ALIKE_FROM:
        return 0.0, ""
    part = (ratio - weights.ALIKE_FROM) / (1 - weights.ALIKE_FROM)
    return weights.ALIKE_MOST * part, "像"


@lru_cache(maxsize=16384)
def _sound(text: str) -> str:
    from pypinyin import lazy_pinyin

    return " ".join(lazy_pinyin(text))


def _head(leaf: str, field: Field) -> Iterator[Evidence]:
    fitting = [
        head
        for head in weights.HEADS
        if (leaf.startswith(head.word) if head.begins else leaf.endswith(head.word))
    ]
    if not fitting:
        return
    # 是否… speaks before any ending does
    head = max(fitting, key=lambda h: (h.begins, len(h.word)))
    kinds = frozenset().union(*(h.kinds for h in fitting if (h.begins, len(h.word)) == (head.begins, len(head.word))))  # fmt: skip
    mark = f"{head.word}…" if head.begins else f"…{head.word}"
    if field.kind in kinds:
        yield Evidence(f"“{mark}”说的是这类内容", weights.HEAD_FITS)
    elif field.kind != "text" or not head.begins:
        never = head.begins and field.kind not in ("text", "code")
        yield Evidence(
            f"“{mark}”说的不是这类内容", weights.NEVER if never else weights.HEAD_AGAINST
        )


def _end(leaf: str, field: Field, kind: str, programme: Programme) -> Iterator[Evidence]:
    roles = programme.kind[kind].roles
    begins = any(c in leaf for c in weights.BEGINS)
    ends = any(c in leaf for c in weights.ENDS)
    if begins == ends or not roles.get("finish"):
        return
    for role, right, wrong in (("start", begins, ends), ("finish", ends, begins)):
        if field.name == roles.get(role):
            if right:
                yield Evidence(
                    "表头说的是开始" if role == "start" else "表头说的是结束", weights.RIGHT_END
                )
            if wrong:
                yield Evidence(
                    "表头说的是结束" if role == "start" else "表头说的是开始", weights.WRONG_END
                )
