// Counting pairs: `reference.count_pairs`.

// A position and one of the 2 * window distances from it: whether they make a pair, and the weight of the pair.
struct Pair {
    bool exists;
    i64 cell;    // (row - first_row) * n_words + column
    i64 weight;
};

__device__ inline Pair pair_of(
    i64 index, const i64* places_p, const int* ids_t, const int* document_t, i64 n_tokens, const i64* weights_o,
    int window, i64 first_row, i64 n_words) {
    const int slot = (int)(index % (2 * window));
    const int distance = slot < window ? slot - window : slot - window + 1;
    const i64 center = places_p[index / (2 * window)], other = center + distance;
    if (other < 0 || other >= n_tokens || document_t[other] != document_t[center]) return {false, 0, 0};
    return {true, (ids_t[center] - first_row) * n_words + ids_t[other], weights_o[abs(distance) - 1]};
}

// Add the pairs of some words' positions to dense rows. Neighboring threads read neighboring tokens.
extern "C" __global__ void add_pairs(
    const i64* places_p, i64 n_places, const int* ids_t, const int* document_t, i64 n_tokens, const i64* weights_o,
    int window, i64 first_row, i64 n_words, u64* counts_rw) {
    const i64 index = global_thread();
    if (index >= n_places * 2 * window) return;
    const Pair pair = pair_of(index, places_p, ids_t, document_t, n_tokens, weights_o, window, first_row, n_words);
    if (pair.exists) atomicAdd(&counts_rw[pair.cell], (u64)pair.weight);
}

// List the same pairs, to be sorted; the cell `n_cells` means no pair.
extern "C" __global__ void list_pairs(
    const i64* places_p, i64 n_places, const int* ids_t, const int* document_t, i64 n_tokens, const i64* weights_o,
    int window, i64 first_row, i64 n_words, i64 n_cells, i64* cells_p, i64* weights_p) {
    const i64 index = global_thread();
    if (index >= n_places * 2 * window) return;
    const Pair pair = pair_of(index, places_p, ids_t, document_t, n_tokens, weights_o, window, first_row, n_words);
    cells_p[index] = pair.exists ? pair.cell : n_cells;
    weights_p[index] = pair.weight;
}
