"""The blueprint of the desk, which its pages share."""

from flask import Blueprint

bp = Blueprint("desk", __name__)
