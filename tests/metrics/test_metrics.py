from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cosine
from scipy.stats import spearmanr, special_ortho_group

from sk_w2v.datasets import AnalogyQuestions, SimilarityPairs, WordCategories
from sk_w2v.metrics import (
    ANALOGY_METHODS,
    Score,
    _analogies,
    analogy_accuracy,
    analogy_accuracy_by_category,
    categorization_nmi,
    categorization_purity,
    similarity_correlation,
    subspace_agreement,
)

N_WORDS = 40


def make_vocabulary(n_words: int = N_WORDS) -> dict[str, int]:
    """Return the row of each of `n_words` words."""
    return {f"word{row}": row for row in range(n_words)}


def make_questions(words: list[list[str]]) -> AnalogyQuestions:
    """Return analogy questions of one category."""
    return AnalogyQuestions(np.array(words, dtype=object), np.array(["any"] * len(words), dtype=object))


def make_pairs(words: list[list[str]], ratings: list[float]) -> SimilarityPairs:
    """Return rated pairs of words."""
    return SimilarityPairs(np.array(words, dtype=object), np.array(ratings, dtype=float))


def random_questions(n_questions: int, *, n_words: int = N_WORDS, seed: int = 0) -> AnalogyQuestions:
    """Return questions of four random words, which may repeat a word."""
    rows = np.random.default_rng(seed).integers(0, n_words, (n_questions, 4))
    return make_questions([[f"word{row}" for row in question] for question in rows])


def random_vectors(n_words: int = N_WORDS, n_components: int = 3, *, seed: int = 0) -> np.ndarray:
    """Return word vectors of all lengths and in all directions."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n_words, n_components)) * rng.uniform(0.1, 10, (n_words, 1))


# --- analogies -----------------------------------------------------------------------------------


def slow_accuracy(embedding: np.ndarray, vocabulary: dict[str, int], questions: AnalogyQuestions) -> float:
    """Return the share of right answers, by a loop over questions and words."""
    units = [row / np.linalg.norm(row) for row in embedding]
    n_right = 0
    for question in questions.words:
        a, b, c, d = (vocabulary[word] for word in question)
        best, answer = -np.inf, None
        for row, unit in enumerate(units):
            similarity = unit @ (units[b] - units[a] + units[c])
            if row not in (a, b, c) and similarity > best:
                best, answer = similarity, row
        n_right += answer == d
    return n_right / len(questions)


@pytest.mark.parametrize("seed", range(3))
def test_accuracy_is_that_of_a_loop_over_questions_and_words(seed):
    questions, vectors = random_questions(300, n_words=8, seed=seed), random_vectors(8, seed=seed)
    score = analogy_accuracy(vectors, make_vocabulary(8), questions)
    assert 0 < score.value < 1
    assert score == Score(slow_accuracy(vectors, make_vocabulary(8), questions), 1.0, 300)


def cosine_score(method: str, a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> float:
    """Return what a method gives a word with the vector d for an answer."""
    if method == "3cosadd":
        return 1 - cosine(d, b - a + c)
    if method == "3cosmul":
        to_a, to_b, to_c = (1 - cosine(d, each) / 2 for each in (a, b, c))
        return to_b * to_c / (to_a + 1e-3)
    return 1 - cosine(d - c, b - a) if np.any(d != c) and np.any(b != a) else 0


@pytest.mark.parametrize("exclude_inputs", [True, False])
@pytest.mark.parametrize("method", ["3cosadd", "3cosmul", "pairdirection"])
def test_each_method_s_answer_is_the_word_of_the_greatest_score(method, exclude_inputs):
    vectors = random_vectors(9)
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    triples = [question for question in random_questions(80, n_words=9).words if len(set(question[:3])) == 3]
    rows = make_vocabulary(9)
    answers = []
    for question in triples:
        a, b, c = (rows[word] for word in question[:3])
        answerers = [d for d in range(9) if not exclude_inputs or d not in (a, b, c)]
        scores = [cosine_score(method, units[a], units[b], units[c], units[d]) for d in answerers]
        answers.append(f"word{answerers[int(np.argmax(scores))]}")
    right = make_questions([[*question[:3], answer] for question, answer in zip(triples, answers, strict=True)])
    wrong = make_questions(
        [
            [*question[:3], "word0" if answer != "word0" else "word1"]
            for question, answer in zip(triples, answers, strict=True)
        ]
    )
    for questions, accuracy in ((right, 1), (wrong, 0)):
        score = analogy_accuracy(vectors, rows, questions, method=method, exclude_inputs=exclude_inputs)
        assert score == Score(accuracy, 1.0, len(triples))


def test_the_method_of_products_prefers_balance_where_the_method_of_sums_does_not():
    # To b, c and a the first answer is 0.9, 0.1 and 0.0 near, the second one 0.5, 0.45 and 0.0: 1.0 > 0.95 as a sum.
    a, b, c = np.eye(8)[:3]
    vectors = np.stack([a, b, c, *(np.array([0, x, y, *np.zeros(5)]) for x, y in ((0.9, -0.3), (0.5, 0.05)))])
    vectors[3, 3], vectors[4, 4] = (np.sqrt(1 - np.sum(vectors[row] ** 2)) for row in (3, 4))
    for method, answer in (("3cosadd", "word3"), ("3cosmul", "word4")):
        question = make_questions([["word0", "word1", "word2", answer]])
        assert analogy_accuracy(vectors, make_vocabulary(5), question, method=method).value == 1


@pytest.mark.parametrize("method", ANALOGY_METHODS)
def test_accuracy_does_not_depend_on_batches(method, monkeypatch):
    questions, vectors = random_questions(50), random_vectors()
    whole = analogy_accuracy(vectors, make_vocabulary(), questions, method=method)
    for size in (1, 70, 300):
        monkeypatch.setattr(_analogies, "TABLE_SIZE", size)
        monkeypatch.setattr(_analogies, "BATCH_SIZE", size)
        assert analogy_accuracy(vectors, make_vocabulary(), questions, method=method) == whole


# Countries, capitals and noise: a capital is its country plus one offset plus a little of its own.
def related_words(n_pairs: int = 12, n_noise: int = 60, *, seed: int = 0) -> tuple[np.ndarray, dict[str, int]]:
    """Return vectors and rows of `n_pairs` words with their partners, and of words without."""
    rng = np.random.default_rng(seed)
    first = rng.standard_normal((n_pairs, 20)) + 2 * np.eye(20)[0]
    second = first + 4 * np.eye(20)[1] + 0.3 * rng.standard_normal((n_pairs, 20))
    vectors = np.concatenate([first, second, rng.standard_normal((n_noise, 20))])
    names = [f"{kind}{k}" for kind, n in (("state", n_pairs), ("city", n_pairs), ("noise", n_noise)) for k in range(n)]
    return vectors, {name: row for row, name in enumerate(names)}


def capital_questions(n_pairs: int = 12, category: str = "capitals") -> AnalogyQuestions:
    """Return all questions of two different pairs."""
    words = [
        [f"state{i}", f"city{i}", f"state{j}", f"city{j}"] for i in range(n_pairs) for j in range(n_pairs) if i != j
    ]
    return AnalogyQuestions(np.array(words, dtype=object), np.array([category] * len(words), dtype=object))


@pytest.mark.parametrize("method", ANALOGY_METHODS)
def test_every_method_finds_a_planted_relation(method):
    vectors, rows = related_words()
    score = analogy_accuracy(vectors, rows, capital_questions(), method=method)
    assert score.value > 0.9
    assert score.n_used == (12 if method in ("3cosavg", "lrcos") else 12 * 11)


@pytest.mark.parametrize("method", ["3cosavg", "lrcos"])
def test_methods_of_a_category_learn_from_its_other_pairs_alone(method):
    vectors, rows = related_words()
    # Nothing tells the partner of the last word if its offset is another one; it must not be learned from itself.
    vectors[rows["city11"]] = vectors[rows["state11"]] + 30 * np.eye(20)[2]
    score = analogy_accuracy(vectors, rows, capital_questions(), method=method)
    assert 9 / 12 < score.value <= 11 / 12


def test_the_average_offset_is_that_of_the_other_pairs():
    vectors, rows = related_words(n_noise=200)
    vectors[12:24] += 1.5 * np.random.default_rng(1).standard_normal((12, 20))  # so that some are not found
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    n_right = 0
    for left_out in range(12):
        offset = np.mean([units[12 + k] - units[k] for k in range(12) if k != left_out], axis=0)
        cosines = units @ (units[left_out] + offset)
        cosines[left_out] = -np.inf
        n_right += cosines.argmax() == 12 + left_out
    assert 0 < n_right < 12
    assert analogy_accuracy(vectors, rows, capital_questions(), method="3cosavg") == Score(n_right / 12, 1.0, 12)


def test_categories_have_scores_of_their_own_and_make_up_the_whole():
    vectors, rows = related_words()
    capitals, unknown = capital_questions(), capital_questions(3, category="unknown")
    unknown = AnalogyQuestions(np.char.add(unknown.words.astype(str), "?").astype(object), unknown.categories)
    nonsense = make_questions([["state0", "city0", "state1", "noise5"]] * 2)
    together = AnalogyQuestions(
        np.concatenate([capitals.words, unknown.words, nonsense.words]),
        np.concatenate([capitals.categories, unknown.categories, nonsense.categories]),
    )
    scores = analogy_accuracy_by_category(vectors, rows, together)
    assert list(scores) == ["capitals", "unknown", "any"]
    assert scores["capitals"] == analogy_accuracy(vectors, rows, capitals)
    assert np.isnan(scores["unknown"].value)
    assert scores["unknown"][1:] == (0.0, 0)
    assert scores["any"] == Score(0.0, 1.0, 2)
    whole = analogy_accuracy(vectors, rows, together)
    assert whole.n_used == 12 * 11 + 2
    assert whole.value * whole.n_used == pytest.approx(scores["capitals"].value * 12 * 11)


@pytest.mark.parametrize("method", ["3cosavg", "lrcos"])
def test_a_category_of_one_pair_cannot_be_asked_by_methods_of_a_category(method):
    vectors, rows = related_words()
    one = AnalogyQuestions(np.array([["state0", "city0", "state1", "city1"]], dtype=object), np.array(["one"]))
    with pytest.raises(ValueError, match="None of the 1 questions"):
        analogy_accuracy(vectors, rows, one, method=method)


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match=r"method='cosine' is unknown; use one of \('3cosadd', '3cosmul'"):
        analogy_accuracy(random_vectors(), make_vocabulary(), random_questions(3), method="cosine")


def test_the_words_of_the_question_are_no_answer_even_if_they_are_the_nearest():
    # b - a + c is b itself, for a and c are the same; the next one is d.
    vectors = np.array([[1, 0], [0, 1], [1, 0], [0.1, 1], [-1, 0]])
    question = make_questions([["word0", "word1", "word2", "word3"]])
    assert analogy_accuracy(vectors, make_vocabulary(5), question).value == 1
    asked_for_itself = make_questions([["word0", "word1", "word2", "word1"]])
    assert analogy_accuracy(vectors, make_vocabulary(5), asked_for_itself).value == 0


def test_a_word_that_ties_with_an_excluded_one_may_be_the_answer():
    # Words 1 and 3 have one vector: the nearest to b - a + c, of which word 1 is excluded.
    vectors = np.array([[1, 0], [0, 1], [1, 0], [0, 1], [0, -1]])
    question = make_questions([["word0", "word1", "word2", "word3"]])
    assert analogy_accuracy(vectors, make_vocabulary(5), question).value == 1


def test_of_words_that_tie_the_more_frequent_one_is_the_answer():
    # Rows are in order of falling counts.
    vectors = np.array([[1, 0], [0, 1], [1, 0], [0, 2], [0, 3]])
    answers = [["word0", "word1", "word2", "word3"], ["word0", "word1", "word2", "word4"]]
    assert analogy_accuracy(vectors, make_vocabulary(5), make_questions(answers)).value == 0.5


def test_a_word_without_a_direction_disturbs_nothing():
    vectors = random_vectors()
    vectors[7] = 0
    score = analogy_accuracy(vectors, make_vocabulary(), random_questions(50))
    assert 0 <= score.value <= 1


def test_accuracy_does_not_depend_on_lengths_and_rotations():
    questions, vectors = random_questions(300, n_words=8), random_vectors(8)
    rotation = special_ortho_group.rvs(3, random_state=0)
    scaled = vectors * np.linspace(1, 9, 8)[:, np.newaxis] @ rotation
    scores = [analogy_accuracy(each, make_vocabulary(8), questions) for each in (vectors, scaled)]
    assert scores[0] == scores[1]


def test_questions_with_unknown_words_are_left_out_and_counted():
    known = random_questions(6)
    unknown = make_questions([["word1", "stranger", "word2", "word3"], ["word1", "word4", "word2", "Word3"]])
    both = make_questions([*known.words.tolist(), *unknown.words.tolist()])
    alone, together = (analogy_accuracy(random_vectors(), make_vocabulary(), each) for each in (known, both))
    assert together == Score(alone.value, 6 / 8, 6)


# --- similarities --------------------------------------------------------------------------------


def test_correlation_is_scipy_s_of_scipy_s_cosines():
    rng = np.random.default_rng(0)
    vectors, rows, ratings = random_vectors(), rng.integers(0, N_WORDS, (60, 2)), rng.integers(0, 10, 60)
    cosines = [1 - cosine(vectors[left], vectors[right]) for left, right in rows]
    pairs = make_pairs([[f"word{left}", f"word{right}"] for left, right in rows], ratings.tolist())
    score = similarity_correlation(vectors, make_vocabulary(), pairs)
    assert score.value == pytest.approx(spearmanr(cosines, ratings).statistic, rel=1e-12)
    assert score[1:] == (1.0, 60)


def test_correlation_depends_on_the_order_of_the_ratings_alone():
    rng = np.random.default_rng(0)
    words = [[f"word{left}", f"word{right}"] for left, right in rng.integers(0, N_WORDS, (30, 2))]
    ratings = rng.uniform(0, 10, 30)
    scores = [
        similarity_correlation(random_vectors(), make_vocabulary(), make_pairs(words, each.tolist())).value
        for each in (ratings, np.exp(ratings), -ratings)
    ]
    assert scores[0] == pytest.approx(scores[1], rel=1e-12)
    assert scores[0] == pytest.approx(-scores[2], rel=1e-12)


def test_pairs_with_unknown_words_are_left_out_with_their_ratings():
    words = [["word0", "word1"], ["word0", "stranger"], ["word0", "word2"], ["stranger", "other"]]
    pairs = make_pairs(words, [9, 100, 1, -100])
    vectors = np.array([[1.0, 0], [1, 1], [0, 1]])
    assert similarity_correlation(vectors, make_vocabulary(3), pairs) == (pytest.approx(1, rel=1e-12), 0.5, 2)


@pytest.mark.parametrize(
    ("words", "ratings"),
    [
        ([["word0", "word1"]], [3.0]),
        ([["word0", "word1"], ["word0", "stranger"]], [3.0, 1.0]),
        ([["word0", "word1"], ["word0", "word1"]], [3.0, 1.0]),
        ([["word0", "word1"], ["word0", "word2"]], [3.0, 3.0]),
    ],
    ids=["one pair", "one known pair", "one cosine", "one rating"],
)
def test_a_correlation_of_nothing_is_not_a_number(words, ratings):
    vectors = np.array([[1.0, 0], [1, 1], [0, 1]])
    assert np.isnan(similarity_correlation(vectors, make_vocabulary(3), make_pairs(words, ratings)).value)


@pytest.mark.parametrize(
    "judge",
    [
        lambda: analogy_accuracy(random_vectors(), make_vocabulary(), make_questions([["a", "b", "c", "d"]])),
        lambda: similarity_correlation(random_vectors(), make_vocabulary(), make_pairs([["a", "b"]], [1])),
    ],
)
def test_questions_of_unknown_words_alone_are_refused(judge):
    with pytest.raises(ValueError, match="None of the 1 questions has all of its words in the vocabulary of 40 words"):
        judge()


# --- categories ----------------------------------------------------------------------------------


def make_categories(labels: list[str]) -> WordCategories:
    """Return the categories of word0, word1, ..."""
    words = [f"word{row}" for row in range(len(labels))]
    return WordCategories(np.array(words, dtype=object), np.array(labels, dtype=object))


@pytest.mark.parametrize("judge", [categorization_purity, categorization_nmi])
def test_categories_that_lie_apart_are_found_whatever_their_lengths_and_names(judge):
    rng = np.random.default_rng(0)
    labels = ["tea", "pen", "cat"] * 6
    centres = {"tea": np.eye(4)[0], "pen": np.eye(4)[1], "cat": -np.eye(4)[2]}
    vectors = np.array([centres[label] + 0.1 * rng.standard_normal(4) for label in labels])
    vectors *= rng.uniform(0.1, 10, (18, 1))
    for names in (labels, [label[::-1] for label in labels]):
        assert judge(vectors, make_vocabulary(18), make_categories(names)) == (pytest.approx(1), 1.0, 18)


def test_purity_is_the_share_of_the_largest_category_of_each_cluster():
    # Two clusters of five words: 4 + 1 and 3 + 2.
    vectors = np.repeat([[1.0, 0], [0, 1]], 5, axis=0) + 0.01 * np.random.default_rng(0).standard_normal((10, 2))
    labels = list("aaaab") + list("bbbaa")
    assert categorization_purity(vectors, make_vocabulary(10), make_categories(labels)) == Score(0.7, 1.0, 10)


def test_unrelated_categories_have_little_in_common_with_clusters():
    rng = np.random.default_rng(0)
    labels = rng.choice(list("ab"), 400).tolist()
    vectors = rng.standard_normal((400, 5))
    assert categorization_nmi(vectors, make_vocabulary(400), make_categories(labels)).value < 0.02  # about 1 / 400
    assert 0.5 <= categorization_purity(vectors, make_vocabulary(400), make_categories(labels)).value < 0.6


@pytest.mark.parametrize("judge", [categorization_purity, categorization_nmi])
def test_words_that_are_not_known_are_left_out_with_their_categories(judge):
    vectors = np.repeat([[1.0, 0], [0, 1]], 3, axis=0)
    known = make_categories(list("aaabbb"))
    strangers = WordCategories(
        np.append(known.words, ["stranger", "other"]).astype(object),
        np.append(known.categories, ["c", "d"]).astype(object),
    )
    assert judge(vectors, make_vocabulary(6), strangers) == (pytest.approx(1), 6 / 8, 6)
    with pytest.raises(ValueError, match="None of the 2 questions has all of its words"):
        judge(vectors, make_vocabulary(6), WordCategories(strangers.words[6:], strangers.categories[6:]))


@pytest.mark.parametrize("judge", [categorization_purity, categorization_nmi])
def test_words_of_one_vector_make_one_cluster(judge):
    score = judge(np.ones((4, 2)), make_vocabulary(4), make_categories(list("aabb")))
    assert score.value == (0.5 if judge is categorization_purity else 0.0)


# --- subspaces -----------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_space_agrees_with_itself_however_it_is_written(dtype):
    vectors = random_vectors(60, 5)
    mixing = np.random.default_rng(1).standard_normal((5, 5)) + 3 * np.eye(5)
    for other in (vectors, vectors @ mixing, vectors * [1, 10, 100, 1e3, 1e4], vectors[:, ::-1], -vectors):
        assert subspace_agreement(vectors.astype(dtype), other.astype(dtype)) == pytest.approx(1, abs=1e-5)


def test_agreement_is_the_mean_squared_cosine_of_the_principal_angles():
    angles = np.array([0.2, 0.7, 1.4])
    left = np.eye(10)[:, :3]
    right = left * np.cos(angles) + np.eye(10)[:, 3:6] * np.sin(angles)
    mixing = np.random.default_rng(0).standard_normal((3, 3))
    assert subspace_agreement(left, right @ mixing) == pytest.approx(np.mean(np.cos(angles) ** 2), rel=1e-9)


def test_agreement_is_symmetric_and_does_not_depend_on_rotations_of_all_words():
    left, right = random_vectors(20, 4, seed=0), random_vectors(20, 4, seed=1)
    agreement = subspace_agreement(left, right)
    assert 0 < agreement < 1
    assert subspace_agreement(right, left) == pytest.approx(agreement, rel=1e-12)
    rotation = special_ortho_group.rvs(20, random_state=0)
    assert subspace_agreement(rotation @ left, rotation @ right) == pytest.approx(agreement, rel=1e-9)


@pytest.mark.parametrize(("n_left", "n_right"), [(5, 5), (3, 12)])
def test_unrelated_spaces_agree_by_the_share_of_the_larger_one(n_left, n_right):
    rng = np.random.default_rng(0)
    agreements = [
        subspace_agreement(rng.standard_normal((100, n_left)), rng.standard_normal((100, n_right))) for _ in range(50)
    ]
    # A mean of beta-distributed numbers: one agreement varies by about 0.01, the mean by 0.002.
    assert np.mean(agreements) == pytest.approx(n_right / 100, abs=0.01)


def test_a_space_that_holds_the_other_agrees_with_it():
    vectors = random_vectors(30, 6)
    assert subspace_agreement(vectors, vectors[:, :2]) == pytest.approx(1)


def test_spaces_at_right_angles_do_not_agree():
    assert subspace_agreement(np.eye(6)[:, :2], np.eye(6)[:, 2:]) == 0
    assert subspace_agreement(np.zeros((6, 2)), np.eye(6)[:, 2:]) == 0


def test_directions_that_are_only_rounding_do_not_count():
    vectors = random_vectors(50, 3)
    twice = np.hstack([vectors, vectors]).astype(np.float32)  # of rank 3
    assert subspace_agreement(twice, vectors) == pytest.approx(1, abs=1e-5)
    assert subspace_agreement(twice, random_vectors(50, 3, seed=5)) == pytest.approx(
        subspace_agreement(vectors, random_vectors(50, 3, seed=5)), abs=1e-5
    )


def test_models_of_different_numbers_of_words_are_refused():
    with pytest.raises(ValueError, match="The models have 5 and 6 words; give the rows of shared words"):
        subspace_agreement(np.eye(5), np.eye(6))


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e39, 1e25])
@pytest.mark.parametrize("method", ["3cosadd", "3cosmul", "pairdirection", "3cosavg", "lrcos"])
def test_a_vector_that_is_not_finite_is_named_and_does_not_answer_every_question(method, value):
    rng = np.random.default_rng(0)
    vocabulary = {f"w{row}": row for row in range(9)}
    vectors = rng.standard_normal((9, 3))
    vectors[7, 1] = value  # of a word that no question asks for
    questions = AnalogyQuestions(np.array([["w0", "w1", "w2", "w3"], ["w2", "w3", "w0", "w1"]]), np.array(["a", "a"]))
    with pytest.raises(ValueError, match=r"1 of 9 vectors hold infinity, NaN or numbers too large .* \['w7'\]; give"):
        analogy_accuracy(vectors, vocabulary, questions, method=method)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_only_vectors_that_are_asked_for_must_be_finite_where_others_play_no_part(value):
    vocabulary = {"tea": 0, "cup": 1, "pen": 2}
    vectors = np.array([[1.0, 0], [1, 1], [value, 1]])
    pairs = np.array([["tea", "cup"], ["tea", "pen"]])
    with pytest.raises(ValueError, match=r"1 of 3 vectors hold infinity, NaN or .* those of \['pen'\]"):
        similarity_correlation(vectors, vocabulary, SimilarityPairs(pairs, np.array([9.0, 1.0])))
    assert similarity_correlation(vectors, vocabulary, SimilarityPairs(pairs[:1], np.array([9.0]))).n_used == 1
    with pytest.raises(ValueError, match=r"1 of 3 vectors hold infinity, NaN or .* those of \['pen'\]"):
        categorization_purity(vectors, vocabulary, WordCategories(np.array(["tea", "pen"]), np.array(["a", "b"])))
