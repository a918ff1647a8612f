"""How low each solver brings the expected quartic loss of one text: least squares, and gradients on the text.

python benchmarks/expected_loss.py CORPUS.txt
"""

import argparse
import time

from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import ALSEmbedder, SGNSEmbedder
from sk_w2v.io import LineDocuments
from sk_w2v.solvers._expected_loss import expected_loss

# Least squares of the loss that word2vec's training descends.
AS_WORD2VEC = {"loss": "logistic", "weight_exponent": 1.0, "center": False}
AS_IT_IS = CountVectorizer(token_pattern=r"\S+", lowercase=False)  # the text is tokenized already


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--max-features", type=int, default=30_000)
    parser.add_argument("--n-components", type=int, default=200)
    parser.add_argument("--subsample", type=float, default=1e-3, help="0, for gradients to descend just this loss")
    parser.add_argument("--learning-rates", type=float, nargs="+", default=[0.025, 0.1])
    parser.add_argument("--n-jobs", type=int, default=2)
    options = parser.parse_args()
    common = {
        "n_components": options.n_components,
        "max_features": options.max_features,
        "vectorizer": AS_IT_IS,
        "loss": "quartic",
        "subsample": options.subsample,
        "n_jobs": options.n_jobs,
        "random_state": 0,
    }
    solved = ALSEmbedder(**AS_WORD2VEC, max_iter=10, **common)
    cooccurrence = solved._counts(LineDocuments(options.corpus)).value
    weights = solved._weights(cooccurrence)
    runs = {f"least squares, {sweeps} sweeps": {**AS_WORD2VEC, "max_iter": sweeps} for sweeps in (4, 20)}
    for rate in options.learning_rates:
        for epochs in (5, 20):
            runs[f"gradients, {epochs} epochs, rate {rate}"] = {"max_iter": epochs, "learning_rate": rate}
    for name, parameters in runs.items():
        start = time.perf_counter()
        kind = ALSEmbedder if "weight_exponent" in parameters else SGNSEmbedder
        model = kind(**common, **parameters)
        model.fit(cooccurrence if "solver" in parameters else LineDocuments(options.corpus))
        seconds = time.perf_counter() - start
        loss = expected_loss(weights, model.input_embedding_, model.context_embedding_, n_jobs=options.n_jobs)
        print(f"{name:40}{loss:10.4f}{seconds:9.1f} s", flush=True)


if __name__ == "__main__":
    main()
