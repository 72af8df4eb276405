"""The blueprint of all pages about speakers."""

from flask import Blueprint

bp = Blueprint("speakers", __name__)
