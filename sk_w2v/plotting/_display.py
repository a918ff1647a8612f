"""What all displays have: a representation of one line."""

from __future__ import annotations

from html import escape


class Display:
    """Computed numbers that `plot` draws; a subclass says in `_summary` what they are."""

    def _summary(self) -> str:
        """Return what is displayed, in one line."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """Return the class and what is displayed, without the arrays."""
        return f"{type(self).__name__}({self._summary()})"

    def _repr_html_(self) -> str:
        """Return the same for a notebook."""
        return f"<code>{escape(repr(self))}</code>"
