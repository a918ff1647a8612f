"""How often the advice of `diagnose_analogy` is right: failed analogies, the advised fit, the same question again.

Three models are diagnosed, on one text: one of few components with a fuller model at hand, the same without, and one
that was stopped early. For each, questions it fails are drawn, and for each question the first remedy that is a
parameter of the closed form is done: a new fit (with the eigenpairs remembered), and `analogy` asked again. Without a
corpus the questions are about singular and plural in the docstrings that come with scikit-learn.

    python benchmarks/diagnosis.py
    python benchmarks/diagnosis.py CORPUS.txt --analogies google.txt --fuller 400
"""

import argparse
from collections import Counter
from itertools import permutations
from tempfile import TemporaryDirectory

import numpy as np
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings, read_analogies
from sk_w2v.inspection import diagnose_analogy
from sk_w2v.io import LineDocuments

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


PLURALS = """array arrays, value values, parameter parameters, feature features, sample samples, cluster clusters,
    column columns, row rows, function functions, point points, label labels, index indices, class classes,
    matrix matrices, axis axes, method methods, element elements, vector vectors, object objects, weight weights"""


def main() -> None:
    options = parse_options()
    documents, questions = read(options)
    parameters = {"vectorizer": AS_IT_IS} if options.corpus else {}
    with TemporaryDirectory() as folder:
        fuller = SpectralEmbedder(
            options.fuller, max_features=options.max_features, memory=folder, n_jobs=options.n_jobs, **parameters
        ).fit(documents)
        few = fuller.truncate(options.n_components)
        early = few.at_time(float(np.median(fuller.learning_times_[: options.n_components])))
        print(f"{len(fuller.words_)} words, {len(questions)} questions, {options}")
        for title, embedder, help_ in [
            (f"{options.n_components} components, {options.fuller} at hand", few, fuller),
            (f"{options.n_components} components, none at hand", few, None),
            (f"{options.n_components} components, stopped at half of them", early, fuller),
        ]:
            report(title, embedder, help_, documents, sample_failed(embedder, questions, options.n_questions))


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", nargs="?")
    parser.add_argument("--analogies")
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=50)
    parser.add_argument("--fuller", type=int, default=200)
    parser.add_argument("--n-questions", type=int, default=30)
    parser.add_argument("--n-jobs", type=int, default=2)
    return parser.parse_args()


def read(options: argparse.Namespace) -> tuple[list[str] | LineDocuments, list[tuple[str, ...]]]:
    """Return documents and questions."""
    if options.corpus:
        words = read_analogies(options.analogies, lowercase=True).words
        return LineDocuments(options.corpus), [tuple(row) for row in words]
    pairs = [tuple(pair.split()) for pair in PLURALS.split(",")]
    return load_docstrings().data, [(*left, *right) for left, right in permutations(pairs, 2)]


def sample_failed(embedder: SpectralEmbedder, questions: list, n: int) -> list[tuple[str, ...]]:
    """Return random questions that the embedder knows the words of and answers wrongly."""
    failed = []
    for row in np.random.default_rng(0).permutation(len(questions)):
        words = questions[row]
        if (
            len(set(words)) == 4
            and all(word in embedder.vocabulary_ for word in words)
            and not answers(embedder, words)
        ):
            failed.append(words)
        if len(failed) == n:
            break
    return failed


def answers(embedder: SpectralEmbedder, words: tuple[str, ...]) -> bool:
    a, b, c, d = words
    return embedder.analogy(a, b, c, n=1)[0][0] == d


def report(title: str, embedder: SpectralEmbedder, fuller: SpectralEmbedder | None, documents, failed: list) -> None:
    """Print each verdict's number, and how often its first remedy was right when done."""
    verdicts, done, right = Counter(), Counter(), Counter()
    print(f"\n{title}: {len(failed)} failed questions")
    for words in failed:
        diagnosis = diagnose_analogy(embedder, *words, fuller=fuller)
        verdicts[diagnosis.verdict] += 1
        remedy = next((each for each in diagnosis.remedies if each.parameter in embedder.get_params()), None)
        if remedy is None:
            continue
        kind = f"{remedy.parameter} ({'tried' if remedy.tested else 'guessed'})"
        changed = clone(embedder).set_params(**{remedy.parameter: remedy.value}).fit(documents)
        done[kind] += 1
        right[kind] += answers(changed, words)
    print("  verdicts:", ", ".join(f"{verdict} {n}" for verdict, n in verdicts.most_common()))
    print("  advice followed:", ", ".join(f"{kind} {right[kind]}/{n} right" for kind, n in done.most_common()))
    print(f"  answered after it: {sum(right.values())} of {len(failed)}")
    print("  the last one:", str(diagnose_analogy(embedder, *failed[-1], fuller=fuller)).replace("\n", "\n  "))


if __name__ == "__main__":
    main()
