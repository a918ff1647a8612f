"""Choose dimension and initialization by held-out score, for the trained and for the closed-form model."""

from sklearn.model_selection import GridSearchCV

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import make_planted_corpus

# The closed form also searches over training time: `time` stops the gradient flow early.
GRIDS = {
    SpectralEmbedder(): {"n_components": [2, 5, 20], "init_scale": [0.003, 0.3], "time": [0.05, None]},
    SGNSEmbedder(random_state=0): {"n_components": [2, 5, 20], "init_scale": [0.003, 0.3]},
}


def main() -> None:
    documents = make_planted_corpus(n_documents=500, random_state=0).data
    for embedder, grid in GRIDS.items():
        search = GridSearchCV(embedder, grid, cv=3).fit(documents)
        print(f"\n{type(embedder).__name__}: best {search.best_params_}, score {search.best_score_:.3f}")
        results = search.cv_results_
        for parameters, mean, std in zip(
            results["params"], results["mean_test_score"], results["std_test_score"], strict=True
        ):
            print(f"  {mean:.3f} +- {std:.3f}  {parameters}")


if __name__ == "__main__":
    main()
