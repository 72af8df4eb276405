#!/usr/bin/env bash
# Flask-Security-Too 5.9.2: classes that are given to `init_app` are ignored in silence.
#
# `MailUtil` says: 'To provide your own implementation, pass in the class as mail_util_cls at init
# time'. With the usual factory (`security = Security()`, later `security.init_app(app, …)`) forms and
# render_template are taken from init_app's keywords, but mail_util_cls is read by the constructor
# alone: init_app takes any keyword, says nothing, and goes on with the default. So an application's
# own rule for e-mail addresses never runs.
#
# Expected: the class that was given (or an error). Seen: flask_security.MailUtil.
# Exit 0: as stated. Exit 1: changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install \
    Flask-Security-Too==5.9.2 Flask==3.1.3 Flask-SQLAlchemy==3.1.1
"$folder/venv/bin/python" - <<'PYTHON'
import sys

from flask import Flask
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore
from flask_security.models import fsqla_v3 as fsqla
from flask_sqlalchemy import SQLAlchemy


class OwnAddresses(MailUtil):
    """An application's own rule."""


def make(in_constructor: bool) -> str:
    app = Flask("finding")
    app.config.update(
        SECRET_KEY="x",
        SECURITY_PASSWORD_SALT="1",
        SQLALCHEMY_DATABASE_URI="sqlite://",
    )
    db = SQLAlchemy(app)
    fsqla.FsModels.set_db_info(db)

    class Role(db.Model, fsqla.FsRoleMixin):
        pass

    class User(db.Model, fsqla.FsUserMixin):
        pass

    store = SQLAlchemyUserDatastore(db, User, Role)
    given = {"mail_util_cls": OwnAddresses}
    security = Security(**given) if in_constructor else Security()
    security.init_app(app, store, **({} if in_constructor else given))
    return type(security.mail_util).__name__


constructed, initialised = make(True), make(False)
print("given to the constructor:", constructed)
print("given to init_app:       ", initialised)
sys.exit(0 if (constructed, initialised) == ("OwnAddresses", "MailUtil") else 1)
PYTHON
