"""Tables on standard output: values separated by tabs under a line of names, or JSON."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from typing import Any

Row = dict[str, Any]


def print_rows(rows: Sequence[Row], *, as_json: bool) -> None:
    """Print rows that have the same columns."""
    text = (
        json.dumps([{name: _plain(value) for name, value in row.items()} for row in rows], ensure_ascii=False, indent=1)
        if as_json
        else _table(rows)
    )
    sys.stdout.write(text + "\n")


def _table(rows: Sequence[Row]) -> str:
    """Return the names of the columns and then the rows, one a line."""
    lines = [list(rows[0]), *([_shown(value) for value in row.values()] for row in rows)]
    return "\n".join("\t".join(line) for line in lines)


def _shown(value: Any) -> str:
    """Return a value with four decimals if it is a float."""
    return f"{value:.4f}" if isinstance(value, float) else str(value)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: floats of float32's precision, and null where one is not a number."""
    if not isinstance(value, float):
        return value
    return None if math.isnan(value) else round(value, 6)
