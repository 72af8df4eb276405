"""What connections are served by."""
