"""The pages of the released agenda, and the screen in the foyer."""
