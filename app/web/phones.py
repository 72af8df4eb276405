"""Telephone numbers as a phone dials them."""

_FEWEST = 3  # digits: fewer are no number


def dial(number: str) -> str:
    """What a `tel:` address takes (RFC 3966), empty if the text is no number alone.

    '+49 (0)341 12-34' is '+493411234': behind a country's code nobody dials the zero in brackets.
    """
    text = number.strip()
    if text.startswith("+"):
        text = text.replace("(0)", "")
    digits = "".join(char for char in text if char in "0123456789")
    if len(digits) < _FEWEST or any(char.isalpha() for char in text):
        return ""
    return f"+{digits}" if text.startswith("+") else digits
