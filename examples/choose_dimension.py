"""Choose the number of components by three methods from one factorization, and compare the accuracy of a classifier."""

import warnings

from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.model_selection import cross_val_score

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings
from sk_w2v.selection import METHODS, select_dimension


def main() -> None:
    documents, labels = (each[::2] for each in load_docstrings(return_X_y=True))
    embedder = SpectralEmbedder(100, max_features=1500).fit(documents)
    print(f"{'chosen by':14}{'components':>11}{'accuracy':>10}")
    for method in METHODS:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # warns if a method chooses all
            chosen = select_dimension(embedder, documents, method=method, random_state=0).n_components
        print_accuracy(method, embedder.truncate(chosen), documents, labels)
    print_accuracy("(all)", embedder, documents, labels)


def print_accuracy(name: str, embedder: SpectralEmbedder, documents: list[str], labels: list[int]) -> None:
    """Print the cross-validated accuracy of a classifier of the embedder's document vectors."""
    classifier = LinearDiscriminantAnalysis(solver="lsqr", shrinkage=0.1)
    accuracy = cross_val_score(classifier, embedder.transform(documents), labels, cv=3).mean()
    print(f"{name:14}{embedder.n_components_:11}{accuracy:10.3f}")


if __name__ == "__main__":
    main()
