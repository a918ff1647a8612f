"""What it does to word2vec when many windows are trained at once, each on vectors from before: a GPU, simulated.

Windows are taken a number at a time. All of these read the same vectors; then the moves of all are added. This is the
worst that a card with so many warps can do, and why `backend="cuda"` runs no more than 256.

    python benchmarks/windows_at_once.py CORPUS.txt --documents 25000 --at-once 1 256 2640
"""

import argparse
from itertools import islice
from types import SimpleNamespace

import numba
import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import SGNSEmbedder
from sk_w2v._backends.skipgrams import draw_noise, skip_gram_pairs
from sk_w2v.io import LineDocuments
from sk_w2v.solvers import linear_decay, run_passes, stochastic_gradient_descent
from sk_w2v.solvers._sgd import initial_vectors

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


@numba.njit(nogil=True)
def train_windows(words, contexts, starts, inputs, outputs, rates, at_once):
    """Train windows, each of the words ``inputs[starts[w]:starts[w + 1]]`` against ``outputs[w]``."""
    for first in range(0, len(outputs), at_once):
        end = min(first + at_once, len(outputs))
        old_words, old_contexts = {}, {}
        for window in range(first, end):
            for output in outputs[window]:
                old_contexts[output] = contexts[output].copy()
            for word in inputs[starts[window] : starts[window + 1]]:
                old_words[word] = words[word].copy()
        for window in range(first, end):
            rows = np.empty((outputs.shape[1], words.shape[1]), np.float32)
            for slot, output in enumerate(outputs[window]):
                rows[slot] = old_contexts[output]
            before = rows.copy()
            for word in inputs[starts[window] : starts[window + 1]]:
                old = old_words[word]
                for slot, output in enumerate(outputs[window]):
                    if slot == 0 or output != outputs[window, 0]:
                        label = np.float32(slot == 0)
                        error = rates[window] * (label - 1 / (1 + np.exp(-np.dot(old, rows[slot]))))
                        words[word] += np.float32(error) * rows[slot]
                        rows[slot] += np.float32(error) * old
            for slot, output in enumerate(outputs[window]):
                contexts[output] += rows[slot] - before[slot]


def simulated_backend(at_once: int) -> SimpleNamespace:
    """Return a backend that trains so many windows at once."""

    def train_tokens(words, contexts, ids, offsets, *, noise, negative, learning_rates, stream, **draws):
        draws = {name: draws[name] for name in ("keep_w", "reach_o")}
        centers, neighbors = skip_gram_pairs(ids, offsets, stream=stream, **draws)
        starts = np.flatnonzero(np.diff(centers, prepend=-1))
        middle = centers[starts]
        outputs = np.column_stack([ids[middle], draw_noise(noise, negative, middle, stream)])
        rates = np.interp(middle, [0, len(ids)], learning_rates).astype(np.float32)
        train_windows(words, contexts, np.append(starts, len(centers)), ids[neighbors], outputs, rates, at_once)

    return SimpleNamespace(train_tokens=train_tokens)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--documents", type=int, help="take the first ones only")
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=100)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--at-once", type=int, nargs="+", default=[1, 256, 2640])
    options = parser.parse_args()
    embedder = SGNSEmbedder(max_features=options.max_features, vectorizer=AS_IT_IS)
    corpus, vocabulary = embedder.read_corpus(islice(LineDocuments(options.corpus), options.documents))
    sampling = embedder._sampling(vocabulary, window=5)
    print(f"{len(corpus.ids)} tokens of {len(vocabulary)} words, {options.n_components} components")
    for at_once in options.at_once:
        words = initial_vectors(
            len(vocabulary), options.n_components, init_scale=0.03, random_state=np.random.RandomState(0)
        )
        backend = simulated_backend(at_once)
        rates = linear_decay(0.025, options.epochs)
        passes = stochastic_gradient_descent(
            corpus, sampling, words, learning_rates=rates, n_replicas=None, backend=backend
        )
        trained = run_passes(passes, max_iter=options.epochs)
        print(f"{at_once:6} windows at once: loss {trained.losses}", flush=True)


if __name__ == "__main__":
    main()
