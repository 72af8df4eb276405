"""An agenda from elsewhere: a table, a `schedule.xml`, a template or an earlier workshop."""
