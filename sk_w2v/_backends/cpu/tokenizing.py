"""Splitting text into numbered tokens, from the bytes of many documents at once.

A block is UTF-8 text. Each byte is looked up in a table: either it is a letter of a token (lowercased if requested), or
it is examined further. The letters of a token are written behind the known words, so a new word is already stored. They
are also shifted into a 64-bit number, the key. A word of up to eight bytes equals its key and is found without reading
its letters again.

Each block has a separate word table, so threads share nothing. The words of the blocks are then numbered in order over
all blocks by the same kernel, as a text in which every byte is a letter except the end of a word.

Words are numbered in order of appearance, which does not depend on the hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from os import urandom
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ..._typing import Int32Array, Int64Array, UInt8Array
from ..characters import (
    DOCUMENT_END,
    IRREGULAR,
    IRREGULAR_CASE,
    NO_TOKEN,
    RUNS,
    character_table,
    decode_block,
    encode_document,
)
from .compiling import kernel
from .hashing import LOW_HALF, SECRET_NUMBERS, append, hash_key, spread
from .threads import call, stream_through_threads
from .utf8 import decode, encode

Number = TypeVar("Number", bound=np.generic)

WORD_END = "\n"  # in no token, whatever the pattern
FEWEST_SLOTS = 1 << 12  # a power of two
BYTES_PER_SLOT = 32  # of text: enough slots for most text, so threads rarely need the GIL to grow a table

BYTES_PER_CALL = 1 << 22  # of text, which an interrupt waits for

# Why the kernel returned: the text ended; the table is full; a character has an irregular lower case; or
# `BYTES_PER_CALL` bytes were read.
DONE, FULL, IRREGULAR_MET, PAUSED = 0, 1, 2, 3
# The entries of `progress`: the next byte, and the numbers of tokens, documents and words found.
POSITION, TOKENS, DOCUMENTS, WORDS = 0, 1, 2, 3

_WORD_END = np.uint8(ord(WORD_END))
_0, _1, _2, _8, _32, _33 = (np.uint64(number) for number in (0, 1, 2, 8, 32, 33))
_NUL_IN_KEY = np.uint64(0xFF)  # UTF-8 does not use this byte, so keys of one to eight letters all differ


def tokenize_blocks(
    blocks: Iterable[bytes], *, token_pattern: str, lowercase: bool, n_jobs: int = 1
) -> Iterator[tuple[list[str], Int32Array, Int64Array]]:
    """Yield each block's new words, ids and offsets; see ``reference.tokenize_blocks``."""
    characters, min_length = RUNS[token_pattern]
    table = character_table(characters, lowercase=lowercase)
    letters, any_letter = np.zeros(256, np.uint8), np.arange(256, dtype=np.uint8)
    letters[:128] = np.maximum(table[:128], 0)
    any_letter[ord(WORD_END)] = 0

    def tokenize(block: bytes) -> tuple[bytes, Int32Array, Int64Array]:
        words = WordTable(max(FEWEST_SLOTS, 1 << (len(block) // BYTES_PER_SLOT).bit_length()))
        tokens = words.number(block, letters, table, min_length)
        return tokenize(_lower_irregular(block)) if tokens is None else (words.text(), *tokens)

    words = WordTable(FEWEST_SLOTS)
    for block_words, block_ids, offsets_d in stream_through_threads(tokenize, blocks, n_jobs=n_jobs):
        n_before = words.n_words
        rows, _ = words.number(block_words, any_letter, table, 1)  # type: ignore[misc]  # it has no irregular characters
        new_words = words.text(n_before).decode("utf-8", "surrogatepass").split(WORD_END)[:-1]
        yield new_words, rows[block_ids], offsets_d


def _lower_irregular(block: bytes) -> bytes:
    """Return the block with the documents lowercased that hold irregular characters."""
    return b"".join(
        encode_document(text.lower() if any(each in text for each in IRREGULAR) else text)
        for text in decode_block(block)
    )


class WordTable:
    """Distinct words, numbered in order of appearance.

    One array holds the letters of all words, each word followed by WORD_END. A hash table with open addressing has two
    numbers for each word: its key and its mark. The mark has 31 bits of the hash, one bit for words of more than eight
    bytes, and the word's number plus one.
    """

    def __init__(self, n_slots: int) -> None:
        self.n_words = 0
        self._secret = np.frombuffer(urandom(8 * SECRET_NUMBERS), np.uint64)
        self._letters = np.empty(0, np.uint8)
        self._starts_w = np.zeros(n_slots // 2 + 1, np.uint64)
        self._slots = np.zeros(2 * n_slots, np.uint64)

    def number(
        self, text: bytes, letters: UInt8Array, table: Int32Array, min_length: int
    ) -> tuple[Int32Array, Int64Array] | None:
        """Return each token's number and the documents' offsets, or None if a character's case is irregular.

        `letters`, of shape (256,), maps each ASCII byte to a letter, or to 0 if it must be looked up in `table`.
        """
        # Lowercasing adds at most half of a character's bytes, and each word is followed by one byte.
        self._letters = _with_room(self._letters, int(self._starts_w[self.n_words]), 2 * len(text) + 1)
        ids_t = np.empty((len(text) + 1) // 2, np.int32)
        offsets_d = np.zeros(text.count(DOCUMENT_END) + 1, np.int64)
        progress = np.array([0, 0, 0, self.n_words])
        how = PAUSED
        while how in (FULL, PAUSED):
            results = (self._letters, self._starts_w, self._slots, ids_t, offsets_d, progress)
            how = call(_number, np.frombuffer(text, np.uint8), letters, table, min_length, self._secret, *results)
            self.n_words = int(progress[WORDS])
            if how == FULL:
                self._double()
        return None if how == IRREGULAR_MET else (ids_t[: progress[TOKENS]].copy(), offsets_d)

    def text(self, first: int = 0) -> bytes:
        """Return the words from number `first` on, in UTF-8, each followed by WORD_END."""
        return self._letters[self._starts_w[first] : self._starts_w[self.n_words]].tobytes()

    def _double(self) -> None:
        """Double the table."""
        self._starts_w = _with_room(self._starts_w, len(self._starts_w), self.n_words)
        slots = np.zeros(2 * len(self._slots), np.uint64)
        call(_enter, self._slots, slots)
        self._slots = slots


def _with_room(array: npt.NDArray[Number], n_filled: int, n_more: int) -> npt.NDArray[Number]:
    """Return the array, or a copy of at least twice its length, with room for `n_more` more entries."""
    if n_filled + n_more <= len(array):
        return array
    longer = np.empty(max(n_filled + n_more, 2 * n_filled), array.dtype)
    longer[:n_filled] = array[:n_filled]
    return longer


@kernel
def _number(text_b, letters, table, min_length, secret, words_b, starts_w, slots, ids_t, offsets_d, progress):
    """Continue numbering tokens from `progress` and enter new words; return why it stops.

    Arrays do not grow here, and the search is not a separate function. For arrays that are assigned or passed on, Numba
    counts references at each token, which takes longer than everything else.
    """
    n_tokens, document, n_words = progress[TOKENS], progress[DOCUMENTS], progress[WORDS]
    start = end = starts_w[n_words]  # of the token, in `words_b`
    n_characters, bits, key = 0, _0, _0
    rest_b = text_b[progress[POSITION] :]
    secrets = secret[0], secret[1], secret[2], secret[3]
    mask = np.uint64(len(slots) - 2)  # slots begin at even places
    for position in range(len(rest_b)):
        letter = letters[rest_b[position]]
        if letter:
            bits, key = append(letter, end - start, bits, key, secrets)
            words_b[end] = letter
            end += _1
            n_characters += 1
            continue

        byte = rest_b[position]
        if 0x80 <= byte < 0xC0:
            continue  # read with the first byte of its character
        character = NO_TOKEN if byte == 0xFF else table[decode(rest_b, position)]
        if character >= 0:
            after = encode(character, words_b, end)
            while end < after:
                bits, key = append(words_b[end] or _NUL_IN_KEY, end - start, bits, key, secrets)
                end += _1
            n_characters += 1
            continue
        if character == IRREGULAR_CASE:
            return IRREGULAR_MET

        if n_characters >= min_length:
            mark = spread(hash_key(bits, key, secrets)) >> _1 << _33 | np.uint64(end - start > _8) << _32
            slot = mark >> _32 & mask
            while slots[slot + _1]:
                if slots[slot] == key and slots[slot + _1] & ~LOW_HALF == mark:
                    after = slots[slot + _1] & LOW_HALF  # where the next word starts
                    if end - start <= _8 or _same(words_b, starts_w[after - _1], starts_w[after] - _1, start, end):
                        break
                slot = slot + _2 & mask
            if not slots[slot + _1]:
                words_b[end] = _WORD_END
                start = end + _1
                n_words += 1
                starts_w[n_words] = start
                slots[slot] = key
                slots[slot + _1] = mark | np.uint64(n_words)
            ids_t[n_tokens] = np.int64(slots[slot + _1] & LOW_HALF) - 1
            n_tokens += 1
        end, n_characters, bits, key = start, 0, _0, _0
        if byte == 0xFF:
            document += 1
            offsets_d[document] = n_tokens
        is_full = n_words + 1 == len(starts_w)
        if is_full or position >= BYTES_PER_CALL:
            progress[POSITION] += position + 1
            progress[TOKENS], progress[DOCUMENTS], progress[WORDS] = n_tokens, document, n_words
            return FULL if is_full else PAUSED
    progress[TOKENS], progress[WORDS] = n_tokens, n_words
    return DONE


@kernel
def _same(words_b, first, last, start, end):
    """Tell whether ``words_b[first:last]`` equals ``words_b[start:end]``."""
    if last - first != end - start:
        return False
    while start < end:
        if words_b[first] != words_b[start]:
            return False
        first, start = first + _1, start + _1
    return True


@kernel
def _enter(slots, more_slots):
    """Enter all words into an empty table."""
    mask = np.uint64(len(more_slots) - 2)
    for place in range(0, len(slots), 2):
        mark = slots[place + 1]
        if mark:
            slot = mark >> _32 & mask
            while more_slots[slot + _1]:
                slot = slot + _2 & mask
            more_slots[slot] = slots[place]
            more_slots[slot + _1] = mark
