"""QR codes as small pictures."""

import io

import zxingcpp
from PIL import Image


def qr_png(text: str) -> bytes:
    """A QR code as a black and white PNG, one pixel a module, without quiet zone.

    Error correction M (15 %, ISO/IEC 18004), or Q (25 %) where that needs no more modules:
    a badge is bent and lies behind plastic.
    """
    code, stronger = (_modules(text, level) for level in ("M", "Q"))
    if stronger.size == code.size:
        code = stronger
    file = io.BytesIO()
    code.save(file, "PNG")
    return file.getvalue()


def _modules(text: str, level: str) -> Image.Image:
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    pixels = barcode.to_image(scale=1, add_quiet_zones=False)
    height, width = pixels.shape
    return Image.frombytes("L", (width, height), bytes(memoryview(pixels))).convert("1")
