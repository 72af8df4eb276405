"""Personal data end when the privacy page says so."""
