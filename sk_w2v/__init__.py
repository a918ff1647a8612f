"""Word embeddings for scikit-learn: word2vec, trained and in closed form.

Names are imported when they are first used, so that ``import sk_w2v`` costs nothing (SPEC 1).
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version as _version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._estimators.als import ALSEmbedder
    from ._estimators.common_components import CommonComponentRemover
    from ._estimators.phrase_joiner import PhraseJoiner
    from ._estimators.pretrained import PretrainedEmbedder
    from ._estimators.sgns import SGNSEmbedder
    from ._estimators.spectral import SpectralEmbedder
    from ._estimators.subwords import SubwordInducer
    from ._estimators.union import EmbeddingUnion
    from .cooccurrence import Cooccurrence
    from .corpus import Vocabulary
    from .targets import Target

__version__ = _version("sk-w2v")

# In the order in which data flows through them.
_HOMES = {
    "PhraseJoiner": "_estimators.phrase_joiner",
    "Vocabulary": "corpus",
    "Cooccurrence": "cooccurrence",
    "Target": "targets",
    "SpectralEmbedder": "_estimators.spectral",
    "ALSEmbedder": "_estimators.als",
    "SGNSEmbedder": "_estimators.sgns",
    "PretrainedEmbedder": "_estimators.pretrained",
    "EmbeddingUnion": "_estimators.union",
    "SubwordInducer": "_estimators.subwords",
    "CommonComponentRemover": "_estimators.common_components",
}

__all__ = [
    "ALSEmbedder",
    "CommonComponentRemover",
    "Cooccurrence",
    "EmbeddingUnion",
    "PhraseJoiner",
    "PretrainedEmbedder",
    "SGNSEmbedder",
    "SpectralEmbedder",
    "SubwordInducer",
    "Target",
    "Vocabulary",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
