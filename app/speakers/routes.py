"""The pages about speakers and their files, part by part."""

from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from app.extensions import db
from app.refusals import Refused
from app.speakers import desk, desk_files, files, own
from app.speakers.blueprint import bp
from app.speakers.forms import UploadForm
from app.web.access import may_open
from app.web.errors import error_page
from app.web.forms import show_refusal
from app.web.uploads import largest_file

__all__ = ["bp", "desk", "desk_files", "own"]


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Any:
    """Far too large a file is not read at all; the page where it was chosen says so."""
    endpoint, values = str(request.endpoint), request.view_args or {}
    db.session.rollback()
    form = UploadForm(formdata=None)
    try:
        files.check_size(largest_file() + 1)
    except Refused as refusal:
        show_refusal(form, refusal)
    if endpoint == "speakers.own_files":
        return own.files_page(form, values["token"], values["session_id"], 413)
    # It comes before the guard has asked who this is.
    if endpoint == "speakers.session_files" and may_open(endpoint):
        return desk_files.files_page(form, values["session_id"], 413)
    return error_page(413)
