"""Fit word2vec and its closed form to the same documents, and measure how far they agree."""

from sk_w2v import SGNSEmbedder, SpectralEmbedder
from sk_w2v.datasets import make_planted_corpus
from sk_w2v.scorers import AgreementScorer


def main() -> None:
    corpus = make_planted_corpus(n_documents=2000, random_state=0)
    train, test = corpus.data[:1500], corpus.data[1500:]

    closed = SpectralEmbedder(n_components=10).fit(train)
    trained = SGNSEmbedder(n_components=10, max_iter=10, random_state=0).fit(train)

    print(f"held-out score: closed form {closed.score(test):.3f}, trained {trained.score(test):.3f}")
    print(f"agreement of their subspaces: {AgreementScorer(closed)(trained):.2f}")
    word = corpus.concepts[0][0]
    for name, embedder in {"closed form": closed, "trained": trained}.items():
        neighbors = ", ".join(other for other, _ in embedder.most_similar(word, n=4))
        print(f"{name}: {word} is near {neighbors}")


if __name__ == "__main__":
    main()
