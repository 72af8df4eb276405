"""The blueprint of this feature, which its pages share."""

from flask import Blueprint

bp = Blueprint("contributions", __name__)
