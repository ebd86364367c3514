from pathlib import Path

import yaml
from django.core.management import call_command

ROOT = Path(__file__).parents[2]


def test_the_committed_description_is_the_codes(tmp_path):
    fresh = tmp_path / "openapi.yaml"
    call_command("spectacular", file=str(fresh), validate=True, fail_on_warn=True)
    committed = ROOT / "openapi.yaml"
    assert committed.read_text() == fresh.read_text(), "run `make schema` and commit openapi.yaml"


def test_every_operation_describes_its_refusals():
    document = yaml.safe_load((ROOT / "openapi.yaml").read_text())
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            refused = [code for code in operation["responses"] if code.startswith("4")]
            if operation.get("parameters") or method == "post":
                assert refused, f"{method} {path}"
