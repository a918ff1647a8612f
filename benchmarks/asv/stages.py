"""The stages of the closed form: reading, counting, eigenpairs, and document vectors of a fitted model."""

from __future__ import annotations

import gzip
from pathlib import Path

from sk_w2v import SpectralEmbedder
from sk_w2v.cooccurrence import count_cooccurrences
from sk_w2v.datasets import make_planted_corpus
from sk_w2v.factorization import top_eigenpairs
from sk_w2v.io import LineDocuments
from sk_w2v.targets import mstar_target

CORPUS = {
    "n_documents": 20_000,
    "n_concepts": 50,
    "n_words_per_concept": 40,
    "n_common_words": 1000,
    "document_length": 50,
    "random_state": 0,
}
WINDOW = {"window": 20, "window_weighting": "harmonic"}
TEXT = Path("planted.txt.gz")  # in the folder that asv runs a suite in


class Stages:
    """One stage at a time, with the earlier ones done in `setup`."""

    timeout = 300

    def setup_cache(self) -> list[str]:
        """Write the text to a file, and compile the kernels."""
        documents = list(make_planted_corpus(**CORPUS).data)
        TEXT.write_bytes(gzip.compress("\n".join(documents).encode(), 6))
        SpectralEmbedder(10).fit(documents[:500]).transform(documents[:500])
        return documents

    def setup(self, documents: list[str]) -> None:
        """Do what comes before each stage."""
        self.embedder = SpectralEmbedder(100, random_state=0)
        self.corpus, self.vocabulary = self.embedder.read_corpus(documents)
        self.counts = count_cooccurrences(self.corpus, self.vocabulary, **WINDOW)
        self.target = mstar_target(self.counts)
        self.fitted = self.embedder.fit(self.counts)

    def time_read_strings(self, documents: list[str]) -> None:
        """Tokenize and number documents in memory."""
        self.embedder.read_corpus(documents)

    def time_read_compressed_lines(self, documents: list[str]) -> None:
        """Decompress, tokenize and number documents of a file."""
        self.embedder.read_corpus(LineDocuments(TEXT))

    def time_count(self, documents: list[str]) -> None:
        """Count pairs of words."""
        count_cooccurrences(self.corpus, self.vocabulary, **WINDOW)

    def time_make_target(self, documents: list[str]) -> None:
        """Make M* of the counts."""
        mstar_target(self.counts)

    def time_eigenpairs(self, documents: list[str]) -> None:
        """Find the 100 largest eigenpairs of M*."""
        top_eigenpairs(self.target, 100, tol=0.02, random_state=0)

    def time_transform(self, documents: list[str]) -> None:
        """Pool the word vectors of 5,000 documents."""
        self.fitted.transform(documents[:5000])

    def time_transform_one(self, documents: list[str]) -> None:
        """Pool the word vectors of one document."""
        self.fitted.transform(documents[:1])

    def peakmem_fit(self, documents: list[str]) -> None:
        """Measure the memory of a whole fit."""
        SpectralEmbedder(100, random_state=0).fit(documents)
