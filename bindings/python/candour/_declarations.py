"""The declarations of candour.h, for cffi. Made by tools/header: do not edit."""

DECLARATIONS = """
enum candour_code {
    CANDOUR_DONE = 0,
    CANDOUR_USAGE = 1,
    CANDOUR_INPUT = 2,
    CANDOUR_NOT_FOUND = 3,
    CANDOUR_REFUSED = 4,
    CANDOUR_ENVIRONMENT = 5,
};
struct candour_error {
    int32_t code;
    char text[508];
};
const char *candour_version(void);
struct candour_model;
enum candour_purpose {
    CANDOUR_LINK = 0,
    CANDOUR_WASH = 1,
};
bool candour_model_default(struct candour_model **model, struct candour_error *error);
bool candour_model_read(const char *path, struct candour_model **model,
                        struct candour_error *error);
bool candour_model_parse(const char *text, size_t length, struct candour_model **model,
                         struct candour_error *error);
void candour_model_free(struct candour_model *model);
const char *candour_model_name(const struct candour_model *model);
uint64_t candour_model_hash(const struct candour_model *model);
double candour_model_probability(const struct candour_model *model,
                                 enum candour_purpose purpose);
double candour_model_share(const struct candour_model *model,
                           enum candour_purpose purpose);
uint32_t candour_comparison_count(void);
const char *candour_comparison_name(uint32_t comparison);
const char *candour_comparison_label(uint32_t comparison);
uint32_t candour_level_count(const struct candour_model *model, uint32_t comparison);
struct candour_level {
    size_t size;
    const char *name;
    const char *label;
    double m, u;
    double bits;
    bool by_frequency;
};
bool candour_model_level(const struct candour_model *model, uint32_t comparison,
                         uint32_t level, struct candour_level *description,
                         struct candour_error *error);
struct candour_value {
    const char *field;
    const char *text;
    size_t length;
};
struct candour_column {
    const char *field;
    const char *bytes;
    const int64_t *offsets;
};
struct candour_table {
    const struct candour_column *columns;
    size_t column_count;
    size_t row_count;
};
uint32_t candour_field_count(void);
const char *candour_field_name(uint32_t field);
bool candour_field_compared(uint32_t field);
struct candour_index;
struct candour_index_settings {
    size_t size;
    const struct candour_model *model;
    double share;
    double probability;
    uint32_t purpose;
    uint32_t threads;
    int32_t pivot_year;
};
bool candour_index_new(const struct candour_index_settings *settings,
                       struct candour_index **index, struct candour_error *error);
void candour_index_free(struct candour_index *index);
bool candour_index_add(struct candour_index *index, const struct candour_value values[],
                       size_t count, struct candour_error *error);
bool candour_index_add_table(struct candour_index *index,
                             const struct candour_table *people,
                             struct candour_error *error);
bool candour_index_count(struct candour_index *index,
                         const struct candour_value values[], size_t count,
                         struct candour_error *error);
bool candour_index_count_table(struct candour_index *index,
                               const struct candour_table *mentions,
                               struct candour_error *error);
bool candour_index_build(struct candour_index *index, struct candour_error *error);
size_t candour_index_people(const struct candour_index *index);
size_t candour_index_bytes(const struct candour_index *index);
double candour_index_prior(const struct candour_index *index);
double candour_index_probability(const struct candour_index *index);
uint64_t candour_index_unread_dates(const struct candour_index *index);
struct candour_finder;
struct candour_hits;
bool candour_finder_new(const struct candour_index *index, uint32_t threads,
                        struct candour_finder **finder, struct candour_error *error);
void candour_finder_free(struct candour_finder *finder);
bool candour_find(struct candour_finder *finder, const struct candour_value values[],
                  size_t count, double probability, struct candour_hits **hits,
                  struct candour_error *error);
bool candour_find_table(struct candour_finder *finder,
                        const struct candour_table *mentions, double probability,
                        struct candour_hits **hits, struct candour_error *error);
bool candour_score(struct candour_finder *finder, uint32_t position,
                   const struct candour_value values[], size_t count,
                   struct candour_hits **hits, struct candour_error *error);
bool candour_compare(const struct candour_model *model, double share, uint64_t people,
                     const struct candour_value left[], size_t left_count,
                     const struct candour_value right[], size_t right_count,
                     struct candour_hits **hits, struct candour_error *error);
struct candour_hit {
    size_t size;
    uint32_t left;
    uint32_t right;
    double probability;
    double score;
    double prior;
};
struct candour_evidence {
    size_t size;
    const char *comparison;
    const char *level;
    const char *label;
    uint32_t level_number;
    double bits;
};
void candour_hits_free(struct candour_hits *hits);
size_t candour_hits_count(const struct candour_hits *hits);
uint64_t candour_hits_unread_dates(const struct candour_hits *hits);
bool candour_hits_get(const struct candour_hits *hits, size_t number,
                      struct candour_hit *hit, struct candour_error *error);
bool candour_hits_evidence(const struct candour_hits *hits, size_t number,
                           uint32_t comparison, struct candour_evidence *evidence,
                           struct candour_error *error);
const uint32_t *candour_hits_left(const struct candour_hits *hits);
const uint32_t *candour_hits_right(const struct candour_hits *hits);
const int32_t *candour_hits_score(const struct candour_hits *hits);
const uint32_t *candour_hits_probability(const struct candour_hits *hits);
const uint8_t *candour_hits_levels(const struct candour_hits *hits,
                                   uint32_t comparison);
const int32_t *candour_hits_bits(const struct candour_hits *hits, uint32_t comparison);
enum candour_format {
    CANDOUR_TEXT = 0,
    CANDOUR_JSON = 1,
    CANDOUR_SVG = 2,
};
bool candour_hits_explain(const struct candour_hits *hits, size_t number,
                          enum candour_format format, char **text,
                          struct candour_error *error);
void candour_text_free(char *text);
"""
