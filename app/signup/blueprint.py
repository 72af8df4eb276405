"""The blueprint of this feature, which its pages share."""

from flask import Blueprint

bp = Blueprint("signup", __name__)
