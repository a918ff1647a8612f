import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v.datasets import make_planted_corpus


def group_counts(corpus):
    """Count the tokens of each group, in an array of shape (n_documents, n_concepts + 1)."""
    groups = [*corpus.concepts, corpus.common_words]
    vocabulary = [word for group in groups for word in group]
    counts = CountVectorizer(vocabulary=vocabulary).transform(corpus.data).toarray()
    starts = np.cumsum([0, *map(len, groups[:-1])])
    return np.add.reduceat(counts, starts, axis=1)


def mstar(corpus):
    """Return 2 (P - Q) / (P + Q) over the pairs of tokens of each document, concepts in order."""
    words = [word for concept in corpus.concepts for word in concept]
    counts = CountVectorizer(vocabulary=words).transform(corpus.data).toarray()
    joint = counts.T @ counts - np.diag(counts.sum(axis=0))
    joint = joint / joint.sum()
    independent = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    return 2 * (joint - independent) / (joint + independent)


def test_numbers_of_documents_and_words_are_as_requested():
    corpus = make_planted_corpus(30, n_concepts=4, n_words_per_concept=5, n_common_words=7, document_length=11)
    assert len(corpus.data) == 30
    assert {len(document.split()) for document in corpus.data} == {11}
    assert [len(concept) for concept in corpus.concepts] == [5, 5, 5, 5]
    assert len(corpus.common_words) == 7
    assert corpus.strengths.shape == (4,)
    assert corpus.target.dtype == np.int64
    assert corpus.target.shape == (30,)


def test_all_words_belong_to_one_group_and_are_tokens_of_scikit_learn():
    corpus = make_planted_corpus(random_state=0)
    words = [word for group in [*corpus.concepts, corpus.common_words] for word in group]
    assert len(set(words)) == len(words)
    assert set(CountVectorizer().fit(corpus.data).vocabulary_) == set(words)


def test_same_random_state_gives_the_same_corpus():
    first = make_planted_corpus(50, random_state=3)
    for random_state in (3, np.random.RandomState(3)):
        again = make_planted_corpus(50, random_state=random_state)
        assert again.data == first.data
        np.testing.assert_array_equal(again.target, first.target)
    assert make_planted_corpus(50, random_state=4).data != first.data


def test_no_random_state_draws_another_corpus_each_time():
    assert make_planted_corpus(50).data != make_planted_corpus(50).data


def test_documents_are_mostly_about_their_concept():
    corpus = make_planted_corpus(500, random_state=0)
    about = group_counts(corpus)[:, : len(corpus.concepts)].argmax(axis=1)
    assert np.mean(about == corpus.target) > 0.98  # a short document may say little on its concept


@pytest.mark.parametrize("concept_share", [0.2, 1.0])
def test_shares_of_concept_words_and_background_words_are_as_documented(concept_share):
    corpus = make_planted_corpus(4000, n_concepts=3, concept_share=concept_share, random_state=1)
    shares = group_counts(corpus) / 50
    np.testing.assert_array_equal(corpus.strengths, [1, 0.75, 0.5])
    own = concept_share * corpus.strengths
    strays = (1 - corpus.strengths) / 3
    for concept in range(3):
        expected = (1 - own[concept]) * np.append(strays, 1 - strays.sum())
        expected[concept] += own[concept]
        observed = shares[corpus.target == concept].mean(axis=0)
        # Each mean is over some 60,000 tokens: its standard error is below 0.002.
        np.testing.assert_allclose(observed, expected, atol=0.01)


def test_words_of_a_group_follow_zipf():
    corpus = make_planted_corpus(5000, n_common_words=10, random_state=2)
    vectorizer = CountVectorizer(vocabulary=corpus.common_words)
    counts = vectorizer.transform(corpus.data).sum(axis=0).A1
    expected = 1 / np.arange(1, 11)
    np.testing.assert_allclose(counts / counts[0], expected, rtol=0.05)


def test_concepts_are_in_the_order_of_their_strength_in_the_text():
    corpus = make_planted_corpus(4000, random_state=0)
    target = mstar(corpus).reshape(6, 20, 6, 20).mean(axis=(1, 3))  # (n_concepts, n_concepts)
    within = np.diag(target)
    assert (np.diff(within) < -0.05).all()
    assert target[~np.eye(6, dtype=bool)].max() < within.min() / 2


def test_each_mode_of_mstar_distinguishes_consecutive_concepts():
    corpus = make_planted_corpus(4000, random_state=0)
    eigenvalues, eigenvectors = np.linalg.eigh(mstar(corpus))
    modes = eigenvectors[:, ::-1].reshape(6, 20, 120).mean(axis=1).T  # (n_modes, n_concepts)
    for mode in range(5):
        assert set(np.argsort(-abs(modes[mode]))[:2]) == {mode, mode + 1}
        assert modes[mode, mode] * modes[mode, mode + 1] < 0
    assert eigenvalues[-5] > 2 * eigenvalues[-6]  # after them comes the bulk


def test_one_concept_and_one_word_are_enough():
    corpus = make_planted_corpus(
        1, n_concepts=1, n_words_per_concept=1, n_common_words=1, document_length=1, concept_share=1
    )
    assert corpus.data == ["concept0_word0"]


@pytest.mark.parametrize(
    "parameters",
    [
        {"n_documents": 0},
        {"n_concepts": 0},
        {"n_words_per_concept": 2.5},
        {"n_common_words": 0},
        {"document_length": -1},
        {"concept_share": 0},
        {"concept_share": 1.5},
        {"random_state": "seed"},
    ],
)
def test_parameters_out_of_range_are_refused(parameters):
    [name] = parameters
    with pytest.raises(ValueError, match=f"'{name}' parameter of make_planted_corpus must be"):
        make_planted_corpus(**parameters)
