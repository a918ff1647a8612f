"""From documents to numbers: vocabularies, encoded corpora, phrases."""

from ._encoding import (
    Analyzer,
    Corpus,
    NumberedDocuments,
    PatternAnalyzer,
    count_documents,
    count_words,
    encode_documents,
    number_tokens,
    require_neighbors,
    select_words,
    split_corpus,
)
from ._phrases import Bigrams, count_bigrams, first_of_pairs, score_bigrams, side_by_side
from ._vocabulary import Vocabulary, build_vocabulary

__all__ = [
    "Analyzer",
    "Bigrams",
    "Corpus",
    "NumberedDocuments",
    "PatternAnalyzer",
    "Vocabulary",
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
    "side_by_side",
    "split_corpus",
]
