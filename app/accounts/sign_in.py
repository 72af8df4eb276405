"""How Flask-Security is set up: log-in, sessions, passwords."""

import hmac
from typing import Any

from flask import Flask
from flask_login import current_user
from flask_security import SQLAlchemyUserDatastore

from app.accounts.models import Account, Membership
from app.extensions import db, security


def init_sign_in(app: Flask) -> None:
    """Start Flask-Security with our accounts."""
    key = app.config["SECRET_KEY"].encode()
    app.config.setdefault(
        "SECURITY_PASSWORD_SALT", hmac.new(key, b"password-salt", "sha256").hexdigest()
    )
    security.init_app(
        app, SQLAlchemyUserDatastore(db, Account, Membership), register_blueprint=True
    )
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    return {"current_account": current_user if current_user.is_authenticated else None}
