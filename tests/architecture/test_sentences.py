"""Every act that the record enters in the ledger has its sentence in the timeline."""

import ast
from pathlib import Path

from incidents.sentences import SENTENCES

SERVICES = sorted((Path(__file__).parents[2] / "incidents").rglob("*.py"))
# Not about any one incident.
ELSEWHERE = {
    "boundaries.imported",
    "boundaries.activated",
    "import.created",
    "import.finished",
}


def _texts(node: ast.AST) -> set[str]:
    found = (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant))
    return {
        value for value in found if isinstance(value, str) and "." in value and " " not in value
    }


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Return the values of a module's own names."""
    assigned = [node for node in tree.body if isinstance(node, ast.Assign)]
    return {
        target.id: node.value
        for node in assigned
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _actions(path: Path) -> set[str]:
    """Return what a module gives as ``action=…``, or to a helper whose name says audit."""
    tree = ast.parse(path.read_text())
    constants = _constants(tree)
    given: list[ast.expr] = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        given += [keyword.value for keyword in call.keywords if keyword.arg == "action"]
        if "audit" in ast.unparse(call.func):
            given += call.args
    named = [constants.get(node.id, node) if isinstance(node, ast.Name) else node for node in given]
    return {text for node in named for text in _texts(node)}


def test_every_action_has_its_sentence():
    actions = {text for path in SERVICES for text in _actions(path)}
    assert {"incident.assessed", "incident.split_off", "incident.moved"} <= actions
    assert actions - ELSEWHERE <= set(SENTENCES)
