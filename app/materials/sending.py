"""A file is sent: read it, look into it, keep it. The same for speakers and organisers."""

import io

from flask import flash
from flask_babel import gettext as _

from app.agenda.models import Speaker
from app.extensions import db
from app.materials import service
from app.materials.forms import UploadForm
from app.materials.inspection import FileRefused, inspect
from app.refusals import Refused
from app.web.commands import done
from app.web.forms import show_refusal
from app.web.uploads import largest_file


def keep_sent_file(
    form: UploadForm, workshop_id: int, session_id: int, speaker: Speaker | None
) -> bool:
    """Keep the file of a valid form and commit; False if it was refused, which the form shows."""
    speaker_id = speaker.id if speaker else None
    # Looking into a file takes its time, and nothing is written so far: let others write.
    db.session.rollback()

    def keep() -> str:
        sent = form.file.data
        if not sent or not sent.filename:
            raise FileRefused(_("Choose a file."))
        size = sent.stream.seek(0, io.SEEK_END)
        service.check_size(size)
        sent.stream.seek(0)
        checked = inspect(sent.filename, sent.stream.read())
        owner = db.session.get(Speaker, speaker_id) if speaker_id else None
        return service.add_file(workshop_id, session_id, checked, speaker=owner).filename

    kept = done(form, keep)
    if kept:
        flash(_("“%(name)s” is saved.", name=kept.result), "success")
    return kept is not None


def too_large_form() -> UploadForm:
    """The form as it says that a file, which was not read at all, is far too large."""
    form = UploadForm(formdata=None)
    try:
        service.check_size(largest_file() + 1)
    except Refused as refusal:
        show_refusal(form, refusal)
    return form
