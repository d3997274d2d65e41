"""Why a file cannot be read, in the clerk's words."""

from __future__ import annotations


class Unreadable(Exception):
    """A file that cannot be read; carries the rule code and the reason in the clerk's words.

    What stands behind the reason's first full stop is what to do about it; where there is nothing,
    the usual advice is given.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code, reason)
        self.code, self.reason = code, reason
