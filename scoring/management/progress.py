"""A progress bar for what reports its share done."""

from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from scoring.services.layer_files import Progress


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """Show a bar on standard error where that is a terminal; yield the function to report to."""
    with tqdm(total=100, desc=title, unit="%", disable=None, leave=False) as bar:

        def report(share: float) -> None:
            bar.update(share * 100 - bar.n)

        yield report
