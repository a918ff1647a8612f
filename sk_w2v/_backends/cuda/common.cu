// What all kernels have before them. The names of arrays end in their axes: w words, d components, t tokens, p places or
// pairs, c kept tokens (centres), o distances, k noise words, n rows, b columns.
//
// Everything is plain CUDA C++17 without includes, so that NVRTC compiles it as it stands, and so that a C++ compiler
// does, too, behind a header that defines CUDA's words (see tests/cuda).

typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;

#define EVERY_LANE 0xffffffffu

// One block's memory, as much of it as the launch asks for.
extern __shared__ float4 shared_memory[];

__device__ inline i64 global_thread() { return (i64)blockIdx.x * blockDim.x + threadIdx.x; }
