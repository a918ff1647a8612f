"""What it costs to import the package, and to ask the command line for help."""


class Imports:
    """Each statement runs in a process of its own."""

    timeout = 120

    def timeraw_package(self) -> str:
        """Time the package alone."""
        return "import sk_w2v"

    def timeraw_estimators(self) -> str:
        """Time the three models, without kernels."""
        return "from sk_w2v import ALSEmbedder, SGNSEmbedder, SpectralEmbedder"

    def timeraw_kernels(self) -> str:
        """Time the CPU's kernels, from their cache on disk."""
        return "from sk_w2v._backends import get_backend; get_backend('cpu')"

    def timeraw_command_line_help(self) -> str:
        """Time what ``sk-w2v --help`` takes."""
        return (
            "import contextlib, io; from sk_w2v._cli import main\n"
            "with contextlib.redirect_stdout(io.StringIO()): main(['--help'])"
        )
