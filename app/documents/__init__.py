"""Documents on paper: one PDF pipeline, and the lists that go through it."""
