#include "text/fold.h"

/* 1 and 2 as in ISO/IEC 5218; 0 and 9 there mean not known and not applicable. */
static const struct sex_word {
    const char *text;
    enum sex sex;
} sex_words[] = {
    {"F",             SEX_FEMALE},
    {"M",             SEX_MALE  },
    {"FEMALE",        SEX_FEMALE},
    {"MALE",          SEX_MALE  },
    {"2",             SEX_FEMALE},
    {"1",             SEX_MALE  },
    {"WOMAN",         SEX_FEMALE},
    {"MAN",           SEX_MALE  },
    {"GIRL",          SEX_FEMALE},
    {"BOY",           SEX_MALE  },
    {"W",             SEX_FEMALE},
    {"LADY",          SEX_FEMALE},
    {"FEM",           SEX_FEMALE},
    {"TRANSWOMAN",    SEX_FEMALE},
    {"TRANSMAN",      SEX_MALE  },
    {"NONBINARY",     SEX_OTHER },
    {"OTHER",         SEX_OTHER },
    {"X",             SEX_OTHER },
    {"INTERSEX",      SEX_OTHER },
    {"I",             SEX_OTHER },
    {"INDETERMINATE", SEX_OTHER },
    {"GENDERQUEER",   SEX_OTHER },
    {"NB",            SEX_OTHER },
    {"O",             SEX_OTHER },
};

enum sex sex_read(struct str written)
{
    char room[64], squeezed[16];
    size_t len = fold_squeeze(fold_ascii(written, room, sizeof(room)), squeezed,
                              sizeof(squeezed));

    for (size_t i = 0; i < COUNT(sex_words) && len <= sizeof(squeezed); i++)
        if (strlen(sex_words[i].text) == len &&
            memcmp(sex_words[i].text, squeezed, len) == 0)
            return sex_words[i].sex;
    return SEX_UNKNOWN;
}
