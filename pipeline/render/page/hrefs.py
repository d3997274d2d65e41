"""Links of the page: relative, percent-encoded, to what lies in the outbox and the inbox."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

SENT = "../发送情况.html"
_INBOX = "../../inbox/"
_MEMBER = "!"  # what lies in an archive is reached through it


def href(path: str) -> str:
    """A path as it stands in a link; bytes that are no text (names of old systems) go as they are.

    >>> href("退回/a b#1.xlsx"), href("甲:乙.xls")
    ('%E9%80%80%E5%9B%9E/a%20b%231.xlsx', '%E7%94%B2%3A%E4%B9%99.xls')
    """
    return quote(path, safe="/.", errors="surrogateescape")


def href_of_input(path: str, originals: Mapping[str, str]) -> str:
    """The link to a file as filed, by the path under which it is known; '' where it has none.

    `originals`: path as known -> path below inbox/ under which it lies.

    >>> href_of_input("2018-11/a.zip!b.xlsx", {"2018-11/a.zip": "2018.11/a.zip"})
    '../../inbox/2018.11/a.zip'
    """
    parts = path.split(_MEMBER)
    for length in range(len(parts), 0, -1):
        if lies := originals.get(_MEMBER.join(parts[:length])):
            return _INBOX + href(lies)
    return ""


def href_sent(period: str, recipient: str = "") -> str:
    """The link to what was sent of a period, or to one recipient of it.

    >>> href_sent("2018-11", "220102").rsplit("#", 1)[1]
    '2018-11-220102'
    """
    return f"{href(SENT)}#{href(anchor(period, recipient))}"


def anchor(period: str, recipient: str = "") -> str:
    """Under what name a period, or one of its recipients, is found on the page of what was sent."""
    return f"{period}-{recipient}" if recipient else period
