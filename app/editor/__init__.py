"""The desk's editor of the agenda: grid, list, forms, undo."""
