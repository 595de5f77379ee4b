"""The desk: the one writer of live cases. Commands come in, events go to the log, and the tables follow."""
