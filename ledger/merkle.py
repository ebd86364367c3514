"""Merkle trees as in RFC 6962 §2.1: 0x00 before a leaf, 0x01 before a node, no padding."""

import hashlib
from collections.abc import Sequence


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of one entry's content."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Return the tree from leaves to root; an odd last node moves up unchanged.

    That gives the same root as RFC 6962's split at the largest power of two.
    """
    if not leaves:
        raise ValueError("a Merkle tree needs at least one leaf")
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        row = levels[-1]
        above = [node_hash(row[i], row[i + 1]) for i in range(0, len(row) - 1, 2)]
        if len(row) % 2:
            above.append(row[-1])
        levels.append(above)
    return levels


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """Return the tree hash of one or more leaf hashes."""
    return _levels(leaves)[-1][0]


def audit_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the sibling hashes that lead from leaf ``index`` to the root (RFC 6962 §2.1.1)."""
    (path,) = audit_paths(leaves, [index])
    return path


def audit_paths(leaves: Sequence[bytes], indexes: Sequence[int]) -> list[list[bytes]]:
    """Return ``audit_path`` for several leaves, growing their tree once."""
    rows = _levels(leaves)[:-1]
    return [_siblings(rows, index) for index in indexes]


def _siblings(rows: list[list[bytes]], index: int) -> list[bytes]:
    path = []
    for row in rows:
        sibling = index ^ 1
        if sibling < len(row):
            path.append(row[sibling])
        index >>= 1
    return path
