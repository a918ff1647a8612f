// Products at observed pairs and the sparse part of least squares: `reference.pair_products`, `reference.solve_rows`.

#define ROWS_AT_ONCE 4  // rows that are loaded at once

// Four entries of a row, from `first` on; beyond the end of the row the last one is repeated.
struct Entries {
    i64 first, end;
    __device__ bool holds(int which) const { return first + which < end; }
    __device__ i64 entry(int which) const { return holds(which) ? first + which : end - 1; }
};

// Products of four rows with a vector in shared memory; that of row `which` is in lane 8 * which.
__device__ inline float products_with(
    const float* vector_d, const float* rows_wd, const int* indices, Entries entries, int width, int lane) {
    const float* rows[ROWS_AT_ONCE];
#pragma unroll
    for (int i = 0; i < ROWS_AT_ONCE; ++i) rows[i] = rows_wd + (i64)indices[entries.entry(i)] * width;
    float sums[ROWS_AT_ONCE] = {};
#pragma unroll 1
    for (int column = 4 * lane; column < width; column += 128) {
        const float4 part = *(const float4*)(vector_d + column);
#pragma unroll
        for (int i = 0; i < ROWS_AT_ONCE; ++i) sums[i] += dot(part, __ldg((const float4*)(rows[i] + column)));
    }
    add_across_lanes<ROWS_AT_ONCE>(sums, lane);
    return sums[0];
}

// The threads of a block copy a row to shared memory.
__device__ inline void copy_to_shared(float* copy_d, const float* row_d, int width) {
    const int n_threads = blockDim.x * blockDim.y;
    for (int column = threadIdx.y * blockDim.x + threadIdx.x; column < width; column += n_threads)
        copy_d[column] = row_d[column];
    __syncthreads();
}

// One block per row; its warps share the entries. Shared memory: one vector.
extern "C" __global__ void multiply_pairs(
    const i64* indptr, const int* indices, const float* left_wd, const float* right_wd, int width, float* products_p) {
    float* vector_d = (float*)shared_memory;
    const i64 row = blockIdx.x;
    const int lane = threadIdx.x;
    copy_to_shared(vector_d, left_wd + row * width, width);
    for (i64 first = indptr[row] + ROWS_AT_ONCE * threadIdx.y; first < indptr[row + 1];
         first += ROWS_AT_ONCE * blockDim.y) {
        const Entries entries = {first, indptr[row + 1]};
        const float product = products_with(vector_d, right_wd, indices, entries, width, lane);
        if (lane % 8 == 0 && entries.holds(lane / 8)) products_p[first + lane / 8] = product;
    }
}

// For each row, sum_e (share * constants[e] + slopes[e] * x_e) o_e over its entries e, where x_e is the product of the
// entry's row o_e and the row's vector. One block per row; shared memory: one vector, and one more for each warp.
extern "C" __global__ void add_entries(
    const i64* indptr, const int* indices, const float* slopes_p, const float* constants_p, float share,
    const float* vectors_wd, const float* others_wd, int width, float* sums_wd) {
    float* vector_d = (float*)shared_memory;
    float* sum_d = vector_d + (1 + threadIdx.y) * width;
    const i64 row = blockIdx.x;
    const int lane = threadIdx.x;
    for (int column = 4 * lane; column < width; column += 128) *(float4*)(sum_d + column) = make_float4(0, 0, 0, 0);
    copy_to_shared(vector_d, vectors_wd + row * width, width);
    for (i64 first = indptr[row] + ROWS_AT_ONCE * threadIdx.y; first < indptr[row + 1];
         first += ROWS_AT_ONCE * blockDim.y) {
        const Entries entries = {first, indptr[row + 1]};
        const float product = products_with(vector_d, others_wd, indices, entries, width, lane);
        float weights[ROWS_AT_ONCE];
#pragma unroll
        for (int i = 0; i < ROWS_AT_ONCE; ++i) {
            const i64 entry = entries.entry(i);
            const float x = __shfl_sync(EVERY_LANE, product, 8 * i);
            weights[i] = entries.holds(i) ? share * constants_p[entry] + slopes_p[entry] * x : 0.0f;
        }
#pragma unroll 1
        for (int column = 4 * lane; column < width; column += 128) {
            float4 sum = *(float4*)(sum_d + column);
#pragma unroll
            for (int i = 0; i < ROWS_AT_ONCE; ++i)
                add_scaled(sum, weights[i], __ldg((const float4*)(others_wd + (i64)indices[entries.entry(i)] * width + column)));
            *(float4*)(sum_d + column) = sum;
        }
    }
    __syncthreads();
    const int n_threads = blockDim.x * blockDim.y;
    for (int column = threadIdx.y * blockDim.x + threadIdx.x; column < width; column += n_threads) {
        float sum = 0;
        for (int warp = 1; warp <= blockDim.y; ++warp) sum += vector_d[warp * width + column];
        sums_wd[row * width + column] = sum;
    }
}
