"""One hash a row: fitted numbers of all estimators and solvers over threads of ours, of BLAS, of joblib, and nested.

    python benchmarks/bits.py

Exits with 1 if a row has more than one hash.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import threading
import warnings
from typing import Any

import numpy as np
from joblib import Parallel, delayed, parallel_config
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from threadpoolctl import threadpool_limits

from sk_w2v import ALSEmbedder, EmbeddingUnion, PhraseJoiner, PretrainedEmbedder, SGNSEmbedder, SpectralEmbedder
from sk_w2v.io import WordVectors

N_WORDS = 1700  # more than the dense solver takes
N_JOBS = (1, 2, 3, 7)
BLAS_THREADS = (1, 2, 4)
BLAS_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
TRAINED = {"n_components": 24, "min_count": 1, "max_iter": 1, "random_state": 0}
Documents = list[list[str]]


def all_estimators() -> dict[str, Any]:
    """Return every estimator and solver by name."""
    vectors = np.random.default_rng(0).standard_normal((N_WORDS, 40)).astype(np.float32)
    closed = SpectralEmbedder(20, min_count=1, max_features=600, random_state=0)
    estimators = {
        "closed form, Krylov": SpectralEmbedder(40, min_count=1, random_state=0),
        "closed form, dense": SpectralEmbedder(40, min_count=1, max_features=600, random_state=0),
        "sgd": SGNSEmbedder(**TRAINED, n_replicas=1),
        "sgd, 2 replicas": SGNSEmbedder(**TRAINED, n_replicas=2),
        "sgd, from the closed form": SGNSEmbedder(**TRAINED, init="spectral"),
        "given vectors": PretrainedEmbedder(WordVectors([f"w{row}" for row in range(N_WORDS)], vectors)),
        "union": EmbeddingUnion([("a", closed), ("b", SGNSEmbedder(**TRAINED))], n_components=30),
        "phrases": PhraseJoiner(min_count=2),
    }
    for loss in ("logistic", "quartic"):
        estimators[f"als, {loss}"] = ALSEmbedder(**TRAINED, loss=loss)
        for tied in (False, True):
            name = f"gd, {loss}, tied" if tied else f"gd, {loss}"
            estimators[name] = SGNSEmbedder(**TRAINED, solver="gd", loss=loss, tied=tied, max_features=600)
    return estimators


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hashes", action="store_true", help="print one hash of each estimator, as JSON")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    documents, estimators = zipf_documents(), all_estimators()
    if options.hashes:
        print(json.dumps({name: hash_of_fit(each, documents, 2) for name, each in estimators.items()}))
        return
    started = {n: hashes_of_process(n) for n in BLAS_THREADS}
    differ = 0
    for name, estimator in estimators.items():
        hashes = all_hashes(estimator, documents)
        hashes |= {f"{BLAS_VARIABLES[0]}={n}": found[name] for n, found in started.items()}
        different = sorted(set(hashes.values()))
        differ += len(different) > 1
        print(f"{name:28}{len(hashes):3} ways  {' '.join(different)}", flush=True)
        if len(different) > 1:
            print("   ", hashes)
    sys.exit(int(differ > 0))


def zipf_documents() -> Documents:
    """Return documents of Zipf's words, of which neighbors in rank stand together."""
    rng = np.random.default_rng(0)
    shares = 1 / np.arange(1, N_WORDS + 1) ** 0.7
    drawn = rng.choice(N_WORDS, (500, 40), p=shares / shares.sum())
    return [[f"w{(word + 17 * document) % N_WORDS}" for word in row] for document, row in enumerate(drawn)]


def hashes_of_process(n_blas_threads: int) -> dict[str, str]:
    """Return one hash of each estimator, from a process that starts with a number of BLAS threads."""
    environment = os.environ | dict.fromkeys(BLAS_VARIABLES, str(n_blas_threads))
    run = subprocess.run(
        [sys.executable, __file__, "--hashes"], env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, str] = json.loads(run.stdout)
    return found


def all_hashes(estimator: Any, documents: Documents) -> dict[str, str]:
    """Return the hash of every way to fit within this process, its threads and its workers."""
    hashes = {}
    for n_jobs in N_JOBS:
        for blas in BLAS_THREADS:
            with threadpool_limits(blas, user_api="blas"):
                hashes[f"n_jobs={n_jobs}, {blas} of BLAS"] = hash_of_fit(estimator, documents, n_jobs)
    for backend in ("loky", "threading"):
        found = Parallel(2, backend=backend)(delayed(hash_of_fit)(estimator, documents, 2) for _ in range(2))
        hashes |= {f"{backend} {index}": each for index, each in enumerate(found)}
        with parallel_config(backend):
            hashes |= {f"search in {backend} {key}": each for key, each in hashes_of_search(estimator, documents)}
    thread = threading.Thread(target=lambda: hashes.update(thread=hash_of_fit(estimator, documents, 2)))
    thread.start()
    thread.join()
    return hashes


def hashes_of_search(estimator: Any, documents: Documents) -> list[tuple[str, str]]:
    """Return the hashes of fits that a search in two jobs makes, each of which has threads of its own."""
    grid = [{name: [n_jobs] for name in names_of_n_jobs(estimator)} for n_jobs in (1, 3)]
    every = np.arange(len(documents))
    search = GridSearchCV(estimator, grid, cv=[(every, every)], scoring=hash_as_score, n_jobs=2, refit=False)
    scores = search.fit(documents).cv_results_["mean_test_score"]
    return [(f"n_jobs={n_jobs}", f"{int(score):012x}") for n_jobs, score in zip((1, 3), scores, strict=True)]


def hash_as_score(fitted: Any, documents: Documents) -> int:
    """Return 48 bits of a hash, which a float64 holds exactly."""
    return int(hash_of(fitted, documents), 16)


def hash_of_fit(estimator: Any, documents: Documents, n_jobs: int) -> str:
    """Return the hash of a fit of a clone with a number of threads."""
    fitted = clone(estimator).set_params(**dict.fromkeys(names_of_n_jobs(estimator), n_jobs)).fit(documents)
    return hash_of(fitted, documents)


def names_of_n_jobs(estimator: Any) -> list[str]:
    """Return the names of the parameters `n_jobs`, at any depth."""
    return [name for name in estimator.get_params() if name.rpartition("__")[2] == "n_jobs"]


def hash_of(fitted: Any, documents: Documents) -> str:
    """Return a hash of the fitted arrays and of what becomes of documents, and of their score for given vectors."""
    arrays = [value for name, value in sorted(vars(fitted).items()) if name.endswith("_")]
    found = [each for each in arrays if isinstance(each, np.ndarray) and each.dtype != object]
    transformed = fitted.transform(documents[:50])
    found.append(np.array(list(map(str, transformed))) if isinstance(fitted, PhraseJoiner) else transformed)
    if isinstance(fitted, PretrainedEmbedder):  # a score takes longer than most fits, and does the same for all
        found.append(np.array(fitted.score(documents[:200])))
    return hashlib.sha256(b"".join(np.ascontiguousarray(each).tobytes() for each in found)).hexdigest()[:12]


if __name__ == "__main__":
    main()
