// The CUDA backend's loops. Each kernel names its twin in `_backends/reference.py`; the names of arrays end in their
// axes: w words, d components, t tokens, p places or pairs, c kept tokens (centres), o distances, k noise words.
//
// Everything is plain CUDA C++17 without includes, so that NVRTC compiles it as it stands, and so that a C++ compiler
// does, too, beside a header that defines CUDA's words (see tests/cuda).

typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

#define EVERY_LANE 0xffffffffu

// One block's memory, as much of it as the launch asks for.
extern __shared__ float4 shared_memory[];

// --- random numbers: see `_backends/randomness.py` -----------------------------------------------------------------

#define SUBSAMPLE_SLOT 0ull
#define WINDOW_SLOT 1ull
#define FIRST_NOISE_SLOT 2ull

__device__ inline u64 random_bits(u64 stream, u64 position, u64 slot) {
    u64 bits = stream + (position * 65536ull + slot) * 0x9E3779B97F4A7C15ull;
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9ull;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBull;
    return bits ^ (bits >> 31);
}

__device__ inline u32 high_half(u64 bits) { return (u32)(bits >> 32); }

__device__ inline u32 low_half(u64 bits) { return (u32)bits; }

__device__ inline u64 below(u64 bits, u64 bound) { return ((u64)high_half(bits) * bound) >> 32; }

__device__ inline i64 global_thread() { return (i64)blockIdx.x * blockDim.x + threadIdx.x; }

// --- counting: `count_pairs` ---------------------------------------------------------------------------------------

// A place and one of the 2 * window distances from it: whether they make a pair, and what it counts for.
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

// Add the pairs of some words' places to dense rows. Neighbouring threads read neighbouring tokens.
extern "C" __global__ void add_pairs(
    const i64* places_p, i64 n_places, const int* ids_t, const int* document_t, i64 n_tokens, const i64* weights_o,
    int window, i64 first_row, i64 n_words, u64* counts_rw) {
    const i64 index = global_thread();
    if (index >= n_places * 2 * window) return;
    const Pair pair = pair_of(index, places_p, ids_t, document_t, n_tokens, weights_o, window, first_row, n_words);
    if (pair.exists) atomicAdd(&counts_rw[pair.cell], (u64)pair.weight);
}

// Write the same pairs down, to be sorted; `n_cells` stands for no pair.
extern "C" __global__ void list_pairs(
    const i64* places_p, i64 n_places, const int* ids_t, const int* document_t, i64 n_tokens, const i64* weights_o,
    int window, i64 first_row, i64 n_words, i64 n_cells, i64* cells_p, i64* weights_p) {
    const i64 index = global_thread();
    if (index >= n_places * 2 * window) return;
    const Pair pair = pair_of(index, places_p, ids_t, document_t, n_tokens, weights_o, window, first_row, n_words);
    cells_p[index] = pair.exists ? pair.cell : n_cells;
    weights_p[index] = pair.weight;
}

// --- products: `matmat` --------------------------------------------------------------------------------------------

// A block a row and 32 columns; its warps share the row's entries. `indices` and `values` are broadcast to the lanes,
// which read 32 columns of a dense row in one transaction. Shared memory: 32 floats a warp.
extern "C" __global__ void csr_times_dense(
    const i64* indptr, const int* indices, const float* values, const float* dense_nb, int n_columns,
    float* product_nb) {
    float* sums = (float*)shared_memory;  // (n_warps, 32)
    const i64 row = blockIdx.x;
    const int column = blockIdx.y * 32 + threadIdx.x;
    float sum = 0;
    if (column < n_columns) {
#pragma unroll 4
        for (i64 entry = indptr[row] + threadIdx.y; entry < indptr[row + 1]; entry += blockDim.y)
            sum += values[entry] * dense_nb[(i64)indices[entry] * n_columns + column];
    }
    sums[threadIdx.y * 32 + threadIdx.x] = sum;
    __syncthreads();
    if (threadIdx.y == 0 && column < n_columns) {
        for (int warp = 1; warp < blockDim.y; ++warp) sum += sums[warp * 32 + threadIdx.x];
        product_nb[row * n_columns + column] = sum;
    }
}
