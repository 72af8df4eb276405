"""Staff accounts, what each may do in which workshop, and the journal of who did what."""
