"""Timings that airspeed velocity follows over the commits: ``asv run``, ``asv continuous main HEAD``.

Each suite times one stage on a planted text of a million tokens, which is the same on every machine. Quality and
comparisons with other packages are measured by the scripts in ``benchmarks``.
"""
