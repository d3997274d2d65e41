"""Imported by the fork server, before all else: it ends with the run that started it, and its workers with it."""

from pipeline.workers.worker import end_with_parent

end_with_parent()
