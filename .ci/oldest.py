"""Print the oldest versions that pyproject.toml allows, as constraints for pip: ``numpy==2.1`` for ``numpy>=2.1``."""

import re
import tomllib
from pathlib import Path

NAME_AND_FLOOR = re.compile(r"([\w-]+)(?:\[[\w,]+\])?>=([\d.]+)")


def main() -> None:
    """Print a line for each package that the tests need."""
    project = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    needed = [each for name in ("explorer", "plot", "progress", "safetensors", "test") for each in extras[name]]
    for requirement in project["dependencies"] + needed:
        if not requirement.startswith("sk-w2v["):
            name, floor = NAME_AND_FLOOR.fullmatch(requirement).groups()
            print(f"{name}=={floor}")


if __name__ == "__main__":
    main()
