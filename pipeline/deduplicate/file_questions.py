"""Two files of one return of which nothing says which is the later: a question to the clerk (选文件)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from pipeline.deduplicate.compared_files import Comparison, differences
from pipeline.deduplicate.file_choices import Choice
from pipeline.deduplicate.order import Part
from pipeline.model import Issue
from pipeline.model.tables import FILE_QUESTIONS, table_of
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa

Asked = tuple[Part, Part, Choice | None]  # two files, the earlier as it was taken first


def questions_table(
    asked: Iterable[Asked], comparison: Comparison, standing: Collection[str]
) -> pa.Table:
    """model.tables.FILE_QUESTIONS, one line a unit, kind and pair of files; the files by their path.

    `standing`: the paths of the files that stand.
    """
    lines: list[Mapping[str, object]] = []
    for one, other, choice in asked:
        a, b = sorted((one, other), key=lambda part: part.file)
        of_a, of_b = comparison.of(a, b)
        both = {a.file, b.file} <= set(standing)
        stands = "both" if both else "b" if b.file in standing else "a"
        less, more = {
            "a": (of_a.sound_alone, of_b.sound_alone),
            "b": (of_b.sound_alone, of_a.sound_alone),
            "both": (max(of_a.sound_alone, of_b.sound_alone), 0),
        }[stands]
        lines.append(
            {
                "unit": a.unit, "entity": a.entity, "kind": a.kind, "period": a.period,
                "file_a": a.file, "file_b": b.file, "digest_a": a.digest, "digest_b": b.digest,
                "filed_on_a": a.filed_on, "filed_on_b": b.filed_on,
                "lines_a": of_a.lines, "lines_b": of_b.lines,
                "faulty_a": of_a.faulty, "faulty_b": of_b.faulty,
                "differs": "；".join(differences(of_a, of_b)),
                "stands": stands, "less": less, "more": more,
                "open": choice is None or bool(choice.changed),
                "changed": choice.changed if choice else "",
                "answer_file": choice.answer.file if choice else "",
                "answer_row": choice.answer.row if choice else 0,
            }
        )  # fmt: skip
    return table_of(FILE_QUESTIONS, sorted(lines, key=_place))


def _place(line: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(str(line[word]) for word in ("file_a", "file_b", "entity", "kind"))


def asked_of(questions: pa.Table, programme: Programme) -> Iterator[Issue]:
    """A choice that rests on nothing but the names of two files is said, once a pair of files; one whose
    answer is about files that say something else now, at that answer."""
    for pair in _pairs(line for line in questions.to_pylist() if line["open"]):
        line = pair[0]
        if line["answer_file"]:
            issue = programme.issue("U10", changed=f"文件{line['changed']}")
            yield issue.at(file=line["answer_file"], row=line["answer_row"])
        taken, other = ("a", "b") if line["stands"] == "a" else ("b", "a")
        issue = programme.issue("U04", other=line[f"file_{other}"])
        yield issue.at(file=line[f"file_{taken}"], unit=line["unit"])


def _pairs(lines: Iterable[dict[str, str]]) -> Iterable[list[dict[str, str]]]:
    pairs: dict[tuple[str, str], list[dict[str, str]]] = {}
    for line in lines:
        pairs.setdefault((line["file_a"], line["file_b"]), []).append(line)
    return pairs.values()
