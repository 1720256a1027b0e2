/* The inner loops of compiled models, for processors that a build of this file is there for.

   Everything here has a twin in NumPy, which does the work elsewhere and says what things mean: AllTrees,
   TreeInputs, TreeTables, TreeGraph, Dense and Columns. Built by scripts/native.py. No memory is taken and
   nothing global is written, so any number of threads may be in here at once. */

#include <stdint.h>
#include <string.h>

double exp(double);
double expm1(double);
double log(double);
double sqrt(double);
double tanh(double);

/* What is made for newer processors, too, does the same operations in the same order: the same numbers. */
#define INLINE static inline __attribute__((always_inline))
#if defined(__x86_64__) && !defined(BASELINE)
#define NEWER __attribute__((target("avx2,bmi"))) static
#define IS_NEWER (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi"))
#else
#define NEWER static
#define IS_NEWER 0
#endif

static const char mark[] = SOURCE_MARK;

const char *litmus_source(void) { return mark; }

/* n rows of features, and of answers that earlier steps gave. */
typedef struct {
    int64_t n_rows, n_numbers, n_tokens, n_categories;
    const double *numbers;
    const uint8_t *tokens;
    const int32_t *categories;
    const double *answers;
} Rows;

/* What trees read, as ranks: TreeInputs. */

typedef struct {
    int64_t n_numbers, n_categories, n_tokens, n_answers, n_axes;
    const int64_t *places; /* of numbers; those of answers from n_numbers - n_answers on */
    const int64_t *ends;   /* where a number's cuts end */
    const double *cuts;
    const int64_t *categories;
    const int64_t *last_codes;
    const int64_t *tokens;
} Inputs;

enum { GROUP = 6 };

INLINE int64_t n_below(const double *cuts, int64_t n, double value) {
    const double *first = cuts;
    while (n > 0) {
        int64_t half = n / 2;
        int below = first[half] < value;
        first = below ? first + half + 1 : first;
        n = below ? n - half - 1 : half;
    }
    return first - cuts;
}

/* A code beyond the known ones, which the last stands for, or none at all. */
INLINE int64_t known(int64_t code, int64_t last) { return code < 0 || code > last ? last : code; }

static void rank(const Inputs *in, const Rows *of, int64_t row, int64_t *ranks) {
    int64_t start = 0, n_plain = in->n_numbers - in->n_answers;
    for (int64_t at = 0; at < in->n_numbers; at++) {
        int64_t n_cuts = in->ends[at] - start;
        double value = at < n_plain ? of->numbers[row * of->n_numbers + in->places[at]]
                                    : of->answers[row * in->n_answers + at - n_plain];
        *ranks++ = value != value ? n_cuts + 1 : n_below(in->cuts + start, n_cuts, value);
        start = in->ends[at];
    }
    for (int64_t at = 0; at < in->n_categories; at++) {
        *ranks++ = known(of->categories[row * of->n_categories + in->categories[at]], in->last_codes[at]);
    }
    for (int64_t at = 0; at < in->n_tokens; at++) {
        int64_t bit = at % GROUP, told = of->tokens[row * of->n_tokens + in->tokens[at]] != 0;
        if (bit == 0) *ranks++ = 0;
        ranks[-1] += told << bit;
    }
    if (in->n_numbers + in->n_categories + in->n_tokens == 0) *ranks = 0;
}

/* Small trees: TreeTables. */

typedef struct {
    int64_t n_axes, n_blocks, n_singles, n_single_trees;
    const int64_t *start;        /* (axes,) where an axis's ranks begin in level */
    const int32_t *level;        /* which row of rows a rank is */
    const int32_t *rows;         /* (levels, blocks) rows of table */
    const uint64_t *table;       /* (rows, WORDS) */
    const int64_t *width;        /* (blocks,) bytes of a word: 8 and 4 have a bit a leaf, 2 and 1 a bit a level */
    const int64_t *bias;         /* (blocks,) what words of 2 and 1 bytes say of their first leaf */
    const int64_t *first;        /* (slots,) where a slot's leaves begin */
    const int64_t *pieces;       /* (pieces, 5) slots of a block: first, end (both in the block), first of all slots,
                                    output, and whose leaves: values[at], or those of singles where it is -1 */
    const int64_t *pieces_end;   /* (blocks,) */
    const double *const *values; /* leaves; first of those of one value */
    const int64_t *n_values;     /* values a leaf of each */
    const int64_t *turn;         /* (slots,) place among n_single_trees, one output after the other; slots without a
                                    tree have the last */
    const int64_t *singles;      /* (singles, 2) output, trees */
    const float *bases;
} Tables;

enum { WORDS = 32 };

typedef uint64_t Wide __attribute__((vector_size(32), aligned(8), may_alias));
typedef uint32_t Fours __attribute__((may_alias));
typedef uint16_t Twos __attribute__((may_alias));

/* Say where the axes' rows of a block are, and have them fetched. */
INLINE void find(const Tables *t, const int64_t *level, int64_t block, const uint64_t **rows) {
    for (int64_t axis = 0; axis < t->n_axes; axis++) {
        rows[axis] = t->table + (int64_t)t->rows[level[axis] * t->n_blocks + block] * WORDS;
        for (int64_t at = 0; at < WORDS; at += 8) __builtin_prefetch(rows[axis] + at);
    }
}

INLINE int64_t over(int64_t value, int64_t bias) { return value > bias ? value - bias : 0; }

/* Write which leaf each of a block's trees came to, counted from its first: whatever the words are, one of its own. */
INLINE void look_up(const Tables *t, int64_t block, const uint64_t **rows, int64_t *leaf) {
    Wide wide[WORDS / 4];
    for (int64_t at = 0; at < WORDS / 4; at++) wide[at] = ((const Wide *)rows[0])[at];
    for (int64_t axis = 1; axis < t->n_axes; axis++)
        for (int64_t at = 0; at < WORDS / 4; at++) wide[at] &= ((const Wide *)rows[axis])[at];
    uint64_t left[WORDS];
    memcpy(left, wide, sizeof left);
    int64_t width = t->width[block], bias = t->bias[block], n_slots = WORDS * 8 / width;
    const Fours *fours = (const Fours *)left;
    const Twos *twos = (const Twos *)left;
    const uint8_t *ones = (const uint8_t *)left;
    if (width == 8)
        for (int64_t at = 0; at < n_slots; at++) leaf[at] = __builtin_ctzll(left[at] | 1ull << 63);
    else if (width == 4)
        for (int64_t at = 0; at < n_slots; at++) leaf[at] = __builtin_ctz(fours[at] | 1u << 31);
    else if (width == 2)
        for (int64_t at = 0; at < n_slots; at++) leaf[at] = over(twos[at], bias);
    else
        for (int64_t at = 0; at < n_slots; at++) leaf[at] = over(ones[at], bias);
}

enum { MOST_VALUES = 6 };

INLINE void add_vectors(const int64_t *of, const int64_t *first, const int64_t *leaf, const double *values, int64_t n,
                        double *sums) {
    double total[MOST_VALUES] = {0};
    for (int64_t slot = of[0]; slot < of[1]; slot++) {
        const double *own = values + (first[slot] + leaf[slot]) * n;
        for (int64_t value = 0; value < n; value++) total[value] += own[value];
    }
    for (int64_t value = 0; value < n; value++) sums[value] += total[value];
}

INLINE void add_up(const Tables *t, const int64_t *leaf, int64_t block, double *sums, float *singles) {
    for (int64_t at = block ? t->pieces_end[block - 1] : 0; at < t->pieces_end[block]; at++) {
        const int64_t *of = t->pieces + at * 5, *first = t->first + of[2] - of[0], *turn = t->turn + of[2] - of[0];
        if (of[4] < 0) {
            for (int64_t slot = of[0]; slot < of[1]; slot++)
                singles[turn[slot]] = (float)t->values[0][first[slot] + leaf[slot]];
            continue;
        }
        const double *values = t->values[of[4]];
        double *own = sums + of[3];
        switch (t->n_values[of[4]]) { /* those that are known to the compiler are added up in registers */
        case 1: add_vectors(of, first, leaf, values, 1, own); break;
        case 3: add_vectors(of, first, leaf, values, 3, own); break;
        case 4: add_vectors(of, first, leaf, values, 4, own); break;
        case 5: add_vectors(of, first, leaf, values, 5, own); break;
        case 6: add_vectors(of, first, leaf, values, 6, own); break;
        default:
            for (int64_t slot = of[0], n = t->n_values[of[4]]; slot < of[1]; slot++)
                for (int64_t value = 0; value < n; value++) own[value] += values[(first[slot] + leaf[slot]) * n + value];
        }
    }
}

/* Add to (n, n_sums) sums of (n, axes) ranks; block by block, which stays in the processor's cache. */
INLINE void tables(const Tables *t, int64_t n, const int64_t *ranks, int64_t *scratch, double *sums, int64_t n_sums) {
    int64_t *level = scratch, leaf[WORDS * 8];
    const uint64_t **rows = (const uint64_t **)(scratch + n * t->n_axes), **next = rows + t->n_axes, **turn;
    float *singles = (float *)(next + t->n_axes);
    for (int64_t row = 0; row < n; row++)
        for (int64_t axis = 0; axis < t->n_axes; axis++)
            level[row * t->n_axes + axis] = t->level[ranks[row * t->n_axes + axis] + t->start[axis]];
    if (t->n_blocks) find(t, level, 0, rows);
    for (int64_t block = 0; block < t->n_blocks; block++)
        for (int64_t row = 0; row < n; row++) {
            if (row + 1 < n)
                find(t, level + (row + 1) * t->n_axes, block, next);
            else if (block + 1 < t->n_blocks)
                find(t, level, block + 1, next);
            look_up(t, block, rows, leaf);
            add_up(t, leaf, block, sums + row * n_sums, singles + row * t->n_single_trees);
            turn = rows, rows = next, next = turn;
        }
    for (int64_t row = 0; row < n; row++) {
        const float *own = singles + row * t->n_single_trees;
        for (int64_t at = 0; at < t->n_singles; at++) {
            float total = t->bases[at];
            for (int64_t tree = 0; tree < t->singles[at * 2 + 1]; tree++) total += *own++;
            sums[row * n_sums + t->singles[at * 2]] = total;
        }
    }
}

/* Large trees: TreeGraph. A decision's "no" is the node behind it; a leaf leads to itself. */

typedef struct {
    int32_t cut;  /* of a leaf which one it is */
    uint32_t to;  /* the column that is compared, and above it how far on "yes" is; column 0 is a leaf's */
} Node;

typedef struct {
    int64_t n_axes, n_columns, n_members;
    const int64_t *axis, *start;  /* (columns,), but for the first */
    const int32_t *flat;          /* what a column is by its axis's rank */
    const int64_t *members;       /* (members, 3) trees, values a leaf, first output */
    const Node *const *nodes;
    const int32_t *const *roots;
    const int32_t *const *target; /* (trees,) what is added to the first output */
    const void *const *leaves;
    const int64_t *is_double;     /* (members,) whether its leaves are doubles, else singles */
} Walk;

enum { COLUMN_BITS = 14, COLUMN = (1 << COLUMN_BITS) - 1, AT_ONCE = 32, STEPS = 4 };

/* Go on by a decision, without a branch, which a processor could only guess. */
INLINE uint32_t further(Node node, const int32_t *told) {
    uint32_t is_yes = told[node.to & COLUMN] <= node.cut;
    return 1 + (((node.to >> COLUMN_BITS) - 1) & -is_yes);
}

/* Add the leaves of n trees: all are on their way at once, since every step waits for memory. */
INLINE void walk_some(const Walk *w, int64_t member, int64_t first, int64_t n, const int32_t *told, double *sums) {
    const Node *nodes = w->nodes[member];
    const int64_t *of = w->members + member * 3;
    uint32_t at[AT_ONCE];
    int32_t target[AT_ONCE];
    for (int64_t each = 0; each < n; each++) {
        at[each] = w->roots[member][first + each];
        target[each] = w->target[member][first + each];
    }
    while (n) {
        for (int step = 0; step < STEPS; step++)
            for (int64_t each = 0; each < n; each++) at[each] += further(nodes[at[each]], told);
        for (int64_t each = n - 1; each >= 0; each--) {
            if (nodes[at[each]].to) continue;
            int64_t first_value = nodes[at[each]].cut * of[1];
            double *sum = sums + of[2] + target[each];
            if (w->is_double[member])
                for (int64_t value = 0; value < of[1]; value++)
                    sum[value] += ((const double *)w->leaves[member])[first_value + value];
            else
                for (int64_t value = 0; value < of[1]; value++)
                    sum[value] += ((const float *)w->leaves[member])[first_value + value];
            n--, at[each] = at[n], target[each] = target[n];
        }
    }
}

/* Add to (n, n_sums) sums of (n, axes) ranks; some trees at a time, which stay in the processor's cache. */
INLINE void walk(const Walk *w, int64_t n, const int64_t *ranks, int32_t *told, double *sums, int64_t n_sums) {
    for (int64_t row = 0; row < n; row++) {
        int32_t *own = told + row * w->n_columns;
        own[0] = INT32_MIN; /* what leaves compare */
        for (int64_t at = 1; at < w->n_columns; at++)
            own[at] = w->flat[w->start[at - 1] + ranks[row * w->n_axes + w->axis[at - 1]]];
    }
    for (int64_t member = 0; member < w->n_members; member++)
        for (int64_t tree = 0, n_trees = w->members[member * 3]; tree < n_trees; tree += AT_ONCE)
            for (int64_t row = 0; row < n; row++) {
                int64_t n_some = n_trees - tree < AT_ONCE ? n_trees - tree : AT_ONCE;
                walk_some(w, member, tree, n_some, told + row * w->n_columns, sums + row * n_sums);
            }
}

/* All trees of a plan's step: AllTrees. */

typedef struct {
    const Inputs *inputs;
    const Tables *tables; /* or none */
    const Walk *walk;     /* or none */
    int64_t n_tabled, n_outputs, n_links, in_doubles;
    const double *scale, *base;
    const int64_t *links; /* (links, 4) kind, first output, outputs, outputs a member */
} Trees;

enum { SIGMOID, SOFTMAX, EXP, ROWS = 64 };
static const double FAR = 700; /* beyond it exp() leaves the doubles */

static void softmax(double *margins, int64_t size) {
    double most = margins[0], total = 0;
    for (int64_t at = 1; at < size; at++) most = margins[at] > most ? margins[at] : most;
    for (int64_t at = 0; at < size; at++) total += margins[at] = exp(margins[at] - most);
    for (int64_t at = 0; at < size; at++) margins[at] /= total;
}

static void link(const Trees *t, double *margins) {
    for (int64_t at = 0; at < t->n_outputs; at++) margins[at] = margins[at] * t->scale[at] + t->base[at];
    for (int64_t at = 0; at < t->n_links; at++) {
        const int64_t *of = t->links + at * 4;
        double *own = margins + of[1];
        for (int64_t place = 0; place < of[2]; place += of[0] == SOFTMAX ? of[3] : 1) {
            if (of[0] == SOFTMAX)
                softmax(own + place, of[3]);
            else if (of[0] == EXP)
                own[place] = exp(own[place]);
            else
                own[place] = 1 / (1 + exp(own[place] < -FAR ? FAR : -own[place]));
        }
    }
}

INLINE void trees(const Trees *t, const Rows *of, double *scratch, void *out) {
    double *doubles = out;
    float *singles = out;
    int64_t n_sums = t->n_outputs, n_axes = t->inputs->n_axes;
    int64_t *ranks = (int64_t *)(scratch + ROWS * n_sums), *rest = ranks + ROWS * n_axes;
    for (int64_t start = 0; start < of->n_rows; start += ROWS) {
        int64_t n = of->n_rows - start < ROWS ? of->n_rows - start : ROWS;
        for (int64_t row = 0; row < n; row++) rank(t->inputs, of, start + row, ranks + row * n_axes);
        memset(scratch, 0, n * n_sums * sizeof(double));
        if (t->tables) tables(t->tables, n, ranks, rest, scratch, n_sums);
        if (t->walk) walk(t->walk, n, ranks, (int32_t *)rest, scratch + t->n_tabled, n_sums);
        for (int64_t row = 0; row < n; row++) link(t, scratch + row * n_sums);
        if (t->in_doubles)
            for (int64_t at = 0; at < n * n_sums; at++) *doubles++ = scratch[at];
        else
            for (int64_t at = 0; at < n * n_sums; at++) *singles++ = (float)scratch[at];
    }
}

NEWER void newer_trees(const Trees *t, const Rows *of, double *scratch, void *out) { trees(t, of, scratch, out); }

/* (n, outputs) answers. Scratch has room, for ROWS rows, for outputs, axes, and the larger of two: axes, twice
   more axes and singles' trees, or columns. */
void litmus_trees(const Trees *t, const Rows *of, double *scratch, void *out) {
    if (IS_NEWER)
        newer_trees(t, of, scratch, out);
    else
        trees(t, of, scratch, out);
}

/* Columns times the weights of a first layer: Columns and its parts. All weights are (columns, to). */

typedef struct {
    int64_t n_to, n_numbers, n_skewed, n_values, n_tokens, n_categories, has_limit;
    const double *offset;
    const int64_t *numbers; /* places */
    const double *center, *fill, *limit, *number_weights;
    const int64_t *skewed, *knots_end;
    const double *skewed_fill, *knots, *deviates, *after, *slope, *skewed_weights;
    const int64_t *value_places;
    const double *values, *value_weights;
    const int64_t *tokens;
    const double *token_weights;
    const int64_t *categories, *level_start, *level;
    const double *table;
    double least, most, edge;
} Columns;

INLINE void add(int64_t n, double by, const double *restrict weights, double *restrict to) {
    for (int64_t at = 0; at < n; at++) to[at] += by * weights[at];
}

/* The inverse of the normal distribution (Wichura, AS 241), as Python's statistics has it. */
double litmus_inverse(double share) {
    static const double a[] = {2.50908092873012267270e+3, 3.34305755835881281050e+4, 6.72657709270087008530e+4,
        4.59219539315498714570e+4, 1.37316937655094611250e+4, 1.97159095030655144270e+3,
        1.33141667891784377450e+2, 3.38713287279636660800e+0};
    static const double b[] = {5.22649527885285456100e+3, 2.87290857357219426740e+4, 3.93078958000927106100e+4,
        2.12137943015865958670e+4, 5.39419602142475110770e+3, 6.87187007492057908300e+2,
        4.23133307016009112520e+1, 1.0};
    static const double c[] = {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
        1.27045825245236838258e+0, 3.64784832476320460504e+0, 5.76949722146069140550e+0,
        4.63033784615654529590e+0, 1.42343711074968357734e+0};
    static const double d[] = {1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
        1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e+0,
        2.05319162663775882187e+0, 1.0};
    static const double e[] = {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
        2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e+0,
        5.46378491116411436990e+0, 6.65790464350110377720e+0};
    static const double f[] = {2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
        7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
        5.99832206555887937690e-1, 1.0};
    double q = share - 0.5, r, above, below;
    const double *up, *down;
    if (q >= -0.425 && q <= 0.425) {
        r = 0.180625 - q * q;
        up = a, down = b;
    } else {
        r = sqrt(-log(q <= 0 ? share : 1 - share));
        up = r <= 5 ? c : e, down = r <= 5 ? d : f;
        r -= r <= 5 ? 1.6 : 5;
    }
    above = up[0], below = down[0];
    for (int at = 1; at < 8; at++) above = above * r + up[at], below = below * r + down[at];
    if (up == a) return above * q / below;
    return q < 0 ? -(above / below) : above / below;
}

static double deviate(const Columns *c, double share) {
    if (share <= 0) return c->least;
    if (share >= 1) return c->most;
    double value = litmus_inverse(share);
    return value < c->least ? c->least : value > c->most ? c->most : value;
}

static double normal(const Columns *c, int64_t column, double value) {
    int64_t start = column ? c->knots_end[column - 1] : 0, n = c->knots_end[column] - start;
    const double *knots = c->knots + start;
    if (value != value) value = c->skewed_fill[column];
    if (value + c->edge > knots[n - 1]) return c->most;
    if (value - c->edge < knots[0]) return c->least;
    int64_t place = n_below(knots, n, value);
    if (place < n && knots[place] == value) return c->deviates[start + place];
    if (place) place--;
    return deviate(c, c->after[start + place] + c->slope[start + place] * (value - knots[place]));
}

/* One row's values of a first layer. */
INLINE void columns(const Columns *c, const Rows *of, double *out) {
    int64_t n = c->n_to;
    memcpy(out, c->offset, n * sizeof(double));
    for (int64_t at = 0; at < c->n_numbers; at++) {
        double value = of->numbers[c->numbers[at]] - c->center[at];
        if (value != value) value = c->fill[at];
        if (c->has_limit) {
            value = value < -c->limit[at] ? -c->limit[at] : value;
            value = value > c->limit[at] ? c->limit[at] : value;
        }
        add(n, value, c->number_weights + at * n, out);
    }
    for (int64_t at = 0; at < c->n_skewed; at++)
        add(n, normal(c, at, of->numbers[c->skewed[at]]), c->skewed_weights + at * n, out);
    for (int64_t at = 0; at < c->n_values; at++)
        if (of->numbers[c->value_places[at]] == c->values[at]) add(n, 1, c->value_weights + at * n, out);
    for (int64_t at = 0; at < c->n_tokens; at++)
        if (of->tokens[c->tokens[at]]) add(n, 1, c->token_weights + at * n, out);
    for (int64_t at = 0; at < c->n_categories; at++) {
        int64_t start = c->level_start[at], last = c->level_start[at + 1] - start - 1;
        int64_t level = c->level[start + known(of->categories[c->categories[at]], last)];
        add(n, 1, c->table + level * n, out);
    }
}

/* One row through a network: Dense. */

typedef struct {
    const Columns *columns;
    int64_t n_layers, activation;
    const int64_t *sizes;       /* (layers,) values of each */
    const int64_t *is_double;   /* (layers,) whether its weights are doubles, else singles */
    const void *const *weights; /* (from, to) */
    const double *const *offsets;
} Dense;

enum { IDENTITY, RELU, ELU, TANH };

INLINE double activated(double value, int64_t kind) {
    if (kind == RELU) return value > 0 || value != value ? value : 0;
    if (kind == ELU) return value > 0 ? value : expm1(value);
    return kind == TANH ? tanh(value) : value;
}

/* Add values times weights to what is there, four values at a time, in their order; none of those that are 0. */
INLINE void times(int64_t n_from, int64_t n_to, const double *values, const float *weights, double *restrict to) {
    const float *row[4];
    double by[4];
    int64_t n = 0;
    for (int64_t from = 0; from < n_from; from++) {
        if (values[from] == 0) continue;
        row[n] = weights + from * n_to;
        by[n++] = values[from];
        if (n < 4) continue;
        const float *restrict a = row[0], *restrict b = row[1], *restrict c = row[2], *restrict d = row[3];
        for (int64_t at = 0; at < n_to; at++)
            to[at] = to[at] + by[0] * a[at] + by[1] * b[at] + by[2] * c[at] + by[3] * d[at];
        n = 0;
    }
    for (int64_t each = 0; each < n; each++)
        for (int64_t at = 0; at < n_to; at++) to[at] += by[each] * row[each][at];
}

INLINE void dense(const Dense *d, const Rows *of, double *scratch, double *out) {
    double *values = d->n_layers % 2 ? scratch : out, *to = d->n_layers % 2 ? out : scratch, *turn;
    int64_t n_from = d->columns->n_to;
    columns(d->columns, of, values);
    for (int64_t layer = 0; layer < d->n_layers; layer++) {
        int64_t n_to = d->sizes[layer];
        for (int64_t at = 0; at < n_from; at++) values[at] = activated(values[at], d->activation);
        memcpy(to, d->offsets[layer], n_to * sizeof(double));
        if (d->is_double[layer])
            for (int64_t from = 0; from < n_from; from++)
                add(n_to, values[from], (const double *)d->weights[layer] + from * n_to, to);
        else
            times(n_from, n_to, values, d->weights[layer], to);
        turn = values, values = to, to = turn;
        n_from = n_to;
    }
}

NEWER void newer_dense(const Dense *d, const Rows *of, double *scratch, double *out) { dense(d, of, scratch, out); }

/* One row's values of the last layer; scratch and out have room for the widest. */
void litmus_dense(const Dense *d, const Rows *of, double *scratch, double *out) {
    if (IS_NEWER)
        newer_dense(d, of, scratch, out);
    else
        dense(d, of, scratch, out);
}
