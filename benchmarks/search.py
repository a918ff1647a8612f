"""What a grid search over dimensions costs beside one fit for each fold, with and without a memory.

python benchmarks/search.py NEWS.tsv
"""

import argparse
import tempfile
import time
from functools import partial

from news20 import read_documents
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, KFold

from sk_w2v import SpectralEmbedder

DIMENSIONS = [10, 25, 50, 75, 100, 150, 200, 256]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("documents")
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--n-jobs", type=int, default=2)
    options = parser.parse_args()
    texts, _ = read_documents(options.documents)
    folds = KFold(options.folds)
    embedder = SpectralEmbedder(max(DIMENSIONS), n_jobs=options.n_jobs, random_state=0)
    embedder.fit(texts[:500])  # compiles
    for _ in range(options.repeats):
        fits = timed(lambda: [clone(embedder).fit([texts[row] for row in train]) for train, _ in folds.split(texts)])
        with tempfile.TemporaryDirectory() as folder:
            remembering = clone(embedder).set_params(memory=folder)
            search = GridSearchCV(remembering, {"n_components": DIMENSIONS}, cv=folds, refit=False)
            searched = timed(partial(search.fit, texts))
        scoring = float(search.cv_results_["mean_score_time"].sum() * options.folds)
        print(
            f"one fit a fold {fits:.1f} s; search over {len(DIMENSIONS)} dimensions {searched:.1f} s, of which "
            f"{scoring:.1f} s scoring; {(searched - scoring) / fits:.2f} times the fits, {searched / fits:.2f} with "
            "the scores",
            flush=True,
        )


def timed(call) -> float:
    """Return how long a call takes (seconds)."""
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
