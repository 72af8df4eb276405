"""Files that a page gives out, under a name."""

import hashlib
import io

from flask import Response, request, send_file
from werkzeug.wrappers import Response as BaseResponse

PDF = "application/pdf"
CALENDAR = "text/calendar"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def give(content: bytes, mimetype: str, filename: str, *, to_save: bool = False) -> Response:
    """The file, shown by browsers that can show it, or `to_save`."""
    response = send_file(
        io.BytesIO(content),
        mimetype=mimetype,
        as_attachment=to_save,
        download_name=filename,
        conditional=False,
        etag=False,
    )
    # How long it may be kept is said for all answers in one place (`app/web/headers.py`).
    del response.headers["Cache-Control"]
    return response


def give_unless_known(content: bytes, mimetype: str, filename: str) -> BaseResponse:
    """The same, or 304 if the visitor has it already."""
    response = give(content, mimetype, filename)
    response.set_etag(hashlib.sha256(content).hexdigest()[:32])
    return response.make_conditional(request)
