"""The command line as a module: ``python -m sk_w2v``."""

import sys

from ._cli import main

if __name__ == "__main__":
    sys.exit(main())
