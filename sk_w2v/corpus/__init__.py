"""From documents to numbers: vocabularies, encoded corpora, phrases."""

from ._analyzers import Analyzer, PatternAnalyzer
from ._corpus import Corpus, count_documents, count_words, require_neighbors, select_words, split_corpus
from ._encoding import NumberedDocuments, encode_documents, number_tokens
from ._phrases import Bigrams, are_adjacent, count_bigrams, first_of_pairs, score_bigrams
from ._vocabulary import Vocabulary, build_vocabulary

__all__ = [
    "Analyzer",
    "Bigrams",
    "Corpus",
    "NumberedDocuments",
    "PatternAnalyzer",
    "Vocabulary",
    "are_adjacent",
    "build_vocabulary",
    "count_bigrams",
    "count_documents",
    "count_words",
    "encode_documents",
    "first_of_pairs",
    "number_tokens",
    "require_neighbors",
    "score_bigrams",
    "select_words",
    "split_corpus",
]
