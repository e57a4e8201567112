/* Tables of equivalent names: refused with a line number, or symmetric. */
#include "text/text.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool lists(const struct variants *variants, enum variant_use use,
                  const struct variant *from, const char *text, size_t len)
{
    const struct variant *list;
    size_t count = variants_of(variants, use, from->text, from->len, &list);

    for (size_t i = 0; i < count; i++)
        if (list[i].len == len && memcmp(list[i].text, text, len) == 0)
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = {(const char *)data, size}, line, word;
    struct variants *variants;
    struct err err = {ERR_NONE, ""};

    if (!variants_new(&variants, &err))
        abort();

    bool good = variants_add(variants, "fuzz", rest, &err);

    assert(good || (err.code == ERR_INPUT && strncmp(err.text, "fuzz:", 5) == 0));
    while (str_cut(&rest, '\n', &line))
        while (str_cut(&line, ' ', &word))
            for (unsigned use = 0; use < VARIANT_USE_COUNT && word.len; use++) {
                const struct variant *list;
                size_t count = variants_of(variants, (enum variant_use)use, word.at,
                                           word.len, &list);

                assert(good || count == 0);
                for (size_t i = 0; i < count; i++)
                    assert(lists(variants, (enum variant_use)use, &list[i], word.at,
                                 word.len));
            }
    variants_free(variants);
    return 0;
}
