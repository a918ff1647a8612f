// What CUDA C needs to be compiled by a C++20 compiler and run on a CPU: a kernel's source stands behind this header
// unchanged. A CUDA thread is a fiber of its own (quick), or with -DTHREADS a thread of the system (what sanitizers
// understand). Blocks run one after another. Shared memory begins as NaN, and what was not asked for is poisoned.
#pragma once

#include <atomic>
#include <barrier>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <thread>
#include <tuple>
#include <type_traits>
#include <vector>
#ifdef THREADS
#include <cstdlib>
#else
#include <csetjmp>
#include <ucontext.h>
#endif
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#endif

#define __global__
#define __device__
#define __forceinline__ inline
#define __shared__
#define __restrict__

struct uint3 { unsigned x, y, z; };
struct alignas(16) float4 { float x, y, z, w; };
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }

alignas(128) float4 shared_memory[(256 << 10) / sizeof(float4)];

namespace shim {

struct Group;

// One CUDA thread.
struct Lane {
    uint3 thread;
    unsigned linear;
    unsigned parity = 0;
    bool done = false;
#ifndef THREADS
    ucontext_t context;
    std::jmp_buf state;
    bool begun = false;
#endif
};

inline thread_local Lane* current = nullptr;
inline uint3 block_index, block_size, grid_size;
inline bool stuck = false;

#ifdef THREADS

// Threads that wait for each other.
struct Group {
    std::barrier<> all;
    explicit Group(unsigned size) : all(size) {}
    void wait() { all.arrive_and_wait(); }
};

#else

inline std::jmp_buf scheduler;
inline unsigned events;  // what has happened since the scheduler last looked: if nothing, nothing ever will

inline void yield() {
    if (_setjmp(current->state) == 0) _longjmp(scheduler, 1);
}

struct Group {
    unsigned size, arrived = 0, round = 0;
    explicit Group(unsigned size) : size(size) {}
    void wait() {
        const unsigned mine = round;
        if (++arrived == size) {
            arrived = 0, ++round, ++events;
            return;
        }
        while (round == mine) yield();
    }
};

#endif

// What the lanes of a warp share: two buffers, so that one barrier serves a shuffle.
struct Warp {
    Group lanes;
    uint64_t buffers[2][32];
    explicit Warp(unsigned size) : lanes(size) {}
};

struct Block {
    Group threads;
    std::vector<std::unique_ptr<Warp>> warps;
    explicit Block(unsigned size) : threads(size) {
        for (unsigned first = 0; first < size; first += 32)
            warps.push_back(std::make_unique<Warp>(size - first < 32 ? size - first : 32));
    }
};

inline Block* block = nullptr;
inline std::function<void()> kernel;

inline Warp& warp() { return *block->warps[current->linear / 32]; }

template <class T> T exchange(T value, unsigned source) {
    static_assert(sizeof(T) <= 8);
    Warp& mine = warp();
    auto& buffer = mine.buffers[current->parity ^= 1];
    std::memcpy(&buffer[current->linear % 32], &value, sizeof(T));
    mine.lanes.wait();
    std::memcpy(&value, &buffer[source % 32], sizeof(T));
    return value;
}

#ifdef THREADS

inline void run_block(std::vector<Lane>& lanes) {
    std::vector<std::thread> threads;
    for (Lane& lane : lanes)
        threads.emplace_back([&lane] {
            current = &lane;
            kernel();
        });
    for (std::thread& thread : threads) thread.join();
}

#else

inline void begin_fiber() {
    kernel();
    current->done = true;
    ++events;
    _longjmp(scheduler, 1);
}

inline char* stack_of(unsigned linear) {
    static std::vector<std::unique_ptr<char[]>> stacks;
    while (stacks.size() <= linear) stacks.push_back(std::make_unique<char[]>(64 << 10));
    return stacks[linear].get();
}

inline void resume(Lane& lane) {
    current = &lane;
    if (_setjmp(scheduler) != 0) return;
    if (lane.begun) _longjmp(lane.state, 1);
    lane.begun = true;
    getcontext(&lane.context);
    lane.context.uc_stack.ss_sp = stack_of(lane.linear);
    lane.context.uc_stack.ss_size = 64 << 10;
    makecontext(&lane.context, begin_fiber, 0);
    setcontext(&lane.context);
}

inline void run_block(std::vector<Lane>& lanes) {
    for (size_t left = lanes.size(); left > 0;) {
        events = 0;
        for (Lane& lane : lanes) {
            if (lane.done) continue;
            resume(lane);
            left -= lane.done;
        }
        if (events == 0) {
            stuck = true;  // a barrier or a shuffle that some threads never reach
            return;
        }
    }
}

#endif

inline void clear_shared(size_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
    ASAN_UNPOISON_MEMORY_REGION(shared_memory, sizeof(shared_memory));
    ASAN_POISON_MEMORY_REGION((char*)shared_memory + bytes, sizeof(shared_memory) - bytes);
#endif
    std::memset((void*)shared_memory, 0xff, bytes);
}

// Run a kernel; return 0, or 1 if its threads wait for each other for ever, or 2 if it asks for too much.
template <class... Parameters, class... Arguments>
int launch(const unsigned* grid, const unsigned* size, size_t shared_bytes, void (*function)(Parameters...),
           Arguments... arguments) {
    const unsigned n_threads = size[0] * size[1] * size[2];
    if (n_threads == 0 || n_threads > 1024 || shared_bytes > sizeof(shared_memory)) return 2;
    grid_size = {grid[0], grid[1], grid[2]}, block_size = {size[0], size[1], size[2]};
    kernel = [=] { function(arguments...); };
    stuck = false;
    std::vector<Lane> fresh(n_threads);
    for (unsigned i = 0; i < n_threads; ++i)
        fresh[i].thread = {i % size[0], i / size[0] % size[1], i / (size[0] * size[1])}, fresh[i].linear = i;
    for (unsigned z = 0; z < grid[2]; ++z)
        for (unsigned y = 0; y < grid[1]; ++y)
            for (unsigned x = 0; x < grid[0] && !stuck; ++x) {
                Block present(n_threads);
                block = &present, block_index = {x, y, z};
                clear_shared(shared_bytes);
                for (Lane& lane : fresh) {
                    lane.parity = 0, lane.done = false;
#ifndef THREADS
                    lane.begun = false;
#endif
                }
                run_block(fresh);
            }
    return stuck ? 1 : 0;
}

// What a caller must know of a parameter: its size, of a pointer what it points to, and the kind of number.
template <class T> constexpr char kind_of() {
    return std::is_floating_point_v<T> || std::is_same_v<T, float4> ? 'f' : 'i';
}

template <class T> std::tuple<bool, size_t, char> describe() {
    if constexpr (std::is_pointer_v<T>) {
        using Item = std::remove_cv_t<std::remove_pointer_t<T>>;
        return {true, sizeof(Item), kind_of<Item>()};
    } else {
        return {false, sizeof(T), kind_of<T>()};
    }
}

template <class... Parameters> int describe_all(void (*)(Parameters...), int* described) {
    int count = 0;
    for (auto [pointer, size, kind] : {describe<Parameters>()...})
        described[count++] = pointer, described[count++] = (int)size, described[count++] = kind;
    return count / 3;
}

template <class... Parameters, size_t... I>
int call(void (*function)(Parameters...), const unsigned* grid, const unsigned* size, size_t shared_bytes,
         void** arguments, std::index_sequence<I...>) {
    return launch(grid, size, shared_bytes, function, *(Parameters*)arguments[I]...);
}

template <class... Parameters>
int call(void (*function)(Parameters...), const unsigned* grid, const unsigned* size, size_t shared_bytes,
         void** arguments) {
    return call(function, grid, size, shared_bytes, arguments, std::index_sequence_for<Parameters...>{});
}

}  // namespace shim

#define EXPORT_KERNEL(name)                                                                                      \
    extern "C" int launch_##name(const unsigned* grid, const unsigned* size, size_t shared_bytes, void** values) { \
        return shim::call(name, grid, size, shared_bytes, values);                                               \
    }                                                                                                            \
    extern "C" int describe_##name(int* described) { return shim::describe_all(name, described); }

#define threadIdx (shim::current->thread)
#define blockIdx (shim::block_index)
#define blockDim (shim::block_size)
#define gridDim (shim::grid_size)

inline void __syncthreads() { shim::block->threads.wait(); }
inline void __syncwarp(unsigned = 0xffffffffu) { shim::warp().lanes.wait(); }
template <class T> T __shfl_sync(unsigned, T value, int source) { return shim::exchange(value, source); }
template <class T> T __shfl_xor_sync(unsigned, T value, int mask) {
    return shim::exchange(value, (shim::current->linear % 32) ^ mask);
}
template <class T> T __ldg(const T* address) { return *address; }
template <class T> T __ldcg(const T* address) { return *address; }
inline float __expf(float x) { return std::exp(x); }
using std::abs, std::min, std::max;

template <class T> T atomicAdd(T* address, T value) {
    return std::atomic_ref<T>(*address).fetch_add(value, std::memory_order_relaxed);
}
