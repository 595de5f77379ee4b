"""The simulated demo city: a deterministic generator framed by published facts."""
