"""Files that are no text, told by how they begin."""

from __future__ import annotations

import re

LONGEST_BEGIN = 512  # bytes that tell any of them; a tar archive says so at byte 257

# How a file begins, what it is, and what to do with it.
_KINDS = [
    (rb"PK(\x03\x04|\x05\x06|\x07\x08)", "a zip archive", "unpack it and give a file that was in it"),
    (rb"(?s).{257}ustar", "a tar archive", "unpack it and give a file that was in it"),
    (rb"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it and give a file that was in it"),
    (rb"Rar!\x1a\x07", "a rar archive", "unpack it and give a file that was in it"),
    (rb"\x28\xb5\x2f\xfd", "compressed by zstd", "decompress it, or compress it by gzip, bzip2 or xz"),
    (rb"\x04\x22\x4d\x18", "compressed by lz4", "decompress it, or compress it by gzip, bzip2 or xz"),
    (rb"LZIP\x01", "compressed by lzip", "decompress it, or compress it by gzip, bzip2 or xz"),
    (rb"(?s)\x5d\x00\x00.\x00\xff{8}", "compressed by lzma", "decompress it, or compress it by gzip, bzip2 or xz"),
    (
        rb"\x80[\x02-\x05][\x95c}\]]",
        "a pickle, such as gensim saves",
        "load it with gensim, and give its KeyedVectors to PretrainedEmbedder or save them with `save_word2vec_format`",
    ),
    (
        rb"\xba\x16\x4f\x2f",
        "a fastText model (.bin)",
        "give the .vec file that fastText writes beside it to read_word2vec",
    ),
    (rb'(?s).{6}\x00\x00\{"', "a safetensors file", "read it with read_safetensors"),
    (rb"\x89SKW2V", "a file of counts", "read it with Cooccurrence.load"),
    (rb"\x93NUMPY", "a NumPy array", "load it with numpy.load"),
    (rb"\x89HDF\r\n", "an HDF5 file", "export what it holds as text"),
    (rb"PAR1\x15", "a Parquet file", "read it with pandas or polars, and give a column of it"),
    (rb"%PDF-\d", "a PDF file", "extract its text"),
]


def no_text(begin: bytes) -> str | None:
    """Return what a file is that begins so and is no text, and what to do with it; None for all others."""
    return next((f"it is {kind}; {advice}" for pattern, kind, advice in _KINDS if re.match(pattern, begin)), None)
