"""QR codes as small pictures."""

import io
from typing import Any

import zxingcpp
from PIL import Image, ImageOps

QUIET_ZONE = 4
"""Modules of white that must surround a code (ISO/IEC 18004)."""


def qr_png(text: str) -> bytes:
    """A QR code as a black and white PNG, one pixel a module, without quiet zone.

    Error correction M (15 %, ISO/IEC 18004), or Q (25 %) where that needs no more modules:
    a badge is bent and lies behind plastic.
    """
    return _png(_code(text))


def qr_picture(text: str, *, module: int = 8) -> bytes:
    """The same code for screens and mails: `module` pixels a module, with its quiet zone."""
    code = ImageOps.expand(_code(text), QUIET_ZONE, fill=1)
    return _png(code.resize((code.width * module, code.height * module), Image.Resampling.NEAREST))


def _code(text: str) -> Image.Image:
    code, stronger = (_modules(text, level) for level in ("M", "Q"))
    return stronger if stronger.size == code.size else code


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _modules(text: str, level: str) -> Image.Image:
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    # A buffer, say its docs; what its types say depends on the version of Python.
    pixels: Any = barcode.to_image(scale=1, add_quiet_zones=False)
    height, width = pixels.shape
    grey = bytes(memoryview(pixels))
    return Image.frombytes("L", (width, height), grey).convert("1")
