"""The command line ``sk-w2v``: one module for each command, which is imported when the command is given."""

from .run import main

__all__ = ["main"]
