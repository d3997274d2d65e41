"""A parcel as mails: locked where it must be, searched by the leak gate, split to what servers take."""

from __future__ import annotations

import hashlib
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.gate import Known, Leak, in_words, search
from pipeline.mail import write_draft
from pipeline.office.left_out import leave_out
from pipeline.office.unreadable import Unreadable
from pipeline.programme.nouns import LONGEST_NAME
from pipeline.send.addresses import BOOK
from pipeline.send.ledger import Line
from pipeline.send.parcels import LETTER, Document, Parcel
from pipeline.send.sealing import sealed, with_password

_OF_BASE64, _HEAD = 1.37, 20_000
_OPENED_WITH_PASSWORD = (".xlsx", ".docx")


@dataclass(frozen=True)
class Attachment:
    """What is attached: its name, its exact bytes, and the papers it carries."""

    name: str
    content: bytes
    papers: tuple[str, ...]
    may_hold: tuple[str, ...]
    locked: bool = False


class Withheld(Exception):
    """This parcel must not go out; says why, never whom it is about."""


class Unlocked(Withheld):
    """Papers that must be locked, and there is no key to lock them with."""

    def __init__(self, papers: tuple[str, ...]) -> None:
        super().__init__(
            f"{'、'.join(papers)}含个人信息，不能不加密就寄。请在 {BOOK} 里给它写 key_file 或 key_env"
            "（各县可以共用 [counties] 里的一个）。"
        )
        self.papers = papers


def attachments_of(
    parcel: Parcel,
    names: Iterable[str],
    key: bytes | None,
    known: Known,
    *,
    lock: str = "zip",
    edited: bool = False,
) -> list[Attachment]:
    """The named papers as they will be attached, searched by the gate in their exact bytes.

    lock: how the key locks, as the address book says. edited: a person has said that papers changed since they were delivered are to go as they are.
    Raises Withheld where one was and nobody has, where one must be locked and there is no key, or
    tells what its reader may not have.
    """
    wanted = [d for d in parcel.documents if d.name in set(names)]
    changed = [d.name for d in wanted if d.edited]
    if changed and not edited:
        raise Withheld(
            f"{'、'.join(changed)}出稿以后改动过，没有发。确认要发改动后的，请加 --edited 再运行；"
            "不要这些改动，请运行 pipeline run --again 重新出稿"
        )
    contents = {d.name: _content(d) for d in wanted}
    private = [d for d in wanted if d.may_hold]
    if private and key is None and not parcel.in_clear:
        raise Unlocked(tuple(d.name for d in private))
    made = [
        Attachment(d.name, contents[d.name], (d.name,), d.may_hold)
        for d in wanted
        if not d.may_hold or key is None
    ]
    if private and key is not None:
        made += _locked(parcel, private, contents, key, lock)
    leaks = [
        leak
        for a in made
        for leak in search(a.name, a.content, known, may_hold=a.may_hold, keys=[key] if key else [])
    ]
    letter = f"{parcel.subject}\n{parcel.body}".encode()
    leaks += [Leak(LETTER, *leak[1:]) for leak in search("正文.txt", letter, known)]
    if leaks:
        raise Withheld(f"有不该给它的个人信息，没有发：\n{in_words(leaks)}")
    return made


def enclosures(papers: Mapping[str, bytes], known: Known) -> list[Attachment]:
    """What goes along and is no paper of the parcel. Raises Withheld where it tells of a person."""
    leaks = [leak for name, content in papers.items() for leak in search(name, content, known)]
    if leaks:
        raise Withheld(f"有不该给它的个人信息，没有发：\n{in_words(leaks)}")
    return [Attachment(name, content, (), ()) for name, content in papers.items()]


def split(attachments: Sequence[Attachment], most: int) -> list[list[Attachment]]:
    """Attachments in as few mails as a size limit allows, in their order.

    Raises Withheld where one alone is too large.
    """
    mails: list[list[Attachment]] = [[]]
    room = float(most - _HEAD)
    for one in attachments:
        size = len(one.content) * _OF_BASE64
        if size > most - _HEAD:
            raise Withheld(f"{one.name}超过邮件服务器的上限，请改用政务内网或光盘报送")
        if size > room:
            mails.append([])
            room = float(most - _HEAD)
        mails[-1].append(one)
        room -= size
    return mails


def message(
    subject: str, body: str, attachments: Sequence[Attachment], heads: Mapping[str, str]
) -> bytes:
    """The mail as it goes over the wire."""
    out = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, one in enumerate(attachments):
            file = Path(folder) / str(number)
            file.write_bytes(one.content)
            files.append((one.name, file))
        write_draft(out, subject, body, files, heads)
    return out.getvalue()


def correction(parcel: Parcel, version: int, before: Line | None) -> str:
    """更正说明: which version this one replaces, and what differs; '' for a first one."""
    if before is None:
        return ""
    now = parcel.digests
    changes = [
        f"{name}由 {before.figures[name]} 改为 {figure}"
        for name, figure in parcel.figures.items()
        if before.figures.get(name, figure) != figure
    ]
    changes += [f"“{name}”内容有变" for name in now if before.documents.get(name, now[name]) != now[name]]  # fmt: skip
    changes += [f"新增“{name}”" for name in now if name not in before.documents]
    changes += [f"不再有“{name}”" for name in before.documents if name not in now]
    words = "；".join(changes) or "附件有变"
    return (
        f"【更正说明】本件为第 {version} 版，替代 {before.at[:10]} 报送的第 {before.version} 版，"
        f"请以本件为准，原件请停用。变动：{words}。\n\n"
    )


def _content(document: Document) -> bytes:
    try:
        content = document.file.read_bytes()
    except OSError:
        raise Withheld(f"{document.name}不见了，请重新运行 pipeline run") from None
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise Withheld(f"{document.name}刚才又被改动，没有发。请存好、关上文件，再运行一次")
    if not document.without:
        return content
    try:
        return leave_out(content, document.without)
    except Unreadable as fault:
        raise Withheld(f"{document.name}改动后打不开了，没有发：{fault.reason}") from None


def _locked(
    parcel: Parcel,
    private: Sequence[Document],
    contents: Mapping[str, bytes],
    key: bytes,
    lock: str,
) -> Iterator[Attachment]:
    if parcel.together:
        packed = sealed([(d.name, contents[d.name]) for d in private], key)
        holds = tuple(sorted({kind for d in private for kind in d.may_hold}))
        name = parcel.together
        yield Attachment(name, packed, tuple(d.name for d in private), holds, locked=True)
        return
    for document in private:
        name = zip_name(document.name)
        if lock == "office" and document.name.endswith(_OPENED_WITH_PASSWORD):
            name, packed = document.name, with_password(contents[document.name], key)
        else:
            packed = sealed([(document.name, contents[document.name])], key)
        yield Attachment(name, packed, (document.name,), document.may_hold, locked=True)


def zip_name(name: str) -> str:
    """The name of the archive of one paper, within what mail programs show whole.

    >>> zip_name("附件2：完成名单.xlsx")
    '附件2：完成名单.zip'
    """
    stem = name.rsplit(".", 1)[0]
    while len(f"{stem}.zip".encode()) > LONGEST_NAME:
        stem = stem[:-1]
    return f"{stem}.zip"
