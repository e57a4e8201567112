#include "text/words.h"

#include "text/fold.h"
#include "text/in_text.h"

/* What is longer than any name is cut: bounds the work a stranger can cause. */
enum { VALUE_MAX = 400 };

/* One of the two lists of struct names. */
struct list {
    struct name *name;
    uint8_t *count;
    bool *too_many;
};

/* A name being put together from words; zeros behind it. */
struct joint {
    char text[NAME_MAX + 1];
    uint8_t len;
};

static void join(struct joint *joint, const struct word *word)
{
    size_t room = NAME_MAX - (size_t)joint->len;
    size_t len = word->len < room ? word->len : room;

    memcpy(joint->text + joint->len, word->text, len);
    joint->len = (uint8_t)(joint->len + len);
}

static void list_add(struct list *list, const char text[NAME_MAX + 1], uint8_t len,
                     enum name_kind kind)
{
    if (len == 0)
        return;
    for (unsigned i = 0; i < *list->count; i++)
        if (memcmp(list->name[i].text, text, NAME_MAX + 1) == 0)
            return;
    if (*list->count == NAMES_PER_PERSON) {
        *list->too_many = true;
        return;
    }

    struct name *name = &list->name[(*list->count)++];

    memcpy(name->text, text, NAME_MAX + 1);
    name->len = len;
    name->kind = (uint8_t)kind;
}

static void list_add_word(struct list *list, const struct word *word,
                          enum name_kind kind)
{
    list_add(list, word->text, word->len, kind);
}

/* JC, TJ: two initials written together. MD is short for MOHAMMED, NG a name. */
static bool initials(const struct word *word)
{
    static const char names[][3] = {"MD", "NG", "MH", "ST"};

    if (word->len != 2 || strpbrk(word->text, "AEIOUY"))
        return false;
    for (size_t i = 0; i < COUNT(names); i++)
        if (memcmp(word->text, names[i], 2) == 0)
            return false;
    return true;
}

/* A phrase of several words for nobody: NOT KNOWN, A N OTHER. */
static bool phrase_for_nobody(const struct joint *joint)
{
    return joint->len >= 6 && (word_role(joint->text, joint->len) & ROLE_ALONE);
}

static struct joint join_all(const struct word *word, unsigned count)
{
    struct joint joint = {{0}, 0};

    for (unsigned i = 0; i < count; i++)
        join(&joint, &word[i]);
    return joint;
}

/* ---- surnames -------------------------------------------------------------------- */

/* How many words belong to the unit that begins here: VAN DER BERG, MC HUGH, SMITH. */
static unsigned unit_length(const struct word *word, unsigned count, unsigned before)
{
    unsigned n = 1;

    while (n < count && (word[n - 1].role & before))
        n++;
    return n;
}

/* The unit without its particles, where it has any: BERG of VAN DER BERG. */
static void add_bare(struct list *list, const struct word *word, unsigned count)
{
    unsigned from = 0;

    while (from + 1 < count && (word[from].role & ROLE_PARTICLE))
        from++;
    if (from == 0)
        return;

    struct joint bare = join_all(word + from, count - from);

    if (bare.len >= 2)
        list_add(list, bare.text, bare.len, NAME_PART);
}

static void add_surname(struct list *list, const struct word *word, unsigned count,
                        enum name_kind kind)
{
    if (count == 1) {
        if (!(word->role & ROLE_ALONE))
            list_add_word(list, word, kind);
        return;
    }

    struct joint whole = join_all(word, count);

    if (phrase_for_nobody(&whole))
        return;
    list_add(list, whole.text, whole.len, kind);
    for (unsigned i = 0; i < count;) {
        unsigned n = unit_length(word + i, count - i, ROLE_PARTICLE | ROLE_JOIN);
        struct joint unit = join_all(word + i, n);

        if (unit.len >= 2)
            list_add(list, unit.text, unit.len, NAME_PART);
        add_bare(list, word + i, n);
        i += n;
    }
}

/* ---- forenames ------------------------------------------------------------------- */

/* J.-C. is two initials. */
static bool hyphenated(const struct word *word, unsigned n)
{
    return (word[n].flags & WORD_HYPHEN) && word[n].len + word[n - 1].len > 2;
}

/* JEAN-PAUL, ABDUL RAHMAN, DEL CARMEN: how many words are one forename. */
static unsigned forename_length(const struct word *word, unsigned count)
{
    unsigned n = 1;

    while (n < count &&
           (hyphenated(word, n) || (word[n - 1].role & ROLE_FORENAME) ||
            (word[n].role & ROLE_FORENAME && n + 1 < count && word[n].text[0] == 'U')))
        n++;
    return n;
}

static void add_forename(struct list *list, const struct word *word, unsigned count,
                         enum name_kind kind)
{
    if (count == 1 && kind == NAME_WHOLE && initials(word)) {
        for (unsigned i = 0; i < 2; i++)
            list_add(list, (char[NAME_MAX + 1]){word->text[i]}, 1, NAME_INITIAL);
        return;
    }
    if (count == 1) {
        if (word->len == 1)
            kind = NAME_INITIAL;
        list_add_word(list, word, kind);
        return;
    }

    struct joint whole = join_all(word, count);

    list_add(list, whole.text, whole.len, kind);
    for (unsigned i = 0; i < count; i++)
        if (word[i].len >= 2 && !(word[i].role & ROLE_PARTICLE))
            list_add_word(list, &word[i], NAME_PART);
}

static void add_forenames(struct list *list, const struct word *word, unsigned count,
                          enum name_kind kind)
{
    if (count == 0)
        return;
    if (count == 1 && (word->role & ROLE_ALONE))
        return;
    if (count > 1) {
        struct joint whole = join_all(word, count);

        if (phrase_for_nobody(&whole))
            return;
    }
    for (unsigned i = 0; i < count;) {
        unsigned n = forename_length(word + i, count - i);

        add_forename(list, word + i, n, i == 0 ? kind : NAME_MIDDLE);
        i += n;
    }
}

/* ---- what is written beside a name ----------------------------------------------- */

enum field_kind { IN_SURNAME, IN_FORENAMES, IN_FULL };

static void drop(struct words *words, unsigned at)
{
    words->word[at + (at + 1 < words->count)].flags |=
        (uint8_t)(words->word[at].flags & WORD_COMMA);
    words->count--;
    memmove(&words->word[at], &words->word[at + 1],
            (words->count - at) * sizeof(words->word[0]));
}

/* True if the word at this end is a title, rank or suffix beside the name. */
static bool beside(const struct words *words, unsigned at, unsigned roles)
{
    unsigned role = words->word[at].role;

    return (role & roles) && (words->count > 1 || (role & ROLE_ALONE));
}

/* Drops titles, ranks, suffixes and words for nobody. */
static void strip(struct words *words, enum field_kind kind)
{
    unsigned lead = ROLE_LEAD | (kind == IN_FULL ? ROLE_LEAD_FULL : 0);

    for (unsigned i = words->count; i-- > 0;)
        if (words->word[i].role & ROLE_ANYWHERE)
            drop(words, i);
    while (words->count && beside(words, 0, lead))
        drop(words, 0);
    while (words->count && beside(words, words->count - 1, ROLE_TAIL))
        drop(words, words->count - 1);
}

/* Marks the words after AKA and NEE, drops those two, and says if any is marked. */
static bool mark_others(struct words *words)
{
    uint8_t mark = 0, seen = 0;

    for (unsigned i = 0; i < words->count; i++) {
        struct word *word = &words->word[i];
        bool sign = (word->role & (ROLE_ALIAS | ROLE_MAIDEN)) && i + 1 < words->count &&
                    (i > 0 || (word->flags & WORD_ALIAS));

        if (sign) {
            mark = word->role & ROLE_ALIAS ? WORD_ALIAS : WORD_MAIDEN;
            drop(words, i--);
            continue;
        }
        word->flags |= mark;
        seen |= word->flags & (WORD_ALIAS | WORD_MAIDEN);
    }
    return seen != 0;
}

/* Moves the words with one of the marks from `words` into `other`. */
static void take_marked(struct words *words, uint8_t marks, struct words *other)
{
    unsigned kept = 0;

    other->count = 0;
    other->too_many = false;
    for (unsigned i = 0; i < words->count; i++) {
        struct word *word = &words->word[i];

        if (word->flags & marks)
            other->word[other->count++] = *word;
        else
            words->word[kept++] = *word;
    }
    words->count = kept;
}

/* ---- whole fields ---------------------------------------------------------------- */

struct lists {
    struct list surname, forename;
};

/* Where a full name's surname stands among its words. */
struct span {
    unsigned from, count;
};

static bool comma_span(const struct words *words, struct span *surname)
{
    for (unsigned i = 1; i < words->count; i++)
        if (words->word[i].flags & WORD_COMMA) {
            *surname = (struct span){0, i};
            return true;
        }
    return false;
}

/* `John SMITH JONES`, `SMITH John`: one run in capitals beside words that are not. */
static bool capitals_span(const struct words *words, struct span *surname)
{
    unsigned from = 0, to;

    while (from < words->count && !(words->word[from].flags & WORD_CAPITALS))
        from++;
    to = from;
    while (to < words->count && (words->word[to].flags & WORD_CAPITALS))
        to++;

    unsigned others = 0;

    for (unsigned i = 0; i < words->count; i++) {
        if (i >= from && i < to)
            continue;
        if (words->word[i].flags & WORD_CAPITALS)
            return false;
        others += words->word[i].len >= 2;
    }
    *surname = (struct span){from, to - from};
    return from < to && others > 0 &&
           !(to == from + 1 && initials(&words->word[from])); /* JC Mistry */
}

/* Whether the word before belongs to the surname that begins at `from`. */
static bool reaches_back(const struct words *words, unsigned from)
{
    const struct word *before = &words->word[from - 1];

    return (words->word[from].flags & WORD_HYPHEN) ||
           (before->role & (ROLE_PARTICLE | ROLE_JOIN_FULL) && from > 1);
}

/* `Maria-Lopez`, a full name of one joined word: a forename and a surname. */
static bool joined_span(const struct words *words, struct span *surname)
{
    for (unsigned i = 1; i < words->count; i++)
        if (!(words->word[i].flags & WORD_HYPHEN))
            return false;
    *surname = (struct span){1, words->count - 1};
    return words->count > 1;
}

static struct span last_span(const struct words *words)
{
    unsigned from = words->count - 1;

    while (from > 0 && reaches_back(words, from))
        from--;
    return (struct span){from, words->count - from};
}

static void add_full(struct lists *lists, struct words *words, enum name_kind kind)
{
    struct span surname;
    struct words rest;

    strip(words, IN_FULL);
    if (words->count == 0)
        return;

    struct joint whole = join_all(words->word, words->count);

    if (words->count > 1 ? phrase_for_nobody(&whole)
                         : (words->word[0].role & ROLE_ALONE) != 0)
        return;
    if (!comma_span(words, &surname) && !capitals_span(words, &surname) &&
        !(kind == NAME_WHOLE && joined_span(words, &surname)))
        surname = last_span(words);

    rest.count = 0;
    for (unsigned i = 0; i < words->count; i++)
        if (i < surname.from || i >= surname.from + surname.count)
            rest.word[rest.count++] = words->word[i];
    add_surname(&lists->surname, words->word + surname.from, surname.count, kind);
    strip(&rest, IN_FORENAMES);
    add_forenames(&lists->forename, rest.word, rest.count, kind);
}

/* Words of a bracket, a quote or after AKA, NEE: beside a name of the given field. */
static void add_others(struct lists *lists, struct words *words, enum field_kind kind)
{
    struct words maiden, other;

    take_marked(words, WORD_MAIDEN, &maiden);
    take_marked(words, WORD_ALIAS, &other);
    strip(&maiden, IN_SURNAME);
    if (maiden.count)
        add_surname(&lists->surname, maiden.word, maiden.count, NAME_OTHER);
    strip(&other, kind);
    if (other.count == 0)
        return;
    if (kind == IN_SURNAME)
        add_surname(&lists->surname, other.word, other.count, NAME_OTHER);
    else if (kind == IN_FORENAMES || other.count == 1)
        add_forenames(&lists->forename, other.word, other.count, NAME_OTHER);
    else
        add_full(lists, &other, NAME_OTHER);
}

/* Splits a value; the words of other names go to `beside` and leave `words`. */
static void read_words(struct str written, struct words *words, struct words *beside,
                       bool *too_many)
{
    char room[VALUE_MAX];

    if (written.len > VALUE_MAX) {
        written.len = VALUE_MAX;
        *too_many = true;
    }
    words_of(fold_ascii(written, room, sizeof(room)), words);
    *too_many |= words->too_many;
    beside->count = 0;
    if (mark_others(words))
        take_marked(words, WORD_ALIAS | WORD_MAIDEN, beside);
}

static void read_surname(struct lists *lists, struct str written, bool forenames_too)
{
    struct words words, beside;

    if (written.len == 0)
        return;
    read_words(written, &words, &beside, lists->surname.too_many);

    struct span span;

    if (forenames_too && comma_span(&words, &span)) {
        add_full(lists, &words, NAME_WHOLE);
    } else {
        strip(&words, IN_SURNAME);
        if (words.count)
            add_surname(&lists->surname, words.word, words.count, NAME_WHOLE);
    }
    if (beside.count)
        add_others(lists, &beside, IN_SURNAME);
}

static void read_forenames(struct lists *lists, struct str written)
{
    struct words words, beside;

    if (written.len == 0)
        return;
    read_words(written, &words, &beside, lists->forename.too_many);
    strip(&words, IN_FORENAMES);
    add_forenames(&lists->forename, words.word, words.count, NAME_WHOLE);
    if (beside.count)
        add_others(lists, &beside, IN_FORENAMES);
}

static void read_full(struct lists *lists, struct str written)
{
    struct words words, beside;

    read_words(written, &words, &beside, lists->surname.too_many);
    add_full(lists, &words, NAME_WHOLE);
    if (beside.count)
        add_others(lists, &beside, IN_FULL);
}

/* A maiden name or a nickname: one word alone may be either, so it stands for both. */
static void read_other(struct lists *lists, struct str written)
{
    struct words words, beside;

    read_words(written, &words, &beside, lists->surname.too_many);
    strip(&words, IN_FULL);
    if (words.count == 1) {
        add_surname(&lists->surname, words.word, 1, NAME_OTHER);
        add_forenames(&lists->forename, words.word, 1, NAME_OTHER);
    } else if (words.count) {
        add_full(lists, &words, NAME_OTHER);
    }
    if (beside.count)
        add_others(lists, &beside, IN_FULL);
}

/* People whom only the free text names: perhaps this one. */
static void read_text(struct lists *lists, struct str text, struct names *names)
{
    struct in_text found;

    in_text_read(text, &found);
    for (unsigned i = 0; i < found.count; i++) {
        struct words words, beside;

        read_words(found.name[i], &words, &beside, &names->too_many);
        add_full(lists, &words, NAME_OTHER);
    }
    names->born = found.born;
}

void names_of(const struct person *person, struct names *names)
{
    struct lists lists = {
        {names->surname,  &names->surname_count,  &names->too_many},
        {names->forename, &names->forename_count, &names->too_many},
    };
    struct str other = person->field[FIELD_OTHER_NAMES], part;

    names->surname_count = names->forename_count = 0;
    names->too_many = false;
    names->born = 0;
    read_surname(&lists, person->field[FIELD_SURNAME],
                 person->field[FIELD_FORENAMES].len == 0);
    read_forenames(&lists, person->field[FIELD_FORENAMES]);
    if (person->field[FIELD_FULL_NAME].len &&
        (names->surname_count == 0 || names->forename_count == 0)) {
        struct names full;
        struct lists both = {
            {full.surname,  &full.surname_count,  &full.too_many},
            {full.forename, &full.forename_count, &full.too_many},
        };

        full.surname_count = full.forename_count = 0;
        full.too_many = false;
        read_full(&both, person->field[FIELD_FULL_NAME]);
        if (names->surname_count == 0)
            for (unsigned i = 0; i < full.surname_count; i++)
                list_add(&lists.surname, full.surname[i].text, full.surname[i].len,
                         full.surname[i].kind);
        if (names->forename_count == 0)
            for (unsigned i = 0; i < full.forename_count; i++)
                list_add(&lists.forename, full.forename[i].text, full.forename[i].len,
                         full.forename[i].kind);
        names->too_many |= full.too_many;
    }
    if (other.len)
        while (str_cut(&other, '|', &part))
            read_other(&lists, part);
    if (names->surname_count == 0 && names->forename_count == 0 &&
        person->field[FIELD_TEXT].len)
        read_text(&lists, person->field[FIELD_TEXT], names);
}
