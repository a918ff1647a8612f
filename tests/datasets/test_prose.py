import pytest

from sk_w2v.datasets._prose import extract_prose

DOCSTRING = """
    norm(x, ord=None)

    Return the norm of a vector.

    The norm is computed by scaling, see [1]_::

        scale = max(abs(x))
        return scale * root(x / scale)

    .. versionadded:: 1.4

    Parameters
    ----------
    x, y : {array-like, sparse matrix} of shape (n, m) or \\
            {list}
        The vectors to be measured.

        They are not changed.
    ord : {None, 1, 2,
           "inf"}, optional
        Order of the norm:

        - the sum of absolute values;
        - the Euclidean length, which is
          the default.

    Returns
    -------
    float or ndarray
        Never a negative number.

    Raises
    ------
    ValueError
        If the order is unknown.

    See Also
    --------
    scipy.linalg.det : Determinant of a matrix.

    Notes
    -----
    .. note::
        The triangle inequality holds.

    .. math::

        \\|x + y\\| \\le \\|x\\| + \\|y\\|

    =====  =========
    order  meaning
    =====  =========
    one    sum of all
    =====  =========

    References
    ----------
    .. [1] A. Writer, "On Norms", Journal of Lengths, 1999.

    Examples
    --------
    A right angle gives the classical triangle:

    >>> norm([3, 4])
    5.0

    The order may be one.
    """


def test_prose_of_a_docstring_is_its_sentences():
    assert extract_prose(DOCSTRING).split("\n") == [
        "Return the norm of a vector.",
        "The norm is computed by scaling, see:",
        "x, y: The vectors to be measured.",
        "They are not changed.",
        "ord: Order of the norm:",
        "the sum of absolute values;",
        "the Euclidean length, which is the default.",
        "Never a negative number.",
        "ValueError: If the order is unknown.",
        "The triangle inequality holds.",
        "A right angle gives the classical triangle:",
        "The order may be one.",
    ]


def test_prose_does_not_depend_on_indentation():
    flush_left = "\n".join(line.removeprefix("    ") for line in DOCSTRING.split("\n"))
    assert extract_prose(flush_left) == extract_prose(DOCSTRING)


def test_extracting_prose_twice_changes_nothing():
    prose = extract_prose(DOCSTRING)
    assert "\n".join(extract_prose(line) for line in prose.split("\n")) == prose


def test_the_signature_of_a_compiled_function_is_dropped():
    docstring = "dot(a, b, /)\n--\n\ndot(a, b, out=None)\n\nDot product of two arrays."
    assert extract_prose(docstring) == "Dot product of two arrays."


def test_unmarked_formulas_are_dropped():
    assert extract_prose("Solve the system\n\n    a*x + b*y = 1\n") == "Solve the system"


@pytest.mark.parametrize("docstring", ["", "\n  \n", ">>> 1 + 1\n2", ".. math:: x", "x : int"])
def test_a_docstring_without_sentences_gives_nothing(docstring):
    assert extract_prose(docstring) == ""
