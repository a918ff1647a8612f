from __future__ import annotations

import pickle
from importlib.util import find_spec

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import PretrainedEmbedder, SpectralEmbedder
from sk_w2v.io import WordVectors, write_glove, write_safetensors, write_word2vec
from sk_w2v.scorers import HeldOutScorer

HAS_SAFETENSORS = find_spec("safetensors") is not None
WRITERS = {
    "word2vec": write_word2vec,
    "word2vec-binary": lambda *what: write_word2vec(*what, binary=True),
    "glove": write_glove,
    **({"safetensors": write_safetensors} if HAS_SAFETENSORS else {}),
}


@pytest.fixture(scope="module")
def trained(documents):
    """A fitted embedder, the vectors of which are used again."""
    return SpectralEmbedder(4, random_state=0).fit(documents)


@pytest.fixture
def vectors(trained):
    return WordVectors(trained.words_, trained.embedding_)


@pytest.mark.parametrize("format", WRITERS)
@pytest.mark.parametrize("pooling", ["sif", "usif", "tfidf", "mean", "max"])
def test_a_vector_file_embeds_documents_like_the_model_it_was_saved_from(trained, documents, format, pooling, tmp_path):
    path = tmp_path / "tea.vectors"
    WRITERS[format](path, trained.words_, trained.embedding_)
    embedder = PretrainedEmbedder(path, format=format, pooling=pooling).fit(documents)
    expected = clone(trained).set_params(pooling=pooling).fit(documents).transform(documents)
    np.testing.assert_array_equal(embedder.transform(documents), expected)
    np.testing.assert_array_equal(embedder.word_counts_, trained.word_counts_)
    assert embedder.most_similar("concept0_word0") == trained.most_similar("concept0_word0")


def test_fit_needs_no_documents_if_the_pooling_uses_no_frequencies(trained, vectors, documents):
    embedder = PretrainedEmbedder(vectors, pooling="mean").fit()
    expected = clone(trained).set_params(pooling="mean").fit(documents).transform(documents)
    np.testing.assert_array_equal(embedder.transform(documents), expected)
    for pooling, message in (
        ("sif", "weighs words by their frequency, which is not known"),
        ("tfidf", "in how many doc"),
    ):
        with pytest.raises(ValueError, match=message):
            embedder.set_params(pooling=pooling).transform(documents)


def test_gensim_vectors_are_used_unchanged(trained, documents):
    models = pytest.importorskip("gensim.models", reason="gensim is not installed")
    keyed = models.KeyedVectors(4)
    keyed.add_vectors(trained.words_.tolist(), trained.embedding_)
    embedder = PretrainedEmbedder(keyed).fit(documents)
    np.testing.assert_array_equal(embedder.transform(documents), trained.transform(documents))


class Keyed:
    """What gensim's KeyedVectors have in common with us."""

    def __init__(self, keys, vectors):
        self.index_to_key = keys
        self.vectors = np.array(vectors)

    def get_index(self, key):
        return self.index_to_key.index(key)


@pytest.mark.parametrize("n_vectors", [2, 3, 4])
@pytest.mark.parametrize("max_words", [None, 2, 9])
def test_gensim_rows_without_a_word_are_dropped(n_vectors, max_words):
    keyed = Keyed(["tea", "cup", None, None], [[1.0, 2], [3, 4], [0, 0], [0, 0]][:n_vectors])
    with pytest.warns(UserWarning, match="2 of 4 vectors have no word and are dropped") as caught:
        embedder = PretrainedEmbedder(keyed, pooling="mean", max_words=max_words).fit()
    assert len(caught) == 1
    assert caught[0].filename == __file__
    assert embedder.words_.tolist() == ["tea", "cup"]
    assert [word for word, _ in embedder.most_similar("cup")] == ["tea"]


def test_gensim_vectors_of_a_file_with_repeated_words_are_accepted(tmp_path):
    models = pytest.importorskip("gensim.models", reason="gensim is not installed")
    path = tmp_path / "tea.vec"
    path.write_text("4 2\ntea 1 2\ncup 3 4\ntea 5 6\ntea 7 8\n")
    with pytest.warns(UserWarning, match="2 of 4 vectors have no word"):
        embedder = PretrainedEmbedder(models.KeyedVectors.load_word2vec_format(path), pooling="mean").fit()
    assert embedder.words_.tolist() == ["tea", "cup"]


@pytest.mark.parametrize("format", sorted(WRITERS.keys() - {"safetensors"}))
def test_duplicates_first_keeps_the_first_vector_of_repeated_words(format, vectors, tmp_path):
    path = tmp_path / "tea.vectors"
    WRITERS[format](path, ["tea", "cup", "TEA"], vectors.vectors[:3])
    path.write_bytes(path.read_bytes().replace(b"TEA ", b"tea "))
    repeated = WordVectors(np.array(["tea", "cup", "tea"], dtype=object), vectors.vectors[:3])
    for source in (path, repeated):
        embedder = PretrainedEmbedder(source, format=format, pooling="mean")
        with pytest.raises(ValueError, match="word 3, 'tea', repeats word 1; duplicates='first'"):
            embedder.fit()
        with pytest.warns(UserWarning, match="1 of 3 words repeat earlier ones") as caught:
            embedder.set_params(duplicates="first").fit()
        assert len(caught) == 1
        assert embedder.words_.tolist() == ["tea", "cup"]
        np.testing.assert_array_equal(embedder.embedding_, vectors.vectors[:2])


def test_max_words_keeps_the_first_words(trained, vectors, documents):
    embedder = PretrainedEmbedder(vectors, max_words=3).fit(documents)
    assert embedder.words_.tolist() == trained.words_[:3].tolist()
    assert embedder.word_counts_.tolist() == trained.word_counts_[:3].tolist()


def test_words_that_do_not_occur_have_weight_one(vectors, documents):
    words = np.append(vectors.words, ["stranger"]).astype(object)
    more = WordVectors(words, np.vstack([vectors.vectors, np.ones((1, 4), dtype=np.float32)]))
    embedder = PretrainedEmbedder(more, norm=None).fit(documents)
    assert embedder.word_counts_[-1] == embedder.document_counts_[-1] == 0
    np.testing.assert_allclose(embedder.transform(["stranger"]), np.full((1, 4), 0.5), rtol=1e-6)  # weight 1


def test_it_is_cloned_searched_over_and_pickled(vectors, planted):
    model = make_pipeline(PretrainedEmbedder(vectors), StandardScaler(), LogisticRegression())
    grid = {"pretrainedembedder__pooling": ["mean", "sif"], "pretrainedembedder__max_words": [5, None]}
    search = GridSearchCV(model, grid, cv=2).fit(planted.data, planted.target)
    assert search.best_params_["pretrainedembedder__max_words"] is None
    assert search.best_score_ > 0.9
    embedder = search.best_estimator_[0]
    assert embedder.get_feature_names_out()[0] == "pretrainedembedder0"
    restored = pickle.loads(pickle.dumps(embedder))
    np.testing.assert_array_equal(restored.transform(planted.data), embedder.transform(planted.data))
    assert HeldOutScorer()(search, planted.data) > 0.55


@pytest.fixture(scope="module")
def cased():
    """Vectors of words of which some have capitals."""
    return WordVectors(np.array(["Lisbon", "like", "LaTeX"], dtype=object), np.eye(3, dtype=np.float32))


LIKE_LISBON = ["I like Lisbon", "LaTeX I like"]


@pytest.mark.parametrize("X", [None, LIKE_LISBON, [*LIKE_LISBON, ["like"]], [text.encode() for text in LIKE_LISBON]])
def test_capitals_that_lowercased_text_never_matches_are_counted_once(cased, X):
    match = r"2 of 3 words of the vectors \(66.7%\) contain capital letters, such as .*set vectorizer__lowercase=False"
    with pytest.warns(UserWarning, match=match) as told:
        PretrainedEmbedder(cased, pooling="mean").fit(X)
    assert len(told) == 1
    assert told[0].filename == __file__


@pytest.mark.parametrize(
    ("X", "parameters"),
    [
        ([text.split() for text in LIKE_LISBON], {}),
        (LIKE_LISBON, {"vectorizer__lowercase": False}),
        (LIKE_LISBON, {"vectorizer__preprocessor": str}),
        (LIKE_LISBON, {"max_words": None, "vectors": WordVectors(np.array(["like", "2nd", "été"]), np.eye(3))}),
    ],
)
def test_capitals_do_not_warn_without_lowercasing(cased, X, parameters):
    PretrainedEmbedder(cased, pooling="mean").set_params(**parameters).fit(X)  # a warning would be an error


def test_verbose_reports_the_number_of_known_tokens(vectors, capsys):
    PretrainedEmbedder(vectors, verbose=1).fit(["common0 stranger common1"])
    assert "[PretrainedEmbedder] count words: 2 of 3 tokens are known" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("given", "parameters", "error", "message"),
    [
        ("no/such/file", {}, FileNotFoundError, "no/such/file"),
        (3, {}, ValueError, "The 'vectors' parameter of PretrainedEmbedder must be"),
        (None, {"format": "fasttext"}, ValueError, "The 'format' parameter of PretrainedEmbedder must be a str among"),
        (None, {"max_words": 0}, ValueError, "The 'max_words' parameter of PretrainedEmbedder must be"),
        (
            WordVectors(np.array(["a", "a"]), np.eye(2)),
            {},
            ValueError,
            "word 2, 'a', repeats word 1; duplicates='first'",
        ),
        (WordVectors(np.array(["a"]), np.eye(2)), {}, ValueError, r"1 words have vectors of shape \(2, 2\)"),
        (
            WordVectors(np.array(["a"]), np.full((1, 2), np.nan)),
            {},
            ValueError,
            "1 of 1 vectors contain infinity .*'a'",
        ),
        (WordVectors(np.array(["a"]), np.full((1, 2), 1e39)), {}, ValueError, "1 of 1 vectors contain infinity .*'a'"),
        (None, {"duplicates": "last"}, ValueError, "The 'duplicates' parameter of PretrainedEmbedder must be"),
        (WordVectors(np.array(["a"]), np.eye(1)), {}, ValueError, "None of the .* words of X is among the 1 words of"),
    ],
)
def test_unusable_vectors_are_refused(given, parameters, error, message, vectors, documents):
    with pytest.raises(error, match=message):
        PretrainedEmbedder(vectors if given is None else given, **parameters).fit(documents)
