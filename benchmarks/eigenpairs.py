"""Time and residual of eigen-solvers on the target M* of one text: ours, SciPy's and scikit-learn's.

Each contender gets the operator that is best for it: ours the target; the others a SciPy LinearOperator of the sparse
deviations and the background (for the singular-value solvers shifted so that the wanted end is the largest in
magnitude, since they cannot ask for the algebraic end; scikit-learn's takes arrays alone, so that it gets the whole
matrix, made in the first run). Residuals are recomputed in float64 for all.

    python benchmarks/eigenpairs.py CORPUS.txt --n-components 200 --window 16
"""

import argparse
import time
import warnings
from functools import cache

import numpy as np
from scipy.sparse.linalg import LinearOperator, eigsh, svds
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.utils.extmath import randomized_svd

from sk_w2v import SpectralEmbedder
from sk_w2v.cooccurrence import count_cooccurrences
from sk_w2v.factorization import top_eigenpairs
from sk_w2v.io import LineDocuments
from sk_w2v.targets import mstar_target

AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--window", type=int, default=16)
    parser.add_argument("--n-jobs", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--tol", type=float, nargs="+", default=[0.1, 0.02, 0.005])
    options = parser.parse_args()
    target = make_target(options)
    print(f"{target.n_words} words, {target.deviations.nnz} observed pairs, rank {options.n_components}")
    for name, solve in contenders(target, options).items():
        seconds = []
        for _ in range(options.repeat):
            start = time.perf_counter()
            values, vectors = solve()
            seconds.append(time.perf_counter() - start)
        residual = relative_residuals(target, values, vectors).max()
        print(f"{name:40}{np.median(seconds):8.1f} s  worst relative residual {residual:.1e}", flush=True)


def make_target(options: argparse.Namespace):
    """Return M* of the corpus."""
    encoder = SpectralEmbedder(max_features=options.max_features, vectorizer=AS_IT_IS)
    corpus, vocabulary = encoder.read_corpus(LineDocuments(options.corpus))
    return mstar_target(count_cooccurrences(corpus, vocabulary, window=options.window, n_jobs=options.n_jobs))


def contenders(target, options: argparse.Namespace) -> dict:
    """Return the solvers by name: functions without arguments that return eigenvalues and eigenvectors."""
    k, n = options.n_components, target.n_words

    def ours(tol):
        pairs = top_eigenpairs(target, k, tol=tol, n_jobs=options.n_jobs)
        return pairs.eigenvalues, pairs.eigenvectors

    def product(shift):
        def multiply(block):
            block = np.asarray(block, dtype=np.float32)
            return target.deviations @ block + target.background * block.sum(axis=0) + shift * block

        return LinearOperator((n, n), matvec=multiply, matmat=multiply, rmatvec=multiply, rmatmat=multiply, dtype="f4")

    def with_eigsh():
        values, vectors = eigsh(product(0), k=k, which="LA", tol=1e-3)
        return values[::-1], vectors[:, ::-1]

    shift = -target.background * n  # no eigenvalue is then below zero

    def with_svds(solver):
        left, values, _ = svds(product(shift), k=k, solver=solver, tol=1e-5)
        order = np.argsort(-values)
        return values[order] - shift, left[:, order]

    @cache
    def dense():
        matrix = target.deviations.toarray()
        matrix += np.float32(target.background)
        matrix[np.diag_indices(n)] += np.float32(shift)
        return matrix

    def with_randomized_svd(n_iter):
        left, values, _ = randomized_svd(dense(), k, n_iter=n_iter, random_state=0)
        return values - shift, left

    runs = {f"ours, tol={tol:g}": lambda tol=tol: ours(tol) for tol in options.tol}
    runs["scipy eigsh(which='LA'), tol=1e-3"] = with_eigsh
    for solver in ("arpack", "propack"):
        runs[f"scipy svds({solver}) of the shifted target"] = lambda solver=solver: with_svds(solver)
    for n_iter in (5, 20):
        runs[f"randomized_svd(n_iter={n_iter}), dense and shifted"] = lambda n_iter=n_iter: with_randomized_svd(n_iter)
    return runs


def relative_residuals(target, values, vectors):
    """Return ``|M v - lambda v| / lambda`` of each pair, in float64."""
    vectors = vectors.astype(np.float64)
    image = target.deviations.astype(np.float64) @ vectors + target.background * vectors.sum(axis=0)
    return np.linalg.norm(image - vectors * values, axis=0) / np.abs(values)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
