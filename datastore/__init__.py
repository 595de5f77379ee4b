"""The only package that knows DuckDB, files or the network: schema, importers, registry and queries."""
