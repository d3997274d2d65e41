"""Imported by the fork server, before all else: it ends with the run that started it, and its workers with it."""

import gc

from pipeline.workers.worker import end_with_parent

end_with_parent()
gc.disable()  # while it loads what workers need, nothing dies; each worker looks again
