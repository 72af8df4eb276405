"""The site's processes: web server and worker, and how they are started together."""

import ctypes
import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import NoReturn

from flask import Flask
from flask_babel import force_locale, get_translations
from sqlalchemy.orm import configure_mappers

from app.extensions import jobs
from app.outbox import tasks as outbox_tasks
from app.outbox.delivery import STALE_AT_START, release_claims
from app.press.asking import Press
from app.supervisor import SIGNALS, STOP_SECONDS
from app.web.language import LANGUAGES
from app.web.templates import keep_all, load_kept
from config import ROOT

log = logging.getLogger(__name__)

CALM_SECONDS = 10.0
"""After a start, until the worker compiles templates for the next one."""

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_PR_SET_PDEATHSIG = 1  # prctl(2)


def run_worker() -> None:
    """Send mail and do the jobs of the site, until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    logging.getLogger("huey").setLevel(logging.WARNING)
    release_claims(STALE_AT_START)
    log.info("worker ready")
    outbox_tasks.deliver()
    # In a process of its own: what it needs is given back. Forked while there are no threads.
    compiling = start(_compile)
    threading.Thread(target=status_of, args=(compiling,), daemon=True).start()
    jobs.create_consumer(
        workers=1,
        periodic=True,
        max_delay=1.0,  # seconds until a new job is seen
        graceful_signal="TERM",
        shutdown_timeout=STOP_SECONDS - 5,
    ).run()


def _compile() -> None:
    time.sleep(CALM_SECONDS)
    keep_all(jobs.application)


def run_web() -> None:
    """Serve the site with gunicorn and the settings in gunicorn.conf.py."""
    from gunicorn.app.wsgiapp import WSGIApplication

    sys.argv = ["gunicorn", "--config", str(ROOT / "gunicorn.conf.py")]
    WSGIApplication().run()


def status_of(process: int) -> int:
    """Wait for a process that `start` has started to end; its exit status."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def run_together(*works: Callable[[], None], press: Press) -> NoReturn:
    """Run each in a process of its own until SIGTERM or SIGINT; see `app.supervisor`."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # until somebody can end all in order
    running = [str(start(work)) for work in works]
    os.chdir(ROOT)
    program = [sys.executable, "-m", "app.supervisor"]
    os.execv(sys.executable, [*program, *press.to_words(), *running])  # noqa: S606 - our own program


def share_memory(app: Flask) -> None:
    """Load what processes need that are about to be forked: what is there, they share."""
    load_kept(app)
    configure_mappers()
    for language in LANGUAGES:
        with app.app_context(), force_locale(language):
            get_translations()
    gc.collect()
    gc.freeze()  # a collection would write to objects that are shared, which copies them


def start(work: Callable[[], None]) -> int:
    """Do some work in a process of its own; its number."""
    parent = os.getpid()
    jobs.storage.close()  # a connection must not be shared by two processes
    sys.stdout.flush()
    sys.stderr.flush()
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        os.setpgid(0, 0)  # Ctrl-C reaches the parent only, which ends all in order
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)  # also if it is killed
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        if os.getppid() == parent:
            work()
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        log.exception("process failed")
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
