"""Pages that belong to no feature: whether the site is alive and ready."""

import os
import shutil
from pathlib import Path

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, jsonify, make_response

from app.extensions import db, jobs, limiter
from app.web.access import Audience, audience
from app.web.phones import dial

bp = Blueprint("web", __name__)
bp.add_app_template_filter(dial)

MINIMUM_FREE_BYTES = 50 * 1024 * 1024


@bp.get("/healthz")
@audience(Audience.EVERYONE)
@limiter.exempt
def alive() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@audience(Audience.EVERYONE)
@limiter.exempt
def ready() -> Response:
    """Database, queue and disk can be used. No details for strangers: the log has them."""
    problem = _not_ready()
    if problem:
        current_app.logger.error("not ready: %s", problem)
        return make_response(jsonify(status="unavailable"), 503)
    return jsonify(status="ok")


def _not_ready() -> str | None:
    instance = Path(current_app.config["INSTANCE_DIR"])
    try:
        db.session.execute(sa.text("SELECT count(*) FROM workshops"))
        jobs.pending_count()
    except Exception as error:  # any failure at all means: not ready
        return f"{type(error).__name__}"
    if not os.access(instance, os.W_OK):
        return "instance folder is read-only"
    if shutil.disk_usage(instance).free < MINIMUM_FREE_BYTES:
        return "disk is nearly full"
    return None
