"""HTTP endpoints beside Dash's own: health, tables and problem documents."""
