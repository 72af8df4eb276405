"""The demonstration: the Leipzig workshop with invented people."""
