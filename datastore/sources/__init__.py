"""Importers: from files of the field to rows of the store."""
