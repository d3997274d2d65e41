"""What the words above a column say: which field's header they are, are like, or cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from pipeline.ingest.layout import plain
from pipeline.ingest.recognition import weights
from pipeline.ingest.recognition.endings import (
    end_written,
    head,
    without_noun,
)
from pipeline.ingest.recognition.likeness import (
    LIKE,
    LOOSE,
    in_chinese,
    likeness,
    pairs,
    without_hint,
)
from pipeline.ingest.recognition.sounds import Slips
from pipeline.ingest.recognition.weights import Evidence
from pipeline.programme import Field, Programme

_NUMBERED = re.compile(r"^[(〔\[]?\d{1,2}[)〕\]]?[.、,]?(?=[^\d年月日季期寸.])", re.ASCII)
_AND = re.compile("[及和与、]")
_CALLED = re.compile("(?:基本)?(?:情况|信息|内容|资料)$")  # 培训情况 over 项目: 培训项目
_DRESSED = 12  # ways of taking off what people put round a header
_PERSONS = frozenset(
    {"name", "id", "certificate", "phone"}
)  # kinds of which every person has her own
_HER_OWN = _PERSONS | {"birth", "code"}
_DATED = frozenset({"day", "span"})
_COMMON = frozenset(
    {"name", "day", "phone", "code"}
)  # kinds of which a county keeps several columns
_OFTEN = {"day": "day", "span": "day", "text": "text"}  # kinds whose headers share their last noun


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
        self.barring = frozenset(rule.field for rule in programme.rules if rule.eligibility)
        words = programme.words
        self._others = sorted(words.get("other_person", ()), key=lambda w: (-len(w), w))
        self._own = sorted(words.get("own_person", ()), key=lambda w: (-len(w), w))
        self._herself = sorted(words.get("herself", ()), key=lambda w: (-len(w), w))
        self._events = sorted(words.get("other_event", ()), key=lambda w: (-len(w), w))
        self._akin = {f.name: tuple(map(plain, f.akin)) for f in programme.fields}
        self._pairs_of = {
            f.name: frozenset().union(
                *(
                    pairs(without_noun(h, "day"))
                    for h in (*self._of_field[f.name], *self._akin[f.name])
                )
            )
            for f in programme.fields
        }
        self._slips = Slips(
            [
                *(h.word for h in weights.HEADS),
                *self._own,
                *self._herself,
                *self._events,
                *self._others,
            ]
            + [w for f in programme.fields for w in (*self._of_field[f.name], *self._akin[f.name])]
        )
        self.bare = lru_cache(maxsize=4096)(self._bare)

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
        elif other := self._of_another_kind(path, kind):
            yield Evidence(f"表头是另一种名单的“{other}”", weights.HEAD_AGAINST)
        leaf, whole = self._read(path[-1]), "".join(map(self._read, path))
        dressed = self.bare(leaf)
        if other := self._other_person(path, field):
            # a day may be named by those with whom it began: 加入合作社时间
            dated = field.kind in _DATED
            against = weights.OTHER_EVENT if dated else weights.NEVER
            yield Evidence(f"说的是别人或别处（{other}）", against)
        if event := self._other_event(whole, field):
            yield Evidence(f"说的是另一件事（{event}）", weights.OTHER_EVENT)
        yield from self._alike(dressed, whole, field)
        if (field.kind in _PERSONS or field.derive) and (
            whose := self._unknown_whose(dressed[-1], field)
        ):
            yield Evidence(f"“{whose}”不知指谁", weights.UNKNOWN_WHOSE)
        elif field.kind in _DATED and (what := self._unknown_event(dressed[-1], field)):
            yield Evidence(f"“{what}”不知指哪件事", weights.UNKNOWN_EVENT)
        yield from head(leaf, dressed[-1], field)
        yield from end_written(leaf, field, kind, self.programme)

    def _read(self, text: str) -> str:
        """A header as compared, slips of the pen mended."""
        return self._slips.mended(plain(text))

    def known_as(self, path: tuple[str, ...], kind: str) -> tuple[str, Evidence] | None:
        """The field whose own header stands there, and how it stands."""
        names, leaf = self.known[kind], plain(path[-1])
        if leaf in names and not self._of_another_group(path, names[leaf], kind):
            return names[leaf], Evidence(f"表头就是“{leaf}”", weights.KNOWN)
        whole = "".join(map(plain, path))
        for text in (*self.bare(leaf), *self.bare(whole), *_groups(path)):
            if (
                text in names
                and self._may_be_bare(text, leaf, names[text])
                and not self._of_another_group(path, names[text], kind)
            ):
                return names[text], Evidence(f"表头合起来是“{text}”", weights.KNOWN_BELOW_GROUP)
        return None

    def _of_another_kind(self, path: tuple[str, ...], kind: str) -> str:
        """The header where it is one that only another kind of roster has: 结业时间 in one of jobs."""
        leaf = plain(path[-1])
        return leaf if any(leaf in names for k, names in self.known.items() if k != kind) else ""

    def _of_another_group(self, path: tuple[str, ...], name: str, kind: str) -> bool:
        """Whether what stands above a header says that it is of somebody else, or of another event: 监护人 over
        姓名, 补贴发放 over 开始时间. A group that speaks of her as well (残疾人及监护人) says nothing."""
        above, field = path[:-1], self.programme.field[name]
        if not above or _AND.search("".join(above)):
            return False
        if field.kind in _DATED:
            titled = any(w in text for text in above for w in self.programme.kind[kind].title_words)
            return not titled and bool(self._other_event("".join(map(self._read, above)), field))
        return field.kind in _HER_OWN and bool(self._other_person(above, field))

    def _may_be_bare(self, text: str, leaf: str, name: str) -> bool:
        """Whether the word for herself before a header leaves its meaning: 学员的性别, but not 培训对象地址."""
        kind = self.programme.field[name].kind
        return kind in _HER_OWN or not any(
            leaf.startswith(w) and not text.startswith(w) for w in self._herself
        )

    def _bare(self, leaf: str) -> tuple[str, ...]:
        """A header as it is, then with ever less round it: number, hint, second language, 学员的."""
        found, at = [leaf], 0
        while at < len(found) < _DRESSED:
            text = found[at]
            shorter = (
                without_hint(text),
                _NUMBERED.sub("", text),
                in_chinese(text),
                self._without_her(text),
            )
            found += [t for t in dict.fromkeys(shorter) if t and t not in found]
            at += 1
        return tuple(sorted(found, key=lambda t: -len(t)))

    def _without_her(self, text: str) -> str:
        """学员的电话 -> 电话, 残疾人证号 as it is: what is left must not be half a word."""
        for word in self._herself:
            if text.startswith(word) and len(text) > len(word) + 1:
                rest = text.removeprefix(word)
                return rest.removeprefix("的") if not rest.startswith("证") else text
        return text

    def _other_event(self, wording: str, field: Field) -> str:
        """The word that says a day is of something else: 发证, 报名."""
        if field.kind not in _DATED:
            return ""
        own = self._of_field[field.name]
        return next((w for w in self._events if w in wording and not any(w in h for h in own)), "")

    def _unknown_event(self, leaf: str, field: Field) -> str:
        """What stands before 时间, 日期 and shares nothing with the field's own headers."""
        what, akin = without_noun(leaf, "day"), self._akin[field.name]
        if any(word in what for word in akin):
            return ""
        if leaf.isascii() and any(likeness(leaf, known)[0] for known in self._of_field[field.name]):
            return ""  # kb: 开班
        for word in (*self._herself, *self._own):
            what = what.replace(word, "")
        return "" if not what or pairs(what) & self._pairs_of[field.name] else what

    def _other_person(self, path: tuple[str, ...], field: Field) -> str:
        """The word that says a column speaks of somebody else, where the field's headers do not."""
        wording = "".join(map(self._read, path))
        own = (*self._of_field[field.name], *self._akin[field.name])  # 授课 of a day is the course
        for word in self._herself:  # 帮扶对象 is she
            wording = wording.replace(word, "")
        return next((w for w in self._others if w in wording and not any(w in h for h in own)), "")

    def _unknown_whose(self, leaf: str, field: Field) -> str:
        """What stands before 姓名, 号码, 电话 and is no word for the person herself."""
        nouns = sorted(
            (h.word for h in weights.HEADS if not h.begins and h.kinds & _PERSONS), key=len
        )
        if field.kind not in _PERSONS:
            nouns = sorted((*self._of_field[field.name], *self._akin[field.name]), key=len)
        whose, before = leaf, ""
        while whose != before:
            before = whose
            whose = whose.removesuffix(next((n for n in reversed(nouns) if whose.endswith(n)), ""))
        if whose == leaf:
            return ""
        for word in (*self._herself, *self._own):
            whose = whose.replace(word, "")
        whose = whose.removesuffix("人").strip("的之者()" + LOOSE)
        return "" if set(whose) <= set("".join(self._of_field[field.name])) else whose

    def _alike(self, dressed: tuple[str, ...], whole: str, field: Field) -> Iterator[Evidence]:
        best, points, how = "", 0.0, ""
        texts = dict.fromkeys((*dressed, whole))
        for known in self._of_field[field.name]:
            found, way = max(likeness(text, known) for text in texts)
            if way == LIKE and (noun := _OFTEN.get(field.kind)):  # that both end in it says nothing
                rest = without_noun(known, noun)
                found = max(likeness(without_noun(t, noun), rest)[0] for t in texts)
            if found > points:
                best, points, how = known, found, way
        akin = max(
            (
                (weights.AKIN if w in texts else weights.HOLDS_AKIN, w)
                for w in self._akin[field.name]
                if w in (dressed[-1] if field.kind in _DATED else whole)
            ),
            default=(0.0, ""),
        )
        if field.kind == "name" and self._says_only_her(dressed[-1]):
            akin = max(akin, (weights.AKIN, dressed[-1]))
        if akin[0] > points:
            (points, best), how = akin, "里的词多半指这一项："
        if points:
            yield Evidence(f"表头{how}“{best}”", points)
        elif field.kind in _COMMON:
            yield Evidence("表头没有提到这一项", weights.NOT_SAID)

    def _says_only_her(self, leaf: str) -> bool:
        """Whether a header is a word for the person and nothing else: 受助人, 参加人员名单."""
        rest = leaf.removesuffix("名单").removesuffix("者").removesuffix("人")
        for word in (*self._herself, *self._own):
            rest = rest.replace(word, "")
        return not rest and rest != leaf


def _needed(programme: Programme) -> frozenset[str]:
    """The fields that something depends on: required ones, those with a role, those a rule looks at."""
    named = {f.name for f in programme.fields if f.required}
    named |= {field for kind in programme.kinds for field in kind.roles.values()}
    for rule in programme.rules:
        named |= {rule.field, *rule.at, str(rule.options.get("other", ""))}
    # what fills a needed field is needed as well
    return frozenset(named | {f.name for f in programme.fields if named & set(f.fills)})


def _groups(path: tuple[str, ...]) -> Iterator[str]:
    """A header under each of its groups alone: 培训 over 时间, 基本信息 over 姓名."""
    leaf = plain(path[-1])
    for above in path[:-1]:
        group = plain(above)
        yield group + leaf
        if (bare := _CALLED.sub("", group)) != group:
            yield bare + leaf
