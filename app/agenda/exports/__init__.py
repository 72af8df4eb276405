"""The shown release for other programs: calendars, JSON, frab's XML."""
