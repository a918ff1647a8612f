// Sparse times dense: `reference.matmat`.

// One block per row and 32 columns; its warps share the entries of the row. `indices` and `values` are broadcast to the
// lanes, which read 32 columns of a dense row in one transaction. Shared memory: 32 floats per warp.
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
