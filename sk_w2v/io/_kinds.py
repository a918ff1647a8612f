"""Known file formats that are neither text nor word vectors, identified by their first bytes."""

from __future__ import annotations

import re

LONGEST_BEGIN = 512  # bytes that identify each of them; a tar archive has its name at byte 257

_UNPACK = "unpack it and give a file from it"
_DECOMPRESS = "decompress it, or compress it by gzip, bzip2 or xz"
_LOAD_IN_GENSIM = (
    "load it with gensim, and give its KeyedVectors to PretrainedEmbedder or save them with `save_word2vec_format`"
)

# The first bytes of a file, what it is, and what to do with it.
_KINDS = [
    (rb"PK(\x03\x04|\x05\x06|\x07\x08)", "a zip archive", _UNPACK),
    (rb"(?s).{257}ustar", "a tar archive", _UNPACK),
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive", _UNPACK),
    (rb"Rar!\x1a\x07", "a rar archive", _UNPACK),
    (rb"\x28\xb5\x2f\xfd", "compressed by zstd", _DECOMPRESS),
    (rb"\x04\x22\x4d\x18", "compressed by lz4", _DECOMPRESS),
    (rb"LZIP\x01", "compressed by lzip", _DECOMPRESS),
    (rb"(?s)\x5d\x00\x00.\x00\xff{8}", "compressed by lzma", _DECOMPRESS),
    (rb"\x80[\x02-\x05][\x95c}\]]", "a pickle, such as gensim saves", _LOAD_IN_GENSIM),
    (rb"\xba\x16\x4f\x2f", "a fastText model (.bin)", "give the .vec file that fastText also writes to read_word2vec"),
    (rb'(?s).{6}\x00\x00\{"', "a safetensors file", "read it with read_safetensors"),
    (rb"\x89SKW2V", "a file of counts", "read it with Cooccurrence.load"),
    (rb"\x93NUMPY", "a NumPy array", "load it with numpy.load"),
    (rb"\x89HDF\r\n", "an HDF5 file", "export its content as text"),
    (rb"PAR1\x15", "a Parquet file", "read it with pandas or polars, and give one of its columns"),
    (rb"%PDF-\d", "a PDF file", "extract its text"),
]


def describe_binary(begin: bytes) -> str | None:
    """Return what a file with these first bytes is and what to do with it; None for text and unknown formats."""
    return next((f"it is {kind}; {advice}" for pattern, kind, advice in _KINDS if re.match(pattern, begin)), None)
