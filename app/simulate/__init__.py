"""The simulator: a city that reports, handles and photographs its cases, marked as simulated throughout."""
