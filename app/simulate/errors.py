"""Errors of the simulator."""

from app.errors import AppError


class SimulateError(AppError):
    """What stops a simulation; the message says why and how to go on."""


class CityGoneError(SimulateError):
    """The server has not answered for too long, or answers what no server of ours does."""


class NoDemoError(SimulateError):
    """A server that does not serve a demo: nothing simulated may get among real cases."""


class KeyFileError(SimulateError):
    """A file of keys that cannot be read."""


class StoppedError(SimulateError):
    """Somebody stopped the simulation while it waited."""
