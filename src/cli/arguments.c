/*
 * Reads command lines by the command's table. Each option remembers its values and
 * where they came from, so that a complaint can name the place to mend.
 */
#include "cli/cli.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS_MAX = 32 };

struct given {
    const char **texts; /* in the arena */
    size_t count;
    uint64_t number;      /* of OPTION_NUMBER */
    uint32_t probability; /* of OPTION_PROBABILITY, millionths */
    bool settled;         /* by the environment: the config file is not asked */
    const char *from;     /* "--threads", "CANDOUR_THREADS", "threads in x.json" */
};

struct arguments {
    const struct command *command;
    struct arena *arena;
    struct given given[OPTIONS_MAX];
    const char *operands[OPERANDS_MAX];
    size_t operand_count;
};

/* ---- tables ------------------------------------------------------------------------ */

const struct option *command_option(const struct command *command, size_t index)
{
    if (index < command->option_count)
        return &command->options[index];
    index -= command->option_count;
    return index < common_option_count ? &common_options[index] : NULL;
}

static const struct option *option_named(const struct command *command, struct str name,
                                         size_t *index)
{
    const struct option *option;

    for (*index = 0; (option = command_option(command, *index)) != NULL; ++*index)
        if (str_same(str_of(option->name), name))
            return option;
    return NULL;
}

static const struct given *given_named(const struct arguments *arguments,
                                       const char *name)
{
    size_t index;
    const struct option *option =
        option_named(arguments->command, str_of(name), &index);

    assert(option);
    return &arguments->given[index];
}

/* ---- values ------------------------------------------------------------------------- */

bool probability_read(const char *text, uint32_t *millionths)
{
    uint32_t value = 0, unit = 100000;
    const char *at = text;

    while (*at == '0')
        at++;
    if (*at++ != '.' || !isdigit((unsigned char)*at))
        return false;
    for (; isdigit((unsigned char)*at); at++, unit /= 10) {
        if (unit == 0 && *at != '0')
            return false; /* finer than a millionth */
        value += (uint32_t)(*at - '0') * unit;
    }
    if (*at || value == 0)
        return false;
    *millionths = value;
    return true;
}

static bool number_read(const char *text, uint64_t *number)
{
    uint64_t value = 0;

    if (!*text)
        return false;
    for (; *text; text++) {
        if (!isdigit((unsigned char)*text) || value > (UINT64_MAX - 9) / 10)
            return false;
        value = value * 10 + (uint64_t)(*text - '0');
    }
    *number = value;
    return true;
}

static bool is_choice(const char *choices, const char *text)
{
    struct str rest = str_of(choices), choice;

    while (str_cut(&rest, '|', &choice))
        if (str_same(choice, str_of(text)))
            return true;
    return false;
}

static bool wrong_value(const struct given *given, const char *wanted, struct err *err)
{
    return err_set(err, ERR_USAGE, "%s: want %s", given->from, wanted);
}

static bool given_check(const struct option *option, struct given *given,
                        struct err *err)
{
    const char *text = given->texts[given->count - 1];

    if (option->choices && !is_choice(option->choices, text))
        return err_set(err, ERR_USAGE, "%s: want one of %s", given->from,
                       option->choices);
    if (option->kind == OPTION_NUMBER && !number_read(text, &given->number))
        return wrong_value(given, "a whole number such as 2", err);
    if (option->kind == OPTION_PROBABILITY &&
        !probability_read(text, &given->probability))
        return wrong_value(given,
                           "a probability between 0 and 1 such as 0.95, to at most six "
                           "decimal places",
                           err);
    if (option->kind != OPTION_FLAG && !*text)
        return wrong_value(given, "a value, not nothing", err);
    return true;
}

static bool given_add(struct arguments *arguments, const struct option *option,
                      struct given *given, const char *text, struct err *err)
{
    const char **longer =
        arena_alloc(arguments->arena, (given->count + 1) * sizeof(*longer));

    if (given->count)
        memcpy(longer, given->texts, given->count * sizeof(*longer));
    longer[given->count++] = text;
    given->texts = longer;
    return given_check(option, given, err);
}

/* ---- the command line ------------------------------------------------------------------ */

struct words {
    const char *const *at;
    int left;
};

static bool unknown_option(const struct command *command, struct str name,
                           const char *where, struct err *err)
{
    const char *names[OPTIONS_MAX];
    char wrong[64];
    size_t count = 0;

    for (const struct option *option; (option = command_option(command, count));
         count++)
        names[count] = option->name;
    snprintf(wrong, sizeof(wrong), "%.*s", (int)(name.len < 60 ? name.len : 60),
             name.at);

    const char *nearest = nearest_name(wrong, names, count);

    if (nearest)
        return err_set(err, ERR_USAGE, "%s: unknown option --%s, did you mean --%s?",
                       where, wrong, nearest);
    return err_set(err, ERR_USAGE,
                   "%s: unknown option --%s; candour %s --help lists them", where,
                   wrong, command->name);
}

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] == '-' && word[2];
}

/* The words that follow a list option, up to the next option. */
static bool list_take(struct arguments *arguments, const struct option *option,
                      struct given *given, struct words *words, struct err *err)
{
    size_t before = given->count;

    while (words->left && strcmp(words->at[0], "--") != 0 && !is_option(words->at[0])) {
        if (!given_add(arguments, option, given, words->at[0], err))
            return false;
        words->at++;
        words->left--;
    }
    return given->count > before || err_set(err, ERR_USAGE, "--%s: want %s after it",
                                            option->name, option->argument);
}

static bool value_take(struct arguments *arguments, const struct option *option,
                       struct given *given, struct words *words, struct err *err)
{
    if (!words->left || is_option(words->at[0]))
        return err_set(err, ERR_USAGE, "--%s: want %s after it", option->name,
                       option->argument);
    words->left--;
    return given_add(arguments, option, given, *words->at++, err);
}

static bool option_take(struct arguments *arguments, const char *word,
                        struct words *words, struct err *err)
{
    const char *equals = strchr(word, '=');
    struct str name = {word + 2,
                       equals ? (size_t)(equals - word) - 2 : strlen(word) - 2};
    size_t index;
    const struct option *option = option_named(arguments->command, name, &index);

    if (!option)
        return unknown_option(arguments->command, name, arguments->command->name, err);

    struct given *given = &arguments->given[index];

    if (given->count && option->kind != OPTION_LIST)
        return err_set(err, ERR_USAGE, "--%s is given twice; leave one out",
                       option->name);
    given->from = arena_copy(arguments->arena, (struct str){word, name.len + 2});
    if (option->kind == OPTION_FLAG)
        return equals ? err_set(err, ERR_USAGE, "--%s takes no value", option->name)
                      : given_add(arguments, option, given, "1", err);
    if (equals)
        return given_add(arguments, option, given, equals + 1, err);
    return option->kind == OPTION_LIST
               ? list_take(arguments, option, given, words, err)
               : value_take(arguments, option, given, words, err);
}

static bool operand_take(struct arguments *arguments, const char *word, struct err *err)
{
    const struct command *command = arguments->command;
    size_t count = arguments->operand_count;

    if (count == OPERANDS_MAX || !command->operands[count].name)
        return err_set(err, ERR_USAGE,
                       "%s: one word too many after the options and files it takes; "
                       "see candour %s --help",
                       command->name, command->name);
    arguments->operands[arguments->operand_count++] = word;
    return true;
}

static bool words_take(struct arguments *arguments, struct words words, struct err *err)
{
    bool options = true;

    while (words.left) {
        const char *word = *words.at++;
        bool ok;

        words.left--;
        if (options && strcmp(word, "--") == 0) {
            options = false;
            continue;
        }
        if (options && is_option(word))
            ok = option_take(arguments, word, &words, err);
        else if (options && word[0] == '-' && word[1])
            ok =
                err_set(err, ERR_USAGE,
                        "%s: %s: options have two dashes; candour %s --help lists them",
                        arguments->command->name, word, arguments->command->name);
        else
            ok = operand_take(arguments, word, err);
        if (!ok)
            return false;
    }
    return true;
}

/* ---- environment ---------------------------------------------------------------------- */

/* CANDOUR_MAP_LEFT for map-left; `name` has room for 64 bytes. */
static void environment_name(const char *option, char name[64])
{
    snprintf(name, 64, "CANDOUR_%s", option);
    for (char *at = name; *at; at++)
        *at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
}

/* "1", "yes", "true", "0", "no", "false" of a switch. */
static bool switch_read(const struct given *given, const char *text, bool *on,
                        struct err *err)
{
    if (is_choice("1|yes|true|on", text))
        *on = true;
    else if (is_choice("0|no|false|off", text))
        *on = false;
    else
        return wrong_value(given, "yes or no", err);
    return true;
}

/* One value from outside the command line. A list is split at `separator`, if any. */
static bool given_from(struct arguments *arguments, const struct option *option,
                       struct given *given, struct str text, char separator,
                       struct err *err)
{
    struct str part;

    if (option->kind == OPTION_FLAG) {
        bool on = false;

        if (!switch_read(given, arena_copy(arguments->arena, text), &on, err))
            return false;
        return !on || given_add(arguments, option, given, "1", err);
    }
    if (option->kind != OPTION_LIST || !separator)
        return given_add(arguments, option, given, arena_copy(arguments->arena, text),
                         err);
    while (str_cut(&text, separator, &part))
        if (!given_add(arguments, option, given, arena_copy(arguments->arena, part),
                       err))
            return false;
    return true;
}

static bool environment_take(struct arguments *arguments, environment_lookup *lookup,
                             struct err *err)
{
    const struct option *option;

    for (size_t i = 0; (option = command_option(arguments->command, i)) != NULL; i++) {
        struct given *given = &arguments->given[i];
        char name[64];

        environment_name(option->name, name);

        const char *text = lookup(name);

        if (given->count || !text || !*text)
            continue;
        given->settled = true;
        given->from = arena_copy(arguments->arena, str_of(name));
        if (!given_from(arguments, option, given, str_of(text), ':', err))
            return false;
    }
    return true;
}

/* ---- config file ------------------------------------------------------------------------ */

struct config {
    struct arguments *arguments;
    const char *path;
    const char *section;
    bool any_command; /* section "all": options that this command lacks are others' */
    bool ok;
    struct err *err;
};

/* A number or switch of the config as the text that a command line would hold. */
static struct str config_text(struct arena *arena, const struct option *option,
                              const struct json *value)
{
    char text[64];

    if (json_kind(value) == IS_TEXT)
        return str_of(json_text(value));
    if (json_kind(value) == IS_BOOL)
        return str_of(json_bool(value, false) ? "yes" : "no");
    if (json_kind(value) != IS_NUMBER)
        return STR("");
    snprintf(text, sizeof(text), option->kind == OPTION_PROBABILITY ? "%.6f" : "%.17g",
             json_number(value, 0));
    return str_of(arena_copy(arena, str_of(text)));
}

static bool config_option(struct config *config, const struct option *option,
                          struct given *given, const struct json *value)
{
    struct arguments *arguments = config->arguments;
    char from[256];

    snprintf(from, sizeof(from), "%s: %s: %s", config->path, config->section,
             option->name);
    given->from = arena_copy(arguments->arena, str_of(from));
    if (json_kind(value) != IS_LIST)
        return given_from(arguments, option, given,
                          config_text(arguments->arena, option, value), 0, config->err);
    if (option->kind != OPTION_LIST)
        return wrong_value(given, "one value, not a list", config->err);
    for (size_t i = 0; i < json_count(value); i++)
        if (!given_from(arguments, option, given,
                        config_text(arguments->arena, option, json_at(value, i)), 0,
                        config->err))
            return false;
    return true;
}

static void config_member(void *context, const char *name, const struct json *value)
{
    struct config *config = context;
    const struct command *command = config->arguments->command;
    size_t index;

    if (!config->ok)
        return;

    const struct option *option = option_named(command, str_of(name), &index);

    if (!option && !config->any_command)
        config->ok = unknown_option(command, str_of(name), config->path, config->err);
    if (!option)
        return;

    struct given *given = &config->arguments->given[index];

    if (!given->count && !given->settled)
        config->ok = config_option(config, option, given, value);
}

static void config_section(void *context, const char *name, const struct json *value)
{
    struct config *config = context;

    if (config->ok && !command_named(name) && strcmp(name, "all") != 0)
        config->ok = err_set(config->err, ERR_USAGE,
                             "%s: \"%s\" is no command; want an object such as "
                             "{\"wash\": {\"threads\": 2}, \"all\": {\"quiet\": true}}",
                             config->path, name);
    if (config->ok && json_kind(value) != IS_OBJECT)
        config->ok =
            err_set(config->err, ERR_USAGE,
                    "%s: \"%s\": want an object of option names", config->path, name);
}

static bool config_read(struct config *config, const struct json *document)
{
    const char *sections[] = {config->arguments->command->name, "all"};

    if (json_kind(document) != IS_OBJECT)
        return err_set(config->err, ERR_USAGE, "%s: want a JSON object", config->path);
    json_each(document, config, config_section);
    for (size_t i = 0; i < COUNT(sections) && config->ok; i++) {
        const struct json *section = json_get(document, sections[i]);

        config->section = sections[i];
        config->any_command = i == 1;
        if (section)
            json_each(section, config, config_member);
    }
    return config->ok;
}

static bool config_take(struct arguments *arguments, struct err *err)
{
    const char *path = argument_text(arguments, "config");
    struct json *document;

    if (!path)
        return true;
    if (!json_read(path, &document, err))
        return false;

    struct config config = {
        .arguments = arguments, .path = path, .ok = true, .err = err};
    bool ok = config_read(&config, document);

    json_free(document); /* texts were copied */
    return ok;
}

/* ---- what the table demands ------------------------------------------------------------- */

static bool fallbacks_take(struct arguments *arguments, struct err *err)
{
    const struct option *option;

    for (size_t i = 0; (option = command_option(arguments->command, i)) != NULL; i++) {
        struct given *given = &arguments->given[i];

        if (given->count)
            continue;
        if (option->required)
            return err_set(err, ERR_USAGE,
                           "%s: --%s %s is missing; see candour %s --help",
                           arguments->command->name, option->name, option->argument,
                           arguments->command->name);
        given->from = option->name;
        if (option->fallback &&
            !given_add(arguments, option, given, option->fallback, err))
            return false;
    }
    return true;
}

static bool operands_check(const struct arguments *arguments, struct err *err)
{
    const struct command *command = arguments->command;

    for (size_t i = arguments->operand_count; i < OPERANDS_MAX; i++)
        if (command->operands[i].name && command->operands[i].required)
            return err_set(err, ERR_USAGE, "%s: %s is missing; see candour %s --help",
                           command->name, command->operands[i].name, command->name);
    return true;
}

static bool help_asked(int count, const char *const *words)
{
    for (int i = 0; i < count && strcmp(words[i], "--") != 0; i++)
        if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0)
            return true;
    return false;
}

bool arguments_read(const struct command *command, int count, const char *const *words,
                    environment_lookup *lookup, struct arguments **result,
                    struct err *err)
{
    struct arguments *arguments = memory_new(1, sizeof(*arguments));
    bool ok;

    assert(command->option_count + common_option_count <= OPTIONS_MAX);
    arguments->command = command;
    arguments->arena = arena_new();
    if (help_asked(count, words))
        ok = option_take(arguments, "--help", &(struct words){0}, err);
    else
        ok = words_take(arguments, (struct words){words, count}, err) &&
             environment_take(arguments, lookup, err) && config_take(arguments, err) &&
             fallbacks_take(arguments, err) && operands_check(arguments, err);
    if (ok)
        *result = arguments;
    else
        arguments_free(arguments);
    return ok;
}

void arguments_free(struct arguments *arguments)
{
    if (arguments)
        arena_free(arguments->arena);
    free(arguments);
}

/* ---- asking ------------------------------------------------------------------------------- */

bool argument_flag(const struct arguments *arguments, const char *option)
{
    return given_named(arguments, option)->count > 0;
}

const char *argument_text(const struct arguments *arguments, const char *option)
{
    const struct given *given = given_named(arguments, option);

    return given->count ? given->texts[0] : NULL;
}

uint64_t argument_number(const struct arguments *arguments, const char *option)
{
    return given_named(arguments, option)->number;
}

uint32_t argument_probability(const struct arguments *arguments, const char *option)
{
    return given_named(arguments, option)->probability;
}

const char *const *argument_list(const struct arguments *arguments, const char *option,
                                 size_t *count)
{
    const struct given *given = given_named(arguments, option);

    *count = given->count;
    return given->texts;
}

const char *argument_operand(const struct arguments *arguments, size_t index)
{
    return index < arguments->operand_count ? arguments->operands[index] : NULL;
}
