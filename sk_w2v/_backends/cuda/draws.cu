// The draws of training: `reference.train_tokens`, with the random numbers of `_backends/randomness.py`.

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

// Mark the kept tokens of a chunk; `first_position` is the position of its first token in the corpus.
extern "C" __global__ void mark_kept(
    const int* ids_t, i64 n_tokens, i64 first_position, const u32* keep_w, u64 stream, bool* kept_t) {
    const i64 token = global_thread();
    if (token >= n_tokens) return;
    const u64 bits = random_bits(stream, (u64)(first_position + token), SUBSAMPLE_SLOT);
    kept_t[token] = low_half(bits) <= keep_w[ids_t[token]];
}

// Draw the reach of each kept token's window, and its noise words.
extern "C" __global__ void draw_windows(
    const i64* kept_c, i64 n_kept, i64 first_position, const u64* reach_o, int window, const u32* thresholds_w,
    const u32* alternatives_w, u64 n_words, int negative, u64 stream, int* reach_c, int* noise_ck) {
    const i64 center = global_thread();
    if (center >= n_kept) return;
    const u64 position = (u64)(first_position + kept_c[center]);
    const u32 draw = high_half(random_bits(stream, position, WINDOW_SLOT));
    int reach = 1;
    while (reach < window && draw < reach_o[reach]) ++reach;
    reach_c[center] = reach;
    for (int slot = 0; slot < negative; ++slot) {
        const u64 bits = random_bits(stream, position, FIRST_NOISE_SLOT + slot);
        const u64 cell = below(bits, n_words);
        noise_ck[center * negative + slot] = (int)(low_half(bits) < thresholds_w[cell] ? cell : alternatives_w[cell]);
    }
}
