"""The most memory that the import of a long file takes, in a process of its own.

make bench ARGS="-k memory"                             a file of 50,000 rows
IMPORT_BENCH_ROWS=1000000 make bench ARGS="-k memory"   the whole measure
"""

import os
import resource
from pathlib import Path
from uuid import UUID

import pytest

from incidents.intake.runs import FileReader
from incidents.models import ImportRun
from incidents.services.import_running import import_run
from tests.benchmarks.files import ucdp_file
from tests.factories import make_actor
from tests.incidents.imports.files import start_path
from tests.support import processes

ROWS = int(os.environ.get("IMPORT_BENCH_ROWS", "50000"))
MOST_MIB = 300


def import_and_tell(run_id: str) -> str:
    """Carry out an import; return the most memory it took, in KiB."""
    import_run(run_id=UUID(run_id), reader=FileReader())
    return str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


@pytest.mark.parametrize(
    "asked",
    [{}, {"mode": "all_or_nothing"}, {"dry_run": True}],
    ids=["good_rows", "all_or_nothing", "dry_run"],
)
def test_memory_stays_flat(committed_db, start_child, imports_folder, tmp_path, monkeypatch, asked):
    monkeypatch.setattr(processes, "PATIENCE_S", 4 * 3600)
    run = start_path(make_actor(), ucdp_file(Path(tmp_path / "long.csv"), ROWS), **asked)

    child = start_child("tests.benchmarks.test_import_memory.import_and_tell", run.id)
    most = int(child.result()) / 1024

    run = ImportRun.objects.get(id=run.id)
    assert (run.new, run.refused) == (ROWS, 0)
    seconds = (run.finished_at - run.created_at).total_seconds()
    print(f"\n{asked}: {ROWS:,} rows in {seconds:,.0f} s, at most {most:,.0f} MiB of {MOST_MIB}")
