"""The draft of the agenda, which only the desk sees: sessions, rooms, topics, people, undo."""
