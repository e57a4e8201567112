/* One condition of a level, from its bytes: parsed, searched by, found as all with all. */
#include "splink/splink.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const cells[][3] = {
    {"Okafor", "1984-03-12", "LS6 2AB"            },
    {"okafor", "1984-12-03", "7"                  },
    {"",       "12",         "x"                  },
    {"José",  "",           "m.jones@example.org"},
    {"aab|b",  "1",          "LS6 2AB"            },
};

static bool model_of(const uint8_t *data, size_t size, struct splink_model **model)
{
    struct out *out = out_memory();
    struct err err;
    char *text;

    out_text(out, "{\"comparisons\": [{\"output_column_name\": \"c\", "
                  "\"comparison_levels\": [{\"sql_condition\": ");
    out_json(out, (struct str){(const char *)data, size});
    out_text(out, "}, {\"sql_condition\": \"ELSE\"}]}]}");
    text = out_take(out);

    bool ok = splink_parse(str_of(text), model, &err);

    free(text);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct splink_model *model;
    struct splink_search *search;
    struct splink_pairs plain, found;
    struct err err;

    if (!model_of(data, size, &model))
        return 0;

    struct splink_records *records = splink_records_new(model);

    for (size_t i = 0; i < COUNT(cells); i++) {
        struct str values[64];
        char id = (char)('a' + i);

        values[0] = (struct str){&id, 1};
        for (size_t c = 1; c < splink_column_count(model); c++)
            values[c] = str_of(cells[i][c % 3]);
        (void)!splink_records_add(records, values, &err);
    }
    if (!splink_search_new(model, records, NULL, &search, &err))
        abort();
    splink_find_plain(search, 0, &plain);
    if (!splink_find(search, 0, 1, NULL, NULL, &found, &err) ||
        plain.count != found.count)
        abort();
    free(plain.list);
    free(found.list);
    splink_search_free(search);
    splink_records_free(records);
    splink_free(model);
    return 0;
}
