"""Classify documents by word vectors, by tf-idf and by both."""

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from sk_w2v import SpectralEmbedder
from sk_w2v.datasets import load_docstrings


def main() -> None:
    X, y = load_docstrings(return_X_y=True)  # one docstring a document, labeled by its submodule
    X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=0)

    tfidf = TfidfVectorizer(sublinear_tf=True)
    word_vectors = SpectralEmbedder(n_components=100, window=32, n_jobs=-1)
    features = {
        "tf-idf": tfidf,
        "word vectors": word_vectors,
        "both": make_union(tfidf, word_vectors),
    }
    for name, feature in features.items():
        model = make_pipeline(feature, LinearSVC())
        print(f"{name:14}{model.fit(X_train, y_train).score(X_test, y_test):.3f}")


if __name__ == "__main__":
    main()
