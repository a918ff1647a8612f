// Training: the steps of `reference.train_tokens`.

// Add to four numbers in memory that other warps update, too; no update is lost.
__device__ inline void add_to(float* address, float4 move) {
#if defined(__CUDA_ARCH__) && __CUDA_ARCH__ >= 900
    atomicAdd((float4*)address, move);
#else
    atomicAdd(address, move.x);
    atomicAdd(address + 1, move.y);
    atomicAdd(address + 2, move.z);
    atomicAdd(address + 3, move.w);
#endif
}

// The derivative of the loss of a negative pair by its product, see `LINKS` in sgns.py.
#ifndef LINK
#define LINK(x) (1.0f / (1.0f + __expf(-(x))))
#endif

// The arguments of a pass over a chunk.
struct Pass {
    float *words_wd, *contexts_wd;
    int width;           // of a row: a multiple of 16; zeros beyond the components
    const int* ids_t;
    const i64 *kept_c, *bounds_d;  // kept tokens, and the start of each document in them
    i64 n_kept;
    int n_documents;
    const int *reach_c, *noise_ck;
    int negative;
};

// A lane handles the columns 4 lane, 4 lane + 128, ... of every row. The launch sets how many such parts of the inputs
// a lane keeps in registers; 0 is for rows that are too wide, whose inputs are in shared memory.
#ifndef PARTS_IN_REGISTERS
#define PARTS_IN_REGISTERS 1
#endif
#define MOST_INPUTS 4  // words of a window that take a step together
#define INPUTS_IN_SHARED (PARTS_IN_REGISTERS > 0 ? 0 : MOST_INPUTS)
#define OUTPUTS_AT_ONCE 8  // outputs whose products with four inputs give one sum per lane

// A warp's part of shared memory. Each lane reads and writes only its columns of the vectors.
struct Window {
    float* inputs;     // (INPUTS_IN_SHARED, width)
    float* outputs;    // (1 + negative, width)
    float* gradients;  // (1 + negative, MOST_INPUTS)
    int* words;        // (1 + negative,)  the center, and its noise words
    int* firsts;       // (1 + negative,)  the first slot with the same word, whose vector is used
    int n_outputs, lane;
    float rate;
};

__device__ inline Window window_of_warp(const Pass& pass) {
    const int n_outputs = 1 + pass.negative;
    const int floats = (INPUTS_IN_SHARED + n_outputs) * pass.width + (MOST_INPUTS + 2) * n_outputs;
    float* first = (float*)shared_memory + (threadIdx.x / 32) * ((floats + 3) / 4 * 4);
    Window window;
    window.inputs = first;
    window.outputs = window.inputs + INPUTS_IN_SHARED * pass.width;
    window.gradients = window.outputs + n_outputs * pass.width;
    window.words = (int*)(window.gradients + MOST_INPUTS * n_outputs);
    window.firsts = window.words + n_outputs;
    window.n_outputs = n_outputs;
    window.lane = threadIdx.x % 32;
    return window;
}

__device__ inline void find_outputs(const Pass& pass, const Window& window, i64 center) {
    const int target = pass.ids_t[pass.kept_c[center]];
    for (int slot = window.lane; slot < window.n_outputs; slot += 32)
        window.words[slot] = slot == 0 ? target : pass.noise_ck[center * pass.negative + slot - 1];
    __syncwarp();
    for (int slot = window.lane; slot < window.n_outputs; slot += 32) {
        int first = 0;
        while (window.words[first] != window.words[slot]) ++first;
        window.firsts[slot] = first;
    }
    __syncwarp();
}

// Copy a lane's columns of COUNT rows. All loads are issued before the first result is used.
template <int COUNT>
__device__ inline void copy_rows(float* copies, const float* rows_wd, const int* words, int width, int lane) {
    for (int column = 4 * lane; column < width; column += 128) {
        float4 parts[COUNT];
#pragma unroll
        for (int i = 0; i < COUNT; ++i) parts[i] = __ldcg((const float4*)(rows_wd + (i64)words[i] * width + column));
#pragma unroll
        for (int i = 0; i < COUNT; ++i) *(float4*)(copies + i * width + column) = parts[i];
    }
}

__device__ inline void load_outputs(const Pass& pass, const Window& window) {
    int slot = 0;
    for (; slot + 3 <= window.n_outputs; slot += 3)
        copy_rows<3>(window.outputs + slot * pass.width, pass.contexts_wd, window.words + slot, pass.width, window.lane);
    for (; slot < window.n_outputs; ++slot)
        copy_rows<1>(window.outputs + slot * pass.width, pass.contexts_wd, window.words + slot, pass.width, window.lane);
}

// A noise word that equals the center is skipped.
__device__ inline bool is_noise_of_itself(const Window& window, int slot) {
    return slot > 0 && window.words[slot] == window.words[0];
}

// A lane's columns of the N inputs of a step, before the step.
#if PARTS_IN_REGISTERS > 0

template <int N>
struct Inputs {
    float4 parts[PARTS_IN_REGISTERS][N];

    __device__ inline void load(const Pass& pass, const Window& window, const int (&words)[N]) {
#pragma unroll
        for (int part = 0; part < PARTS_IN_REGISTERS; ++part) {
            const int column = 4 * window.lane + 128 * part;
#pragma unroll
            for (int i = 0; i < N; ++i) {
                const float* row = pass.words_wd + (i64)words[i] * pass.width;
                parts[part][i] = column < pass.width ? __ldcg((const float4*)(row + column)) : make_float4(0, 0, 0, 0);
            }
        }
    }

    __device__ inline float4 get(const Pass&, const Window&, int part, int i) const { return parts[part][i]; }
};

__device__ inline constexpr int n_parts(const Pass&) { return PARTS_IN_REGISTERS; }

#else

template <int N>
struct Inputs {
    __device__ inline void load(const Pass& pass, const Window& window, const int (&words)[N]) {
        copy_rows<N>(window.inputs, pass.words_wd, words, pass.width, window.lane);
    }

    __device__ inline float4 get(const Pass& pass, const Window& window, int part, int i) const {
        return *(float4*)(window.inputs + i * pass.width + 4 * window.lane + 128 * part);
    }
};

__device__ inline int n_parts(const Pass& pass) { return (pass.width + 127) / 128; }

#endif

// Compute the products of N inputs with all outputs, and from them the gradient of each pair.
template <int N>
__device__ inline void find_gradients(const Pass& pass, const Window& window, const Inputs<N>& inputs) {
    for (int tile = 0; tile < window.n_outputs; tile += OUTPUTS_AT_ONCE) {
        float sums[OUTPUTS_AT_ONCE * N] = {};
#pragma unroll
        for (int part = 0; part < n_parts(pass); ++part) {
            const int column = 4 * window.lane + 128 * part;
            if (column >= pass.width) continue;
#pragma unroll
            for (int o = 0; o < OUTPUTS_AT_ONCE; ++o) {
                const int slot = min(tile + o, window.n_outputs - 1);  // products beyond the last output are ignored
                const float4 output = *(float4*)(window.outputs + window.firsts[slot] * pass.width + column);
#pragma unroll
                for (int i = 0; i < N; ++i) sums[o * N + i] += dot(inputs.get(pass, window, part, i), output);
            }
        }
        const int which = add_across_lanes<OUTPUTS_AT_ONCE * N>(sums, window.lane);
        const int slot = tile + which / N;
        const bool leads = window.lane % (32 / (OUTPUTS_AT_ONCE * N)) == 0;
        if (leads && slot < window.n_outputs)
            window.gradients[slot * N + which % N] = window.rate * ((slot == 0) - LINK(sums[0]));
    }
}

// N words of the window take a step against all outputs, as defined by `reference.sgns.gradient_step`.
template <bool kTied, int N>
__device__ inline void take_step(const Pass& pass, const Window& window, const int (&words)[N]) {
    if (kTied) load_outputs(pass, window);  // an earlier step may have updated them as inputs
    Inputs<N> inputs;
    inputs.load(pass, window, words);
    find_gradients<N>(pass, window, inputs);
    __syncwarp();
#pragma unroll
    for (int part = 0; part < n_parts(pass); ++part) {
        const int column = 4 * window.lane + 128 * part;
        if (column >= pass.width) break;
        float4 moves[N];
#pragma unroll
        for (int i = 0; i < N; ++i) moves[i] = make_float4(0, 0, 0, 0);
        for (int slot = 0; slot < window.n_outputs; ++slot) {
            if (is_noise_of_itself(window, slot)) continue;
            float4& output = *(float4*)(window.outputs + window.firsts[slot] * pass.width + column);
            float4 value = output, move = make_float4(0, 0, 0, 0);
#pragma unroll
            for (int i = 0; i < N; ++i) {
                const float gradient = window.gradients[slot * N + i];
                add_scaled(moves[i], gradient, value);
                add_scaled(move, gradient, inputs.get(pass, window, part, i));
            }
            add_scaled(value, 1, move);
            output = value;
            add_to(pass.contexts_wd + (i64)window.words[slot] * pass.width + column, move);
        }
#pragma unroll
        for (int i = 0; i < N; ++i) add_to(pass.words_wd + (i64)words[i] * pass.width + column, moves[i]);
    }
    __syncwarp();  // all lanes have read the gradients and the words
}

// Take a step of the next N words of the window, without the center.
template <bool kTied, int N>
__device__ inline void take_next(const Pass& pass, const Window& window, i64 center, i64& neighbor) {
    int words[N];
#pragma unroll
    for (int i = 0; i < N; ++i) {
        neighbor += neighbor == center;
        words[i] = pass.ids_t[pass.kept_c[neighbor++]];
    }
    take_step<kTied>(pass, window, words);
}

__device__ inline int document_of(const Pass& pass, i64 center) {
    int first = 0, end = pass.n_documents;  // the last document that begins at or before the center
    while (end - first > 1) {
        const int middle = first + (end - first) / 2;
        if (pass.bounds_d[middle] <= center) first = middle;
        else end = middle;
    }
    return first;
}

// A warp trains `n_centers` tokens one after another; all its lanes have the same control flow.
template <bool kTied>
__device__ inline void train(
    const Pass& pass, i64 first_position, double first_rate, double rate_slope, int n_centers) {
    Window window = window_of_warp(pass);
    const i64 first_center = ((i64)blockIdx.x * (blockDim.x / 32) + threadIdx.x / 32) * n_centers;
    const i64 end_center = min(first_center + n_centers, pass.n_kept);
    if (first_center >= end_center) return;
    int document = document_of(pass, first_center);
    for (i64 center = first_center; center < end_center; ++center) {
        while (pass.bounds_d[document + 1] <= center) ++document;
        const i64 reach = pass.reach_c[center];
        const i64 first = max(pass.bounds_d[document], center - reach);
        const i64 end = min(pass.bounds_d[document + 1], center + reach + 1);
        if (end - first < 2) continue;
        window.rate = (float)(first_rate + rate_slope * (double)(first_position + pass.kept_c[center]));
        find_outputs(pass, window, center);
        if (!kTied) load_outputs(pass, window);
        i64 neighbor = first, left = end - first - 1;
        for (; left >= 4; left -= 4) take_next<kTied, 4>(pass, window, center, neighbor);
        if (left >= 2) take_next<kTied, 2>(pass, window, center, neighbor);
        if (left % 2) take_next<kTied, 1>(pass, window, center, neighbor);
    }
}

#define TRAINING_PARAMETERS                                                                                       \
    float *words_wd, float *contexts_wd, int width, const int *ids_t, const i64 *kept_c, const i64 *bounds_d,     \
        i64 n_kept, int n_documents, const int *reach_c, const int *noise_ck, int negative, i64 first_position,   \
        double first_rate, double rate_slope, int n_centers

#define TRAINING_ARGUMENTS                                                                                        \
    Pass{words_wd, contexts_wd, width, ids_t, kept_c, bounds_d, n_kept, n_documents, reach_c, noise_ck, negative}, \
        first_position, first_rate, rate_slope, n_centers

extern "C" __global__ void train_untied(TRAINING_PARAMETERS) { train<false>(TRAINING_ARGUMENTS); }

extern "C" __global__ void train_tied(TRAINING_PARAMETERS) { train<true>(TRAINING_ARGUMENTS); }
