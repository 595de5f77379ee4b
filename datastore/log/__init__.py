"""The tamper-evident log: leaves of history and of live events, their Merkle tree, signed heads, and verification."""
