"""Files are given out as downloads and never shown: no browser is to run what is in them."""

import sqlalchemy as sa
from flask import abort
from werkzeug.wrappers import Response

from app.extensions import db
from app.materials.models import FileContent, SessionFile
from app.web.downloads import give

POLICY = "default-src 'none'; sandbox"


def find_file(workshop_id: int, file_id: int) -> SessionFile:
    """A file of the workshop without its content; ends the request with 404 if there is none."""
    found = db.session.scalar(sa.select(SessionFile).filter_by(workshop_id=workshop_id, id=file_id))
    return found or abort(404)


def download(file: SessionFile) -> Response:
    """The file, to be saved under its name."""
    content = db.session.scalar(
        sa.select(FileContent.content).where(FileContent.file_id == file.id)
    )
    response = give(content or b"", file.content_type, file.filename, to_save=True)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
