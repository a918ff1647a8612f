"""Word vectors as tables that TensorBoard's embedding projector shows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from ._vectors import check_vectors
from ._writing import Path, replaced_when_complete

_CONFIG = """embeddings {
  tensor_name: "words"
  tensor_path: "vectors.tsv"
  metadata_path: "metadata.tsv"
}
"""


def write_projector(folder: Path, words: Any, vectors: Any, *, counts: Sequence[int] | None = None) -> None:
    r"""Write what TensorBoard's embedding projector reads: ``vectors.tsv``, ``metadata.tsv`` and its configuration.

    The first two can also be loaded into the projector's web page. The projector shows about ten thousand words well.

    Parameters
    ----------
    folder : str or os.PathLike
        Where to write; it is made if it is not there.
    words : iterable of str, of length n_words
        Different words without tabs and line breaks, such as an embedder's `words_`.
    vectors : array of shape (n_words, n_components)
        Such as an embedder's `embedding_`.
    counts : sequence of int or None, default=None
        A second column of the metadata, such as an embedder's `word_counts_`.

    Raises
    ------
    ValueError
        If the tables cannot hold the words, or there are not as many as vectors and counts.

    See Also
    --------
    write_word2vec, write_glove : Formats that can be read back.
    sk_w2v.plotting.EmbeddingDisplay : A static map.

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
    encoded, array = check_vectors(words, vectors, forbidden="\t\r\n")
    if counts is not None and len(counts) != len(encoded):
        raise ValueError(f"There are {len(counts)} counts for {len(encoded)} words; give one for each.")
    os.makedirs(folder, exist_ok=True)
    with replaced_when_complete(os.path.join(folder, "vectors.tsv")) as file:
        file.writelines(b"%b\n" % "\t".join(map(str, row)).encode() for row in array)
    with replaced_when_complete(os.path.join(folder, "metadata.tsv")) as file:
        if counts is None:  # a single column has no title
            file.writelines(b"%b\n" % word for word in encoded)
        else:
            file.write(b"word\tcount\n")
            file.writelines(b"%b\t%d\n" % pair for pair in zip(encoded, counts, strict=True))
    with replaced_when_complete(os.path.join(folder, "projector_config.pbtxt")) as file:
        file.write(_CONFIG.encode())
