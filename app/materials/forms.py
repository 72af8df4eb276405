"""How a file is sent: input only, what is in it is looked into later."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.datastructures import CombinedMultiDict

from app.materials.inspection import ACCEPTED
from app.web.forms import Form
from app.web.uploads import in_megabytes, largest_file


class UploadForm(Form):
    """A file."""

    file = FileField(_l("File"), render_kw={"accept": ACCEPTED})

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.file.description = _(
            "PDF, PPTX, ODP, PNG or JPG, at most %(size)s MB. A file of the same name is replaced.",
            size=in_megabytes(largest_file()),
        )

    @classmethod
    def of_request(cls) -> "UploadForm":
        """With the file that was sent, if one was."""
        sent: Any = CombinedMultiDict([request.files, request.form])
        return cls(formdata=sent if request.method == "POST" else None)
