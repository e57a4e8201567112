/*
 * base: what every other room stands on. It knows nothing of policing.
 *
 * Errors, views of text, arenas, hashing, fixed-point bits, whole-or-nothing output
 * files, an ordered pipeline over threads, and JSON documents.
 * Nothing here keeps global state; each part says which threads may call it.
 */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MUST_CHECK             __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))
#define COUNT(array)           (sizeof(array) / sizeof((array)[0]))

/* ---- errors: a code to act on, a line to read -------------------------------- */

enum err_code {
    ERR_NONE,
    ERR_USAGE,       /* wrong use: exit 2 */
    ERR_INPUT,       /* input that cannot be used: exit 3 */
    ERR_NOT_FOUND,   /* what was asked for is not there: exit 3 */
    ERR_REFUSED,     /* not allowed: exit 4 */
    ERR_ENVIRONMENT, /* disk, memory, server: exit 5 */
    ERR_STOPPED,     /* interrupted by the user: exit 5 */
};

struct err {
    enum err_code code;
    char text[512]; /* one line, no personal data; says what to do next */
};

/* Both return false, so that a failing function ends `return err_set(err, ...)`. */
bool err_set(struct err *err, enum err_code code, const char *format, ...)
    PRINTF_LIKE(3, 4);
bool err_in(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* Exit status of the program for a code (contract: 0, 2, 3, 4 or 5). */
int err_exit(enum err_code code);

/* ---- views of text ------------------------------------------------------------ */

/* Bytes owned by somebody else, not ended by a zero. */
struct str {
    const char *at;
    size_t len;
};

#define STR(literal)  ((struct str){(literal), sizeof(literal) - 1})
#define STR_ARG(view) ((int)(view).len), ((view).at)

struct str str_of(const char *text);
bool str_same(struct str a, struct str b);
struct str str_trim(struct str text); /* without spaces and tabs at the ends */

/* Cuts the part before `separator` off `rest`; false once nothing is left. */
bool str_cut(struct str *rest, char separator, struct str *part);

/* The whole of a text, spaces at its ends apart, as a finite number; false if it is
 * anything else. For values of files: short, and never trusted. */
bool str_number(struct str text, double *number);

/* ---- arenas: zeroed memory with one lifetime ---------------------------------- */

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena);
void arena_reset(struct arena *arena); /* drops all, keeps memory for the next use */

/* Never NULL: without memory the process ends with a line that says so. */
void *arena_alloc(struct arena *arena, size_t size);
char *arena_copy(struct arena *arena, struct str text); /* ended by a zero */

/* The same rule for memory of other lifetimes; give back with free(). */
void *memory_new(size_t count, size_t size);
void *memory_grow(void *old, size_t count, size_t size); /* not zeroed beyond old */

/* ---- hashing and bits --------------------------------------------------------- */

uint64_t hash_bytes(const void *bytes, size_t size, uint64_t seed); /* XXH3 */
uint64_t hash_mix(uint64_t a, uint64_t b); /* joins two hashes, order matters */

/*
 * Match weights are fixed point: BITS_ONE is one bit. Logarithms come from these two
 * routines and not from libm, whose last digit differs between systems.
 */
#define BITS_ONE 65536

int32_t bits_log2(uint64_t numerator, uint64_t denominator); /* both > 0 */

/* Probability 2^b / (1 + 2^b) in millionths, rounded to nearest: 0 to 1,000,000. */
uint32_t bits_probability(int32_t bits);

/* log2(p / (1 - p)) for a probability in millionths, 1 to 999,999. */
int32_t bits_odds(uint32_t millionths);

/* ---- output files that are whole or absent ------------------------------------ */

struct out;

/* Writes to a temporary name beside `path`; "-" is standard output. A pipe or device
 * that is there already is written directly and never replaced. */
bool out_open(const char *path, struct out **out, struct err *err) MUST_CHECK;
void out_bytes(struct out *out, const void *bytes, size_t size); /* errors kept */
void out_str(struct out *out, struct str text);
void out_text(struct out *out, const char *text);
void out_format(struct out *out, const char *format, ...) PRINTF_LIKE(2, 3);
void out_csv(struct out *out, struct str value); /* one CSV value, quoted if needed */
uint64_t out_size(const struct out *out);        /* bytes written so far */

/* Writes to memory: out_take() ends it and gives the text with a zero after it, the
 * caller's to free(); out_abandon() throws it away. Never out_commit(). */
struct out *out_memory(void);
char *out_take(struct out *out);

/* Flushes, syncs and renames into place; on failure nothing is left. Ends `out`. */
bool out_commit(struct out *out, struct err *err) MUST_CHECK;
void out_abandon(struct out *out); /* removes the temporary file. Ends `out`. */

/* ---- an ordered pipeline over threads ----------------------------------------- */

/*
 * take() is called by one thread at a time and gives items in order, NULL at the end;
 * work() runs on many threads at once; give() is called by one thread at a time, in
 * the order in which items were taken. So results do not depend on the number of
 * threads. At most 2 * threads items are under way. The first failure stops the rest.
 */
struct pipeline {
    void *context;
    bool (*take)(void *context, void **item, struct err *err);
    bool (*work)(void *context, void *item, unsigned worker, struct err *err);
    bool (*give)(void *context, void *item, struct err *err);
    void (*drop)(void *context, void *item); /* item of a stopped run; may be NULL */
};

bool pipeline_run(const struct pipeline *pipeline, unsigned threads,
                  struct err *err) MUST_CHECK;

/* Runs task(context, 0 .. count - 1) on threads; returns when all are done. */
void parallel_for(unsigned threads, size_t count, void *context,
                  void (*task)(void *context, size_t index, unsigned worker));

unsigned threads_available(void); /* processors this process may use, at least 1 */

/* Set by the handler of SIGINT and SIGTERM once stop_on_signals() was called. */
void stop_on_signals(void);
bool stop_asked(void);

/* ---- JSON documents (settings, maps, models; not bulk records) ----------------- */

struct json; /* a value; borrowed from the document it belongs to */

/* The returned document is yours: json_free. Errors name line and column. */
bool json_parse(struct str text, struct json **document, struct err *err) MUST_CHECK;
bool json_read(const char *path, struct json **document, struct err *err) MUST_CHECK;
void json_free(struct json *document);

enum json_kind { IS_NULL, IS_BOOL, IS_NUMBER, IS_TEXT, IS_LIST, IS_OBJECT };

enum json_kind json_kind(const struct json *value); /* NULL gives IS_NULL */
const struct json *json_get(const struct json *object, const char *name); /* or NULL */
const struct json *json_at(const struct json *list, size_t index);        /* or NULL */
size_t json_count(const struct json *list_or_object);
const char *json_text(const struct json *value); /* NULL unless text */
double json_number(const struct json *value, double otherwise);
bool json_bool(const struct json *value, bool otherwise);

/* Visits the members of an object in the order of the document. */
void json_each(const struct json *object, void *context,
               void (*visit)(void *context, const char *name,
                             const struct json *value));

/* Writes text as a JSON string, quotes included. */
void out_json(struct out *out, struct str text);

#endif
