"""Word vectors as tables for TensorBoard's embedding projector."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from ._shared_documentation import with_shared_documentation
from ._writable import check_vectors, words_and_vectors
from ._writing import Path, replaced_when_complete

_CONFIG = """embeddings {
  tensor_name: "words"
  tensor_path: "vectors.tsv"
  metadata_path: "metadata.tsv"
}
"""


@with_shared_documentation
def write_projector(folder: Path, words: Any, vectors: Any = None, *, counts: Sequence[int] | None = None) -> None:
    r"""Write the files of TensorBoard's embedding projector: ``vectors.tsv``, ``metadata.tsv`` and a configuration.

    The first two can also be loaded into the projector's web page, which displays up to about ten thousand words well.

    Parameters
    ----------
    folder : str or os.PathLike
        The folder for the files; it is created if it does not exist.
    words : iterable of str of length n_words, fitted embedder or WordVectors
        Distinct words without tabs and line breaks. For a fitted embedder or `WordVectors`, leave out `vectors`.
    {vectors}
    counts : sequence of int of length n_words or None, default=None
        A second column of the metadata, such as an embedder's `word_counts_`.

    Raises
    ------
    {write_errors}

    See Also
    --------
    write_word2vec, write_glove : Write formats that can be read again.
    sk_w2v.plotting.EmbeddingDisplay : Draw a static map of words.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from sk_w2v.io import write_projector
    >>> with TemporaryDirectory() as folder:
    ...     write_projector(folder, ["tea", "cup"], [[0.5, 1], [0, -0.1]])
    ...     Path(folder, "vectors.tsv").read_text(encoding="utf-8")
    '0.5\t1.0\n0.0\t-0.1\n'
    """
    listed, array = words_and_vectors(words, vectors)
    encoded, array = check_vectors(listed, array, forbidden="\t\r\n")
    if counts is not None and len(counts) != len(encoded):
        raise ValueError(f"There are {len(counts)} counts for {len(encoded)} words; give one count for each word.")
    os.makedirs(folder, exist_ok=True)
    with replaced_when_complete(os.path.join(folder, "vectors.tsv")) as file:
        file.writelines(b"%b\n" % "\t".join(map(str, row)).encode() for row in array)
    with replaced_when_complete(os.path.join(folder, "metadata.tsv")) as file:
        if counts is None:  # a single column must not have a title
            file.writelines(b"%b\n" % word for word in encoded)
        else:
            file.write(b"word\tcount\n")
            file.writelines(b"%b\t%d\n" % pair for pair in zip(encoded, counts, strict=True))
    with replaced_when_complete(os.path.join(folder, "projector_config.pbtxt")) as file:
        file.write(_CONFIG.encode())
