// Runs the kernels of one file on small arrays, each as large as what it holds: a sanitizer sees whatever reaches beyond.
// The file's source stands before this one, and `cuda_shim.hpp` before that; a macro says which file it is.

template <class... Parameters, class... Arguments>
void run(void (*kernel)(Parameters...), uint3 grid, uint3 block, size_t shared_bytes, Arguments... arguments) {
    const unsigned grid_sizes[] = {grid.x, grid.y, grid.z}, block_sizes[] = {block.x, block.y, block.z};
    if (shim::launch(grid_sizes, block_sizes, shared_bytes, kernel, (Parameters)arguments...)) std::exit(3);
}

// Numbers that look random and are the same every time.
static u64 state = 1;
static u64 next_bits() { return (state = state * 6364136223846793005ull + 1442695040888963407ull) >> 24; }

template <class T> std::vector<T> numbers(size_t size, u64 bound) {
    std::vector<T> made(size);
    for (T& each : made) each = (T)(next_bits() % bound);
    return made;
}

static std::vector<float> vectors(size_t size) {
    std::vector<float> made(size);
    for (float& each : made) each = (float)(next_bits() % 1000) / 1000 - 0.5f;
    return made;
}

#if defined(products)

int main() {
    std::vector<i64> indptr = {0, 40, 40, 47};
    auto indices = numbers<int>(47, 3);
    auto values = vectors(47), dense = vectors(3 * 33);
    std::vector<float> product(3 * 33);
    run(csr_times_dense, {3, 2, 1}, {32, 2, 1}, 4 * 32 * 2, indptr.data(), indices.data(), values.data(), dense.data(), 33,
        product.data());
}

#elif defined(counting)

int main() {
    const i64 n_tokens = 20, n_words = 5, window = 3;
    auto ids = numbers<int>(n_tokens, n_words);
    std::vector<int> document(n_tokens, 0);
    for (int token = 12; token < n_tokens; ++token) document[token] = 1;
    std::vector<i64> places, weights = {3, 2, 1}, cells(n_tokens * 2 * window), listed(n_tokens * 2 * window);
    for (i64 token = 0; token < n_tokens; ++token) places.push_back(token);
    std::vector<u64> counts(n_words * n_words);
    run(add_pairs, {4, 1, 1}, {32, 1, 1}, 0, places.data(), n_tokens, ids.data(), document.data(), n_tokens,
        weights.data(), window, 0, n_words, counts.data());
    run(list_pairs, {4, 1, 1}, {32, 1, 1}, 0, places.data(), n_tokens, ids.data(), document.data(), n_tokens,
        weights.data(), window, 0, n_words, n_words * n_words, cells.data(), listed.data());
}

#elif defined(least_squares)

int main() {
    const int n_words = 3, width = 132, n_warps = 2;
    std::vector<i64> indptr = {0, 15, 15, 22};
    auto indices = numbers<int>(22, n_words);
    auto left = vectors(n_words * width), right = vectors(n_words * width), slopes = vectors(22), constants = vectors(22);
    std::vector<float> products(22), sums(n_words * width);
    run(multiply_pairs, {3, 1, 1}, {32, n_warps, 1}, 4 * width, indptr.data(), indices.data(), left.data(), right.data(),
        width, products.data());
    run(add_entries, {3, 1, 1}, {32, n_warps, 1}, 4 * width * (1 + n_warps), indptr.data(), indices.data(), slopes.data(),
        constants.data(), 1, left.data(), right.data(), width, sums.data());
}

#elif defined(draws)

int main() {
    const i64 n_tokens = 10, n_words = 5, window = 3, negative = 2;
    auto ids = numbers<int>(n_tokens, n_words);
    std::vector<u32> keep(n_words, 0xffffffffu), thresholds(n_words, 0x80000000u);
    auto alternatives = numbers<u32>(n_words, n_words);
    std::vector<u64> reach = {1ull << 32, 1ull << 31, 1ull << 30};
    auto marks = std::make_unique<bool[]>(n_tokens);
    run(mark_kept, {1, 1, 1}, {32, 1, 1}, 0, ids.data(), n_tokens, 0, keep.data(), 7, marks.get());
    std::vector<i64> kept;
    for (i64 token = 0; token < n_tokens; ++token)
        if (marks[token]) kept.push_back(token);
    std::vector<int> reaches(n_tokens), noise(n_tokens * negative);
    run(draw_windows, {1, 1, 1}, {32, 1, 1}, 0, kept.data(), n_tokens, 0, reach.data(), window, thresholds.data(),
        alternatives.data(), n_words, negative, 7, reaches.data(), noise.data());
}

#elif defined(sgns)

int main() {
    const i64 n_tokens = 10, n_words = 5, width = 144, negative = 2;
    auto ids = numbers<int>(n_tokens, n_words), noise = numbers<int>(n_tokens * negative, n_words);
    std::vector<int> reaches = {1, 3, 2, 1, 3, 3, 2, 1, 1, 3};
    std::vector<i64> kept, bounds = {0, 6, 6, n_tokens};
    for (i64 token = 0; token < n_tokens; ++token) kept.push_back(token);
    const size_t shared_bytes = 16 * (((INPUTS_IN_SHARED + 3) * width + 6 * 3 + 3) / 4);
    for (auto kernel : {train_untied, train_tied}) {
        auto words = vectors(n_words * width), contexts = vectors(n_words * width);
        float* outputs = kernel == train_untied ? contexts.data() : words.data();
        run(kernel, {3, 1, 1}, {32, 1, 1}, shared_bytes, words.data(), outputs, width, ids.data(), kept.data(),
            bounds.data(), n_tokens, 3, reaches.data(), noise.data(), negative, 0, 0.1, -0.001, 4);
    }
}

#endif
