"""Pages: parse the address, lay out the panels."""
