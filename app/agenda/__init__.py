"""The programme: topics, rooms and sessions."""
