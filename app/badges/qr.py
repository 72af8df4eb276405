"""Moved: import from app.qr (registration, below badges, shows QR codes too)."""

from app.qr import qr_png as qr_png
