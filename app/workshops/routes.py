"""Pages of this feature."""

from flask import Blueprint

bp = Blueprint("workshops", __name__)
