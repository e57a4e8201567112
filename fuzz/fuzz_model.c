/* A model file: what is taken has every comparison with levels that can be named, those
 * of other columns too, whether the file knows them or not. */
#include "file.h"
#include "match/match.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct model *model;
    struct err err;

    if (!model_read(fuzz_file(data, size), &model, &err))
        return 0;
    if (!model_name(model))
        abort();
    const struct other others[] = {
        {"a",      OTHER_WORD},
        {"suburb", OTHER_TEXT}
    };
    bool compared = model_compare(model, others, COUNT(others), &err);
    unsigned comparisons = compared ? model_comparisons(model) : COMPARISON_COUNT;

    for (unsigned c = 0; c < comparisons; c++) {
        size_t count = model_level_count(model, (enum comparison)c);

        if (count == 0 || count > LEVELS_MAX)
            abort();
        for (unsigned i = 0; i < count; i++) {
            const struct level *level = model_level(model, (enum comparison)c, i);

            if (!level->name || !level->label || !level->source ||
                level->least > level->most)
                abort();
        }
    }
    for (int wash = 0; wash < 2; wash++)
        if (model_share(model, wash) >= 1000000 ||
            model_review_probability(model, wash) >= 1000000)
            abort();
    model_free(model);
    return 0;
}
