"""Where the documentation is, so that an estimator's HTML representation can link to its page."""

from __future__ import annotations

from typing import ClassVar

SITE = "https://sk-w2v.readthedocs.io/"


class LinkedMixin:
    """What scikit-learn's HTML representation of an estimator needs to link to the API reference."""

    _doc_link_module: ClassVar[str] = "sk_w2v"
    _doc_link_template: ClassVar[str] = f"{SITE}api/{{estimator_module}}.{{estimator_name}}.html"
