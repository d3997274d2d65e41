"""How often Python looks for dead objects that hold each other.

As it comes, it looks after every 700 new objects that could: loading libraries and reading long lists make
millions that live, and hardly any such circle. That took a twelfth of a small month.
"""

from __future__ import annotations

import gc

_NEW_OBJECTS = 50_000


def look_seldom() -> None:
    """What lives now is not looked over again, and what comes is after every fifty thousand objects."""
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
    gc.enable()
