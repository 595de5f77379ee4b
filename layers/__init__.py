"""Tables to pydeck layers and deck specs: one file a deck.gl layer family, no queries, no Dash."""
