// The common part of all kernels. The names of arrays end in their axes: w words, d components, t tokens, p positions
// or pairs, c kept tokens (centers), o distances, k noise words, n rows, b columns.
//
// Everything is plain CUDA C++17 without includes, so NVRTC compiles it unchanged. A C++ compiler does, too, after a
// header that defines CUDA's keywords (see tests/cuda).

typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

#define EVERY_LANE 0xffffffffu

// The shared memory of a block; the launch sets its size.
extern __shared__ float4 shared_memory[];

__device__ inline i64 global_thread() { return (i64)blockIdx.x * blockDim.x + threadIdx.x; }

__device__ inline float dot(float4 a, float4 b) { return a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w; }

__device__ inline void add_scaled(float4& sum, float scale, float4 vector) {
    sum.x += scale * vector.x;
    sum.y += scale * vector.y;
    sum.z += scale * vector.z;
    sum.w += scale * vector.w;
}

// Sum each of N numbers over the lanes. Each lane ends with one sum, in sums[0], and the function returns which. All N
// sums take N exchanges; separate sums would take 5 N. Lanes `kDistance` apart exchange first.
template <int N, int kDistance = 16, int kSize>
__device__ inline int add_across_lanes(float (&sums)[kSize], int lane) {
    if constexpr (kDistance == 0) {
        return 0;
    } else if constexpr (N == 1) {
        sums[0] += __shfl_xor_sync(EVERY_LANE, sums[0], kDistance);
        return add_across_lanes<1, kDistance / 2>(sums, lane);
    } else {
        const bool upper = (lane & kDistance) != 0;
#pragma unroll
        for (int i = 0; i < N / 2; ++i) {
            const float given = upper ? sums[i] : sums[i + N / 2];
            const float kept = upper ? sums[i + N / 2] : sums[i];
            sums[i] = kept + __shfl_xor_sync(EVERY_LANE, given, kDistance);
        }
        return (upper ? N / 2 : 0) + add_across_lanes<N / 2, kDistance / 2>(sums, lane);
    }
}
