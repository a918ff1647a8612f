import pytest

from sk_w2v.datasets._markup import strip_inline_markup


@pytest.mark.parametrize(
    ("marked_up", "plain"),
    [
        (":class:`Ridge`", "Ridge"),
        (":func:`~scipy.linalg.svd`", "svd"),
        (":py:func:`scipy.linalg.svd`", "scipy.linalg.svd"),
        (":ref:`User Guide <svm_regression>`", "User Guide"),
        ("`a page <https://example.org/page>`_", "a page"),
        ("``n_jobs=1``", "n_jobs=1"),
        ("`alpha`", "alpha"),
        ("*very* **important**", "very important"),
        ("the *args and **kwargs", "the args and kwargs"),
    ],
)
def test_markup_leaves_the_text_that_a_reader_sees(marked_up, plain):
    assert strip_inline_markup(marked_up) == plain


@pytest.mark.parametrize(
    "wordless",
    [
        ":math:`x^2`",
        "$x^2$",
        ":ref:`svm_regression`",
        ":doi:`10.1000/1`",
        "[1]_",
        "[2a]_",
        "[Smith2010]_",
        "https://example.org/page?x=1",
        "%(input)s",
        "${LIKE}",
        "(:math:`x`)",
    ],
)
def test_markup_without_words_is_removed(wordless):
    assert strip_inline_markup(f"Known {wordless} before.").split() == ["Known", "before."]


@pytest.mark.parametrize("code", ["x[1]", "2 * a * b", "a**b", "x[:, [0, 1]]", "f(*args)"])
def test_code_is_not_changed_as_markup(code):
    assert strip_inline_markup(f"Set ``{code}`` here") == f"Set {code} here"


def test_plain_sentences_are_unchanged():
    sentences = "Fit the model (in two steps).\nThen: predict, or transform; both work."
    assert strip_inline_markup(sentences) == sentences
