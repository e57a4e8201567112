/* names_of and text_fold on arbitrary bytes: tokens stay within bounds and A-Z. */
#include "text/text.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_names(const struct name *name, unsigned count)
{
    assert(count <= NAMES_PER_PERSON);
    for (unsigned i = 0; i < count; i++) {
        assert(name[i].len >= 1 && name[i].len <= NAME_MAX);
        for (unsigned k = 0; k <= NAME_MAX; k++) {
            bool letter = name[i].text[k] >= 'A' && name[i].text[k] <= 'Z';

            assert(k < name[i].len ? letter : name[i].text[k] == 0);
        }
        for (unsigned k = 0; k < i; k++)
            assert(strcmp(name[i].text, name[k].text) != 0);
    }
}

static void check_fold(struct str written)
{
    char folded[200];
    size_t size = written.len % sizeof(folded);
    size_t len = text_fold(written, folded, size);

    assert(len <= size);
    for (size_t i = 0; i < len; i++) {
        bool gap = folded[i] == ' ';

        assert(gap || (folded[i] >= 'A' && folded[i] <= 'Z') ||
               (folded[i] >= '0' && folded[i] <= '9'));
        assert(!gap || (i > 0 && folded[i - 1] != ' '));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum field fields[] = {FIELD_SURNAME, FIELD_FORENAMES,
                                        FIELD_OTHER_NAMES, FIELD_FULL_NAME, FIELD_TEXT};
    struct str rest = {(const char *)data, size}, part;
    struct person person;
    struct names names;

    check_fold(rest);
    text_utf8(rest);
    memset(&person, 0, sizeof(person));
    for (size_t i = 0; i < COUNT(fields) && str_cut(&rest, '\n', &part); i++)
        person.field[fields[i]] = part;
    names_of(&person, &names);
    check_names(names.surname, names.surname_count);
    check_names(names.forename, names.forename_count);
    return 0;
}
