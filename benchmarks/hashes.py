"""One hash of the vectors of each model and solver, to compare two versions of the package.

python benchmarks/hashes.py > after.txt    # and the same in a checkout of another version
"""

import hashlib
import warnings

import numpy as np

from sk_w2v import ALSEmbedder, SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import load_docstrings

COMMON = {"n_components": 32, "random_state": 0, "n_jobs": 2}
GD = {"solver": "gd", "learning_rate": 0.002, "max_iter": 20, "max_features": 800}
MODELS = {
    "closed form, dense": SpectralEmbedder(max_features=1000, **COMMON),
    "closed form, Krylov": SpectralEmbedder(**COMMON),
    "sgd": SGNSEmbedder(max_iter=2, n_replicas=1, **COMMON),
    "sgd, quartic, tied": SGNSEmbedder(max_iter=2, n_replicas=1, loss="quartic", tied=True, **COMMON),
    "sgd, two replicas": SGNSEmbedder(max_iter=2, n_replicas=2, **COMMON),
    "sgd, spectral start": SGNSEmbedder(max_iter=1, n_replicas=1, init="spectral", **COMMON),
    "gd": SGNSEmbedder(**GD, **COMMON),
    "gd, quartic, uniform, tied": SGNSEmbedder(loss="quartic", weighting="uniform", tied=True, **GD, **COMMON),
    "als": ALSEmbedder(max_iter=3, **COMMON),
    "als, logistic": ALSEmbedder(max_iter=3, loss="logistic", **COMMON),
    "als, ridge": ALSEmbedder(max_iter=3, alpha=0.1, **COMMON),
}


def main() -> None:
    warnings.simplefilter("ignore")  # what they warn of is not the question
    documents = load_docstrings().data[:1500]
    for name, model in MODELS.items():
        vectors = np.ascontiguousarray(model.fit(documents).embedding_)
        print(f"{name}: {hashlib.sha256(vectors).hexdigest()[:12]}", flush=True)


if __name__ == "__main__":
    main()
