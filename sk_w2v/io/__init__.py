"""Reading documents from files; reading and writing word vectors."""

from ._files import FileDocuments
from ._glove import read_glove, write_glove
from ._lines import LineDocuments
from ._projector import write_projector
from ._safetensors import read_safetensors, write_safetensors
from ._word2vec import read_word2vec, write_word2vec
from ._word_vectors import WordVectors

__all__ = [
    "FileDocuments",
    "LineDocuments",
    "WordVectors",
    "read_glove",
    "read_safetensors",
    "read_word2vec",
    "write_glove",
    "write_projector",
    "write_safetensors",
    "write_word2vec",
]
