"""The draft frozen and numbered: what a release holds, who may read it, what has changed."""
