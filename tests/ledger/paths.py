"""What a checker does with a path; the one for outsiders is in ``clients/harmwatch_verify.py``."""

from collections.abc import Sequence

from ledger.merkle import node_hash


def root_from_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that a leaf and its path lead to.

    Raises ``ValueError`` where a tree of ``size`` leaves has no such leaf or no path that long.
    """
    if not 0 <= index < size:
        raise ValueError("the tree has no such leaf")
    steps = iter(path)
    result, last = leaf, size - 1
    while last > 0:
        if index % 2 or index < last:
            sibling = next(steps, None)
            if sibling is None:
                raise ValueError("the path is too short")
            result = node_hash(sibling, result) if index % 2 else node_hash(result, sibling)
        index, last = index >> 1, last >> 1
    if next(steps, None) is not None:
        raise ValueError("the path is too long")
    return result
