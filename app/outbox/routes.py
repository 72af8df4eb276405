"""Pages of this feature."""

from flask import Blueprint

bp = Blueprint("outbox", __name__)
