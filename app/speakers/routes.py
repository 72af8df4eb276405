"""The pages about speakers, part by part."""

from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from app.extensions import db
from app.materials.sending import too_large_form
from app.speakers import desk, own
from app.speakers.blueprint import bp
from app.web.errors import error_page

__all__ = ["bp", "desk", "own"]


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Any:
    """Far too large a file is not read at all; the page where it was chosen says so."""
    db.session.rollback()
    if request.endpoint != "speakers.own_files":
        return error_page(413)
    values = request.view_args or {}
    return own.files_page(too_large_form(), values["token"], values["session_id"], 413)
