"""A directory that is written whole, beside the one that it replaces."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NewDirectory:
    """A directory in the making; get one from `new_directory`.

    Parameters
    ----------
    target : Path
        Where it will be.
    """

    def __init__(self, target: Path) -> None:
        place = target.resolve()  # "." and ".." have no name to put another one beside
        self._target = place
        self._old = place.with_name(f".{place.name}.old")
        self.path = place.with_name(f".{place.name}.part")
        self._is_put = False

    def put(self) -> None:
        """Put it in the place of the one that is there."""
        if self._target.exists():
            self._target.rename(self._old)
        self.path.rename(self._target)
        self._is_put = True

    def begin(self) -> None:
        """Clear away what a process left that was killed, and put back what it had moved aside."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._old.exists() and not self._target.exists():
            self._old.rename(self._target)
        shutil.rmtree(self._old, ignore_errors=True)
        self.path.mkdir(parents=True)

    def undo(self) -> None:
        """Put the earlier one back."""
        shutil.rmtree(self._target if self._is_put else self.path, ignore_errors=True)
        if self._old.exists():
            self._old.rename(self._target)

    def end(self) -> None:
        """Remove the earlier one, and what was never put in place."""
        shutil.rmtree(self._old, ignore_errors=True)
        shutil.rmtree(self.path, ignore_errors=True)


@contextmanager
def new_directory(target: Path) -> Iterator[NewDirectory]:
    """Lend a new directory; nothing is changed unless it is put in place and the block ends well."""
    made = NewDirectory(target)
    made.begin()
    try:
        yield made
    except BaseException:
        made.undo()
        raise
    made.end()
