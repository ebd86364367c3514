"""Merkle trees hash as RFC 6962 says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import merkle
from tests.ledger.paths import root_from_path

# The vectors of the Certificate Transparency reference implementation.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATH_OF_THE_FIRST_OF_EIGHT = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
]

trees = st.lists(st.binary(max_size=8), min_size=1, max_size=70).flatmap(
    lambda contents: st.tuples(
        st.just([merkle.leaf_hash(content) for content in contents]),
        st.integers(0, len(contents) - 1),
    )
)


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_those_of_the_reference_implementation(size: int) -> None:
    leaves = [merkle.leaf_hash(entry) for entry in ENTRIES[:size]]
    assert merkle.tree_root(leaves).hex() == ROOTS[size - 1]


def test_paths_are_those_of_the_reference_implementation() -> None:
    path = merkle.audit_path([merkle.leaf_hash(entry) for entry in ENTRIES], 0)
    assert [step.hex() for step in path] == PATH_OF_THE_FIRST_OF_EIGHT


def test_a_tree_needs_a_leaf() -> None:
    with pytest.raises(ValueError, match="at least one leaf"):
        merkle.tree_root([])


@given(trees)
def test_each_leafs_path_leads_to_the_root(tree: tuple[list[bytes], int]) -> None:
    leaves, index = tree
    path = merkle.audit_path(leaves, index)
    assert root_from_path(leaves[index], index, len(leaves), path) == merkle.tree_root(leaves)


@given(trees, st.binary(min_size=9, max_size=9))
def test_another_leaf_does_not_lead_to_the_root(
    tree: tuple[list[bytes], int], content: bytes
) -> None:
    leaves, index = tree
    path = merkle.audit_path(leaves, index)
    forged = merkle.leaf_hash(content)
    assert root_from_path(forged, index, len(leaves), path) != merkle.tree_root(leaves)


@given(st.integers(2, 70), st.data())
def test_a_path_proves_one_place_only(size: int, data: st.DataObject) -> None:
    leaves = [merkle.leaf_hash(bytes([number])) for number in range(size)]
    index, other = data.draw(
        st.lists(st.integers(0, size - 1), min_size=2, max_size=2, unique=True)
    )
    path = merkle.audit_path(leaves, index)
    try:
        root = root_from_path(leaves[index], other, size, path)
    except ValueError:
        return  # the other place has a path of another length
    assert root != merkle.tree_root(leaves)


@given(trees)
def test_a_path_of_another_length_is_refused(tree: tuple[list[bytes], int]) -> None:
    leaves, index = tree
    path = merkle.audit_path(leaves, index)
    with pytest.raises(ValueError, match="too long"):
        root_from_path(leaves[index], index, len(leaves), [*path, leaves[0]])
    if path:
        with pytest.raises(ValueError, match="too short"):
            root_from_path(leaves[index], index, len(leaves), path[:-1])


@pytest.mark.parametrize("index", [-1, 3])
def test_a_place_outside_of_the_tree_is_refused(index: int) -> None:
    with pytest.raises(ValueError, match="no such leaf"):
        root_from_path(b"", index, 3, [])
