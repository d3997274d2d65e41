"""发送情况.html: beside the months in the outbox, what the ledger says of each; written anew whenever it grows."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from typing import Any

from pipeline.ask import Delivered, delivered
from pipeline.home import Home
from pipeline.model.stop import Stop
from pipeline.programme import Programme
from pipeline.render import anchor, fill_text, href
from pipeline.send.ledger import Line, read_ledger
from pipeline.send.mailings import Correspondent, correspondence
from pipeline.values import mask_digits

PAGE = "发送情况.html"


def write_sent_page(home: Home, programme: Programme) -> None:
    """Every delivered month, the newest first, with everybody it has something for.

    A ledger or a month that cannot be trusted is said on the page, in the words of whoever refused it.
    """
    fault = ""
    ledger: tuple[Line, ...] = ()
    try:
        ledger = read_ledger(home.outbox)
    except Stop as stop:
        fault = stop.message
    months = [month for _, month in delivered(home.outbox) if month is not None]
    view = {
        "office": programme.office,
        "short_title": programme.short_title,
        "fault": fault,
        "months": [_month(month, ledger, home, programme) for month in reversed(months)],
    }
    written = home.outbox / f".{PAGE}"
    handle = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
        stream.write(fill_text(home.templates, PAGE, view))
    written.replace(home.outbox / PAGE)


def _month(
    month: Delivered, ledger: Iterable[Line], home: Home, programme: Programme
) -> dict[str, Any]:
    period = month.period
    try:
        recipients, fault = correspondence(month, ledger, programme, home.outbox), ""
    except Stop as stop:
        recipients, fault = [], stop.message
    groups = (
        ("各部门", f"pipeline send {period}", [one for one in recipients if not one.is_unit]),
        (
            "各单位",
            f"pipeline send {period} --counties",
            [one for one in recipients if one.is_unit],
        ),
    )
    return {
        "id": anchor(period),
        "label": f"{period[:4]}年{int(period[5:])}月",
        "page": href(f"{period}/index.html"),
        "fault": fault,
        "groups": [
            {
                "label": label,
                "command": command,
                "sums": [{"word": w, "count": n} for w, n in Counter(o.word for o in of).items()],
                "recipients": [_recipient(one, period, home, command) for one in of],
            }
            for label, command, of in groups
            if of
        ],
    }


def _recipient(one: Correspondent, period: str, home: Home, command: str) -> dict[str, Any]:
    return {
        "id": anchor(period, one.recipient),
        "name": one.shown,
        "state": one.state,
        "word": one.word,
        "stale": one.stale,
        "draft": href(one.draft.relative_to(home.outbox).as_posix()) if one.draft else "",
        "settle": f"{command} --settle {one.recipient}=已收到" if one.unknown else "",
        "mailings": [
            {
                "address": m.address, "version": m.version, "replaces": m.replaces, "at": m.at, "state": m.event,
                "word": m.word, "answer": m.answer, "in_clear": m.in_clear,
                "documents": [mask_digits(name) for name in m.documents],
            }
            for m in one.mailings
        ],
    }  # fmt: skip
