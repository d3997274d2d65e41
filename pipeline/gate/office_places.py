"""Where in a workbook or a document something stands, in the words of who looks for it there."""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from pipeline.gate.markup import in_one
from pipeline.gate.pieces import Finer, Tells

_PAIR = re.compile(r'([\w:]+)\s*=\s*"([^"]*)"')
_CELL = re.compile(
    r'<(?:\w+:)?c\s(?:[^>]*\s)?r="([A-Z]+[0-9]+)"[^>]*(?<!/)>.*?</(?:\w+:)?c>', re.DOTALL
)
_ROW = re.compile(
    r'<(?:\w+:)?row\s(?:[^>]*\s)?r="([0-9]+)"[^>]*(?<!/)>.*?</(?:\w+:)?row>', re.DOTALL
)
_SHARED = re.compile(r"<(?:\w+:)?si\b.*?</(?:\w+:)?si>", re.DOTALL)
_COMMENT = re.compile(
    r'<(?:\w+:)?(?:comment|threadedComment)\s(?:[^>]*\s)?ref="([A-Z]+[0-9]+)".*?</(?:\w+:)?(?:comment|threadedComment)>',
    re.DOTALL,
)
_NAME = re.compile(r'<(?:\w+:)?definedName\s(?:[^>]*\s)?name="([^"]*)".*?</(?:\w+:)?definedName>', re.DOTALL)  # fmt: skip
_CACHE = re.compile(r"<(?:\w+:)?(?:str|num|multiLvlStr)Cache>.*?</(?:\w+:)?(?:str|num|multiLvlStr)Cache>", re.DOTALL)  # fmt: skip
_PROPERTY = re.compile(r"<([\w:]+)(?: [^>]*)?>[^<]*</\1>|<property\s.*?</property>", re.DOTALL)
# what else a sheet says beside its cells: the element, how its place is called, whether it has cells
_BESIDE = tuple(
    (re.compile(rf"<(?:\w+:)?{tag}\b[^>]*?(?:/>|>.*?</(?:\w+:)?{tag}>)", re.DOTALL), word)
    for tag, word in (
        ("(?:odd|even|first)Header", "的页眉"), ("(?:odd|even|first)Footer", "的页脚"),
        ("dataValidation", "的下拉提示"), ("hyperlink", "的链接"), ("conditionalFormatting", "的条件格式"),
    )
)  # fmt: skip
_CELLS_OF = re.compile(r'\b(?:sqref|ref)="([^"]*)"')
_PROPERTIES = {
    "title": "标题", "subject": "主题", "creator": "作者", "keywords": "关键词",
    "description": "备注", "lastmodifiedby": "最后修改人", "company": "单位",
    "manager": "主管",
}  # fmt: skip
_OF_PARTS = (
    ("comments", "批注"), ("header", "页眉"), ("footer", "页脚"), ("docprops", "文件属性"),
    ("charts", "图表"), ("pivotcache", "透视表缓存"), ("pivottable", "透视表"), ("drawing", "图形"),
    ("document.xml", "正文"), ("sharedstrings", "单元格文字"), ("workbook.xml", "工作簿"),
    ("footnotes", "脚注"), ("endnotes", "尾注"), ("customxml", "自定义数据"),
    ("externallinks", "外部链接"), ("connections", "数据连接"), ("styles.xml", "样式"),
    ("querytable", "数据查询"), ("tables/", "表格"), ("media/", "图片"), ("embeddings", "嵌入的文件"),
)  # fmt: skip
_PARTS_OF_WORD = re.compile(r"(?:^|/)(?:document|header\d*|footer\d*|footnotes|endnotes|comments|glossary/document)\d*\.xml$")  # fmt: skip


class OfficePlaces:
    """The parts of one package: what they are called, and how to find the exact place inside them."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = [entry.filename for entry in archive.infolist()]
        self._owner = dict(self._owned())
        self._sheets = self._tabs()

    def of(self, part: str) -> str:
        """What a part is called."""
        if part in self._sheets:
            return self._sheets[part]
        low = part.lower()
        word = next((word for begins, word in _OF_PARTS if begins in low), part)
        owner: str | None = part
        for _ in range(4):
            owner = self._owner.get(owner or "")
            if owner in self._sheets:
                return f"{self._sheets[owner]}的{word}"
        return word

    def finer(self, part: str, markup: str, shared_before: int) -> Finer:
        """The places in a chunk of a part; shared_before: how many shared texts stand before it."""

        def places(tells: Tells) -> Iterator[str]:
            place, low = self.of(part), part.lower()
            if part in self._sheets:
                yield from _in_sheet(place, markup, tells)
            elif low.endswith("sharedstrings.xml"):
                for number, found in enumerate(_SHARED.finditer(markup), shared_before):
                    if tells(in_one(found[0])):
                        yield self._using(number)
            elif "comments" in low and not _PARTS_OF_WORD.search(low):
                sheet = place.removesuffix("的批注")
                yield from (
                    f"{sheet}!{m[1]} 的批注"
                    for m in _COMMENT.finditer(markup)
                    if tells(in_one(m[0]))
                )
            elif low.endswith("workbook.xml"):
                yield from _in_workbook(markup, tells)
            elif "charts/" in low:
                if any(tells(in_one(m[0])) for m in _CACHE.finditer(markup)):
                    yield f"{place}缓存"
            elif "docprops" in low:
                yield from _in_properties(markup, tells)
            elif _PARTS_OF_WORD.search(low):
                yield from _in_paragraphs(place, markup, tells)

        return places

    def _owned(self) -> Iterator[tuple[str, str]]:
        """Every part that another one leads to, with that one."""
        for name in self._names:
            folder, _, rest = name.rpartition("_rels/")
            if rest.endswith(".rels") and rest != ".rels":
                for _, target in self._relations(name):
                    yield posixpath.normpath(posixpath.join(folder, target)).lstrip("/"), folder + rest.removesuffix(".rels")  # fmt: skip

    def _relations(self, name: str) -> Iterator[tuple[str, str]]:
        markup = self._archive.read(name).decode("utf-8", "replace")
        for tag in re.findall(r"<(?:\w+:)?Relationship\s[^>]*>", markup):
            head = dict(_PAIR.findall(tag))
            yield head.get("Id", ""), html.unescape(head.get("Target", ""))

    def _tabs(self) -> dict[str, str]:
        """What the worksheets' parts are called on their tabs."""
        book, links = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
        if not {book, links} <= set(self._names):
            return {}
        target = dict(self._relations(links))
        found = {}
        markup = self._archive.read(book).decode("utf-8", "replace")
        for tag in re.findall(r"<(?:\w+:)?sheet\s[^>]*>", markup):
            head = dict(_PAIR.findall(tag))
            hidden = "（隐藏）" if head.get("state", "visible") != "visible" else ""
            part = posixpath.normpath(posixpath.join("xl", target.get(head.get("r:id", ""), "")))
            found[part.lstrip("/")] = f"工作表“{html.unescape(head.get('name', ''))}”{hidden}"
        return found

    def _using(self, number: int) -> str:
        """The cells that show a shared text, by its number."""
        used = re.compile(
            rf'<(?:\w+:)?c\s(?=[^>]*\bt="s")(?:[^>]*\s)?r="([A-Z]+[0-9]+)"[^>]*>\s*<(?:\w+:)?v>{number}</'
        )
        cells = [
            f"{sheet}!{cell}"
            for part, sheet in self._sheets.items()
            if part in self._names
            for cell in used.findall(self._archive.read(part).decode("utf-8", "replace"))
        ]
        if not cells:
            return "没有格子在用的文字"
        return cells[0] if len(cells) == 1 else f"{cells[0]} 等 {len(cells)} 格"


def _in_sheet(place: str, markup: str, tells: Tells) -> Iterator[str]:
    found = False
    for cell in _CELL.finditer(markup):
        if tells(in_one(cell[0])):
            found = True
            yield f"{place}!{cell[1]}"
    for pattern, word in _BESIDE:
        for element in pattern.finditer(markup):
            if tells(in_one(element[0])):
                found = True
                cells = _CELLS_OF.search(element[0])
                yield f"{place}!{cells[1]} {word}" if cells else f"{place}{word}"
    if not found:
        for row in _ROW.finditer(markup):
            if tells(in_one(row[0])):
                yield f"{place}第 {row[1]} 行（分写在几格里）"


def _in_workbook(markup: str, tells: Tells) -> Iterator[str]:
    for name in _NAME.finditer(markup):
        if tells(in_one(name[0])):
            yield f"定义的名称“{html.unescape(name[1])}”" if not tells(name[1]) else "定义的名称"
    for number, tag in enumerate(re.findall(r"<(?:\w+:)?sheet\s[^>]*>", markup), 1):
        if tells(in_one(tag)):
            yield f"第 {number} 张工作表的名称"


def _in_properties(markup: str, tells: Tells) -> Iterator[str]:
    for element in _PROPERTY.finditer(markup):
        if tells(in_one(element[0])):
            name = (element[1] or "").rpartition(":")[2].lower()
            word = _PROPERTIES.get(name, "")
            yield f"文件属性“{word}”" if word else "文件属性"


def _in_paragraphs(place: str, markup: str, tells: Tells) -> Iterator[str]:
    """Paragraphs counted as they stand, those of tables, text boxes and revisions said to be such."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=True)
    root: Any = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    if root is None:
        return
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    tables = {table: number for number, table in enumerate(root.iter(f"{space}tbl"), 1)}
    for number, paragraph in enumerate(root.iter(f"{space}p"), 1):
        own = [
            text
            for text in paragraph.iter(f"{space}t", f"{space}delText", f"{space}instrText")
            if next(text.iterancestors(f"{space}p")) is paragraph
        ]
        if not tells("".join(text.text or "" for text in own)):
            continue
        boxed = next(paragraph.iterancestors(f"{space}txbxContent"), None) is not None
        table = next((t for t in paragraph.iterancestors(f"{space}tbl")), None)
        changed = {
            mark.tag.removeprefix(space) for text in own for mark in text.iterancestors()
        } & {"del", "ins", "moveFrom", "moveTo"}
        spot = f"第 {number} 段"
        if boxed:
            spot = "的文本框"
        elif table is not None:
            row = next(paragraph.iterancestors(f"{space}tr"))
            spot = f"第 {tables[table]} 个表格第 {table.findall(f'{space}tr').index(row) + 1} 行"
        yield f"{place}{spot}{'（修订痕迹）' if changed else ''}"
