"""Jobs for the worker: each runs in the application's context with a database session of its own.

    @job
    def send_report() -> None: ...          # send_report() asks the worker to run it

    @every_minute
    def expire_holds() -> None: ...         # runs by itself

A job takes its own decisions about transactions and commits; what it leaves open is rolled back.
Jobs must bear to run twice, late, or beside another worker's: the database decides, not the queue.
"""

import functools
from collections.abc import Callable
from typing import Any

from huey import crontab

from app.extensions import jobs


def job(work: Callable[[], object]) -> Any:
    """Declare a job. Calling it only queues it; `.call_local()` runs it here and now."""
    return jobs.task()(_in_application(work))


def every_minute(work: Callable[[], object]) -> Any:
    """Declare a job that the worker starts once a minute."""
    return jobs.periodic_task(crontab())(_in_application(work))


def every_night(work: Callable[[], object]) -> Any:
    """Declare a job that the worker starts once a night, at 03:15 UTC."""
    return jobs.periodic_task(crontab(hour="3", minute="15"))(_in_application(work))


def _in_application(work: Callable[[], object]) -> Callable[[], None]:
    @functools.wraps(work)
    def run() -> None:
        with jobs.application.app_context():  # leaving it ends the database session
            work()

    return run
