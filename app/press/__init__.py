"""The press: from HTML to PDF. It knows no workshop, no database and no request."""
