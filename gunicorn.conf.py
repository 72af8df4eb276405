"""How gunicorn serves the site: `.venv/bin/gunicorn wsgi:app` finds this file by itself.

Other numbers go into GUNICORN_CMD_ARGS, for example GUNICORN_CMD_ARGS="--workers 4".
"""

import logging
from pathlib import Path
from typing import Any

from dotenv import load_dotenv

from config import ROOT, load_config

load_dotenv(ROOT / ".env")
_config = load_config()
_host = f"[{_config['HOST']}]" if ":" in _config["HOST"] else _config["HOST"]

wsgi_app = "wsgi:app"
bind = f"{_host}:{_config['PORT']}"
# Threads only work: slow clients are waited for by each worker's main loop (docs/decisions/0012-…).
worker_class = "app.serving.worker.BufferingWorker"
workers = 2
threads = 4
worker_connections = 500
# Longer than a proxy keeps an idle connection, so that it never writes on one that ends just then.
keepalive = 30
sendfile = False
tmp_upload_dir = str(_config["INSTANCE_DIR"])
# Whose word counts about the client is decided in one place, by TRUSTED_PROXIES (app/factory.py).
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
# Loaded once and shared by all workers: less memory, and a broken setting ends the start.
preload_app = True
timeout = 60
graceful_timeout = 20
# Workers prove by a file that they live; in memory a slow disk cannot make them look dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - empty files
control_socket_disable = True

# Who asked for what stays private: no client address, no query, and the page's pattern in place
# of its address, because personal links are in addresses.
accesslog = "-"
access_log_format = "%(t)s %(m)s %({tagungsbuero.page}e)s %(s)s %(B)s bytes %(M)s ms"


def _forget_request(record: logging.LogRecord) -> bool:
    """What cannot be read as a request may hold a personal link all the same."""
    if record.getMessage().startswith("Invalid request"):
        record.msg, record.args = "Invalid request", ()
    return True


def when_ready(server: Any) -> None:
    """Before the workers are forked: load what they share, leave no connection to two of them."""
    server.log.error_log.addFilter(_forget_request)
    from app.extensions import jobs
    from app.processes import share_memory
    from wsgi import app

    share_memory(app)
    jobs.storage.close()
