"""Time of answering analogies, ours and gensim's, and whether the same questions are answered rightly.

    python benchmarks/analogies.py QUESTIONS.txt [CORPUS.txt]

Without a corpus the vectors are random ones of the words of the questions and of others: the time is the same, and
random answers are as hard to get equal.
"""

import argparse
import os
import platform
import time

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import AnalogyQuestions, read_analogies
from sk_w2v.io import LineDocuments
from sk_w2v.metrics import ANALOGY_METHODS, analogy_accuracy, analogy_accuracy_by_category

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("questions")
    parser.add_argument("corpus", nargs="?")
    parser.add_argument("--n-words", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=200)
    options = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} processors; {options}")
    questions = read_analogies(options.questions, lowercase=True)
    words, vectors = fit(options) if options.corpus else draw(options, questions)
    rows = {word: row for row, word in enumerate(words)}
    for method in ANALOGY_METHODS:
        start = time.perf_counter()
        score = analogy_accuracy(vectors, rows, questions, method=method)
        print(f"{method:14}{time.perf_counter() - start:8.2f} s  {score}", flush=True)
    compare(words, vectors, questions, options.questions)


def fit(options: argparse.Namespace) -> tuple[list[str], np.ndarray]:
    """Return the words and vectors of the closed form of a corpus."""
    embedder = SpectralEmbedder(
        options.n_components,
        max_features=options.n_words,
        vectorizer=AS_IT_IS,
        n_jobs=-1,
    ).fit(LineDocuments(options.corpus))
    return embedder.words_.tolist(), embedder.embedding_


def draw(options: argparse.Namespace, questions: AnalogyQuestions) -> tuple[list[str], np.ndarray]:
    """Return random vectors of the questions' words and of others."""
    words = list(dict.fromkeys(questions.words.ravel()))
    words += [f"word{k}" for k in range(options.n_words - len(words))]
    vectors = np.random.default_rng(0).standard_normal((len(words), options.n_components)).astype(np.float32)
    return words, vectors


def compare(words: list[str], vectors: np.ndarray, questions: AnalogyQuestions, path: str) -> None:
    """Let gensim answer the same questions, and print where the two differ."""
    from gensim.models import KeyedVectors

    keyed = KeyedVectors(vectors.shape[1])
    keyed.add_vectors(words, vectors)
    start = time.perf_counter()
    accuracy, sections = keyed.evaluate_word_analogies(path, case_insensitive=True)
    print(f"gensim        {time.perf_counter() - start:8.2f} s  {accuracy}")
    ours = analogy_accuracy_by_category(vectors, {word: row for row, word in enumerate(words)}, questions)
    for section in sections[:-1]:
        score = ours[section["section"]]
        n_right, n_wrong = len(section["correct"]), len(section["incorrect"])
        same = score.n_used == n_right + n_wrong and round(score.value * score.n_used) == n_right
        print(f"{section['section']:30} right {n_right:5} of {n_right + n_wrong:5} {'the same' if same else score}")


if __name__ == "__main__":
    main()
