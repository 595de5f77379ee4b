"""Errors of the importers."""

from datastore.errors import DatastoreError


class SourceError(DatastoreError):
    """A file that cannot be imported; the message names the file, what is wrong and the mend."""


class MappingError(SourceError):
    """A mapping that does not fit its file."""
