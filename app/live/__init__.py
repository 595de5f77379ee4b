"""Live push: committed events and fresh figures to every open page, as server-sent events."""
