"""The looks of a form: one place for fonts, boxes and colours, as offices are used to them."""

from __future__ import annotations

from typing import Any


class Looks:
    """Formats of one workbook, by what they are for."""

    def __init__(self, book: Any) -> None:
        def look(**properties: object) -> Any:
            return book.add_format(
                {"font_name": "宋体", "font_size": 11, "valign": "vcenter", **properties}
            )

        boxed: dict[str, object] = {"border": 1, "border_color": "#808080"}
        self.title = look(font_name="黑体", font_size=18, align="center")
        self.line = look()
        self.fill_in = look(locked=False)
        self.header = look(
            **boxed, font_name="黑体", align="center", text_wrap=True, bg_color="#E8EDF3"
        )
        self.optional = look(**boxed, font_name="黑体", align="center", text_wrap=True)
        self.text = look(**boxed, num_format="@", text_wrap=True, locked=False)
        self.day = look(**boxed, num_format="yyyy-mm-dd", align="center", locked=False)
        self.number = look(**boxed, align="center", locked=False)
        self.cell = look(**boxed, text_wrap=True)
        self.middle = look(**boxed, align="center", text_wrap=True)
        self.story = look(**boxed, text_wrap=True, valign="top", locked=False)
        self.verdict = look(**boxed, font_name="黑体", font_size=16, align="center")
        self.error = book.add_format({"bg_color": "#FFC7CE"})
        self.warning = book.add_format({"bg_color": "#FFEB9C"})
        self.fine = book.add_format({"bg_color": "#C6EFCE", "font_color": "#1E6B34"})
