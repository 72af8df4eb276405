"""A workshop, its settings, its organisations and the texts of its consents."""
