"""The suite on every supported Python, with the newest and with the oldest versions of what the package needs.

``nox`` runs everything, and skips a Python that is not installed with a message. ``nox -s newest-3.13 -- -k io`` runs
one session, with arguments for pytest.
"""

import tarfile
from pathlib import Path

import nox

nox.options.error_on_missing_interpreters = False
nox.options.default_venv_backend = "uv|virtualenv"
PARALLEL = ("--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal")


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
def newest(session: nox.Session) -> None:
    """Run the suite on the newest versions."""
    session.install("--upgrade", "--editable", ".[test]")
    session.run("python", "-m", "pytest", *PARALLEL, *session.posargs)


@nox.session(python="3.11")
def oldest(session: nox.Session) -> None:
    """Run the suite on the oldest versions that pyproject.toml allows."""
    constraints = Path(session.create_tmp(), "oldest.txt")
    constraints.write_text(session.run("python", ".ci/oldest.py", silent=True))
    session.install("--constraint", str(constraints), "--editable", ".[test]")
    session.run("python", "-m", "pytest", *PARALLEL, *session.posargs)


@nox.session(python="3.11")
def sdist(session: nox.Session) -> None:
    """Run the suite of an unpacked source distribution."""
    session.install("build")
    folder = Path(session.create_tmp()).resolve()
    session.run("python", "-m", "build", "--sdist", "--outdir", str(folder), ".")
    with tarfile.open(max(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder, filter="data")
    session.chdir(max(path for path in folder.glob("sk_w2v-*") if path.is_dir()))
    session.install("--editable", ".[test]")
    session.run("python", "-m", "pytest", *PARALLEL, *session.posargs)
