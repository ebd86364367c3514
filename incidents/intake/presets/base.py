"""What a preset is: the columns of one kind of table, and how a row becomes a report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from incidents.intake.table_types import TableRow
from incidents.types import Submission

# The consent of a data set that anybody can read.
PUBLIC_SOURCE = {"basis": "public_source", "store": True, "share": True, "publish": True}
# The same where its owner lets nobody pass it on.
RIGHTS_RESERVED = {"basis": "public_source", "store": True}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a preset; all of them together are its codebook.

    A file must have the ``required`` ones. ``several`` values are separated by semicolons.
    """

    name: str
    description: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    example: str = ""
    hxl: str = ""
    synonyms: tuple[str, ...] = ()
    several: bool = False


@dataclass(frozen=True, slots=True)
class Preset:
    """A kind of table.

    ``submission_of_row`` takes a row and a mapping from the columns' names to the sender's headers;
    it raises ``InvalidInput`` with all that is wrong with the row, by the sender's headers.
    """

    name: str
    label: str
    columns: tuple[Column, ...]
    submission_of_row: Callable[[TableRow, Mapping[str, str]], Submission]
