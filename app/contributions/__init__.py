"""The call for contributions: proposals, their discussion and the answer."""
