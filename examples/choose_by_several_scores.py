"""Search over two models with four scorers at once, on real text, and print the scores of each candidate."""

from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import (
    load_docstring_analogies,
    load_docstring_categories,
    load_docstring_similarity,
    load_docstrings,
)
from sk_w2v.scorers import get_embedding_scorer

SCORING = {
    "analogies": get_embedding_scorer("analogy_3cosadd", load_docstring_analogies(), low_coverage="penalize"),
    "similarity": get_embedding_scorer("similarity", load_docstring_similarity(), low_coverage="penalize"),
    "categories": get_embedding_scorer("nmi", load_docstring_categories(), low_coverage="penalize"),
    "held out": get_embedding_scorer("held_out"),
}
MODELS = [
    {
        "embedder": [SpectralEmbedder()],
        "embedder__n_components": [10, 50],
        "embedder__window": [16],
    },
    {
        "embedder": [SGNSEmbedder(max_iter=2, random_state=0)],
        "embedder__n_components": [10, 50],
        "embedder__window": [16],
    },
]


def main() -> None:
    documents = load_docstrings(return_X_y=True)[0][::5]
    pipeline = Pipeline([("embedder", "passthrough")])
    results = GridSearchCV(pipeline, MODELS, scoring=SCORING, refit=False, cv=2).fit(documents).cv_results_
    print(f"{'model':18}{'n_components':>12}" + "".join(f"{name:>12}" for name in SCORING))
    for row, parameters in enumerate(results["params"]):
        scores = "".join(f"{results[f'mean_test_{name}'][row]:12.3f}" for name in SCORING)
        print(f"{type(parameters['embedder']).__name__:18}{parameters['embedder__n_components']:12}{scores}")
    for name in SCORING:
        best = results["params"][results[f"rank_test_{name}"].argmin()]
        print(f"best by {name}: {type(best['embedder']).__name__}, {best['embedder__n_components']} components")


if __name__ == "__main__":
    main()
