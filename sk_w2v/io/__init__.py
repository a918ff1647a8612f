"""Reading documents from files."""

from ._files import FileDocuments
from ._lines import LineDocuments

__all__ = ["FileDocuments", "LineDocuments"]
