"""What our packages log during a flow run stands in the UI beside what Prefect logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from prefect.context import FlowRunContext, TaskRunContext
from prefect.runtime import flow_run

OUR_LOGGERS = ("flows", "ingest", "storage")


@contextmanager
def our_logs_shown() -> Iterator[None]:
    """Let our messages through from INFO on, and give those from threads of our own to the current flow run.

    Prefect listens to the loggers that PREFECT_LOGGING_EXTRA_LOGGERS names, but knows the run by a context variable,
    which the threads that fetch and ask feeds do not have.
    """
    loggers = [logging.getLogger(name) for name in OUR_LOGGERS]
    handlers = {handler for logger in loggers for handler in logger.handlers}
    ours = _OfRun(flow_run.id)
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
    for handler in handlers:
        handler.addFilter(ours)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(ours)
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


class _OfRun(logging.Filter):
    """Marks messages from outside any run's context as those of one flow run."""

    def __init__(self, run_id: str) -> None:
        super().__init__()
        self._run_id = run_id

    def filter(self, record: logging.LogRecord) -> bool:
        if TaskRunContext.get() is None and FlowRunContext.get() is None:
            record.flow_run_id = self._run_id
        return True
