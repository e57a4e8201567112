/*
 * Letters of other scripts in Latin letters, by ICU. Opening a transliterator takes
 * milliseconds and using one microseconds, so each thread opens its own when it first
 * meets such a name and keeps the answers it gave last.
 */
#include "text/fold.h"

#include <pthread.h>
#include <stdlib.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

/*
 * The national systems that passports and records mostly follow where ICU has one
 * (Юлия: Yuliya, not Ulia), its general table for the rest.
 */
static const char rules[] = "Russian-Latin/BGN; Greek-Latin/UNGEGN; Any-Latin";

enum { LETTERS_MAX = 96, LATIN_MAX = 158, REMEMBERED = 1024 };

struct answer {
    uint8_t letters_len, latin_len;
    char letters[LETTERS_MAX];
    char latin[LATIN_MAX];
};

struct script {
    UTransliterator *latin; /* NULL if ICU has none: then nothing is transliterated */
    struct answer answers[REMEMBERED];
};

static pthread_key_t script_key;
static pthread_once_t script_once = PTHREAD_ONCE_INIT;
static bool script_key_made;

static void script_close(void *memory)
{
    struct script *script = memory;

    if (script->latin)
        utrans_close(script->latin);
    free(script);
}

static void script_key_make(void)
{
    script_key_made = pthread_key_create(&script_key, script_close) == 0;
}

/* This thread's own, opened at the first call; NULL if that is not possible. */
static struct script *script_mine(void)
{
    pthread_once(&script_once, script_key_make);
    if (!script_key_made)
        return NULL;

    struct script *script = pthread_getspecific(script_key);

    if (script)
        return script;

    UChar id[sizeof(rules)];
    UErrorCode status = U_ZERO_ERROR;

    script = memory_new(1, sizeof(*script));
    u_charsToUChars(rules, id, (int32_t)sizeof(rules));
    script->latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &status);
    if (pthread_setspecific(script_key, script) != 0) {
        script_close(script);
        return NULL;
    }
    return script;
}

static size_t transliterate(const struct script *script, const char *utf8, size_t len,
                            char *latin, size_t size)
{
    UChar text[512];
    UErrorCode status = U_ZERO_ERROR;
    int32_t units = 0, bytes = 0;

    u_strFromUTF8(text, (int32_t)COUNT(text), &units, utf8, (int32_t)len, &status);
    if (U_FAILURE(status) || units >= (int32_t)COUNT(text) / 3)
        return 0; /* no name is that long */

    int32_t limit = units;

    utrans_transUChars(script->latin, text, &units, (int32_t)COUNT(text), 0, &limit,
                       &status);
    u_strToUTF8(latin, (int32_t)size, &bytes, text, units, &status);
    return U_FAILURE(status) || bytes < 0 ? 0 : (size_t)bytes;
}

size_t script_latin(const char *utf8, size_t len, char *latin, size_t size)
{
    struct script *script = script_mine();

    if (!script || !script->latin || size < LATIN_MAX)
        return 0;
    if (len > LETTERS_MAX)
        return transliterate(script, utf8, len, latin, size);

    struct answer *answer = &script->answers[hash_bytes(utf8, len, 0) % REMEMBERED];

    if (answer->letters_len != len || memcmp(answer->letters, utf8, len) != 0) {
        size_t made = transliterate(script, utf8, len, latin, size);

        if (made > LATIN_MAX)
            return made;
        memcpy(answer->letters, utf8, len);
        memcpy(answer->latin, latin, made);
        answer->letters_len = (uint8_t)len;
        answer->latin_len = (uint8_t)made;
        return made;
    }
    memcpy(latin, answer->latin, answer->latin_len);
    return answer->latin_len;
}
