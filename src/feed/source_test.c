#include "feed/source.h"

#include "test/test.h"

#include <sys/mman.h>
#include <unistd.h>

#include <isa-l/igzip_lib.h>
#include <zstd.h>

enum { TEXT_BYTES = 3000000, PACKED_BYTES = TEXT_BYTES + 100000 };

/* A file in memory, which can be opened again and again by its name. */
static const char *write_file(const void *bytes, size_t size)
{
    static char path[64];
    static int fd = -1;

    if (fd < 0)
        fd = memfd_create("source-test", 0);
    assert_true(fd >= 0);
    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(pwrite(fd, bytes, size, 0), (ssize_t)size);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    return path;
}

/* Text that packs to about a quarter, and does not fit one buffer. */
static char *sample_text(size_t size)
{
    char *text = memory_new(size, 1);
    uint64_t state = 3;

    for (size_t i = 0; i < size; i++)
        text[i] = "abcd,\n"[test_random(&state) % 6];
    return text;
}

static size_t gzip_pack(const char *text, size_t size, char *to, size_t room)
{
    struct isal_zstream stream;

    isal_deflate_init(&stream);
    stream.end_of_stream = 1;
    stream.gzip_flag = IGZIP_GZIP;
    stream.next_in = (uint8_t *)memory_new(size + 1, 1);
    memcpy(stream.next_in, text, size);
    uint8_t *copy = stream.next_in;

    stream.avail_in = (uint32_t)size;
    stream.next_out = (uint8_t *)to;
    stream.avail_out = (uint32_t)room;
    assert_int_equal(isal_deflate(&stream), COMP_OK);
    assert_int_equal(stream.avail_in, 0);
    free(copy);
    return room - stream.avail_out;
}

static size_t zstd_pack(const char *text, size_t size, char *to, size_t room)
{
    ZSTD_CCtx *context = ZSTD_createCCtx();

    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    size_t packed = ZSTD_compress2(context, to, room, text, size);

    assert_false(ZSTD_isError(packed));
    ZSTD_freeCCtx(context);
    return packed;
}

static const struct packer {
    const char *name;
    size_t (*pack)(const char *text, size_t size, char *to, size_t room);
} packers[] = {
    {"gzip", gzip_pack},
    {"zstd", zstd_pack}
};

/* Reads a file in pieces of `step`; false with err if it cannot be read to the end. */
static bool read_all(const char *path, size_t step, char *to, size_t room, size_t *size,
                     struct err *err)
{
    struct source *source;
    size_t got = step;

    *size = 0;
    if (!source_open(path, &source, err))
        return false;
    bool ok = true;

    while (ok && got == step && *size + step <= room) {
        ok = source_read(source, to + *size, step, &got, err);
        *size += ok ? got : 0;
    }
    source_close(source);
    return ok;
}

static void assert_reads_as(const char *path, const char *text, size_t size)
{
    static const size_t steps[] = {1 << 20, 4096, 1000003};
    char *read = memory_new(size + (2 << 20), 1);

    for (size_t i = 0; i < COUNT(steps); i++) {
        size_t got;
        struct err err = {0};

        if (!read_all(path, steps[i], read, size + (2 << 20), &got, &err))
            fail_msg("%s", err.text);
        assert_int_equal(got, size);
        assert_memory_equal(read, text, size);
    }
    free(read);
}

TEST(members_and_frames_one_after_another_read_as_one_text)
{
    char *text = sample_text(TEXT_BYTES), *packed = memory_new(PACKED_BYTES, 1);
    static const size_t cuts[][4] = {
        {0, TEXT_BYTES, TEXT_BYTES, TEXT_BYTES},
        {0, 1,          700001,     TEXT_BYTES},
        {0, 0,          1500000,    TEXT_BYTES}
    };

    for (size_t p = 0; p < COUNT(packers); p++)
        for (size_t i = 0; i < COUNT(cuts); i++) {
            size_t n = 0;

            for (size_t k = 0; k < 3; k++)
                n += packers[p].pack(text + cuts[i][k], cuts[i][k + 1] - cuts[i][k],
                                     packed + n, PACKED_BYTES - n);
            assert_reads_as(write_file(packed, n), text, TEXT_BYTES);
        }
    assert_reads_as(write_file(text, TEXT_BYTES), text, TEXT_BYTES);
    free(packed);
    free(text);
}

TEST(many_small_members_meet_the_ends_of_the_buffer_everywhere)
{
    char *text = sample_text(400000), *packed = memory_new(PACKED_BYTES, 1);

    for (size_t p = 0; p < COUNT(packers); p++) {
        size_t n = 0;

        for (size_t from = 0; from < 400000; from += 50)
            n += packers[p].pack(text + from, 50, packed + n, PACKED_BYTES - n);
        assert_true(n > 1 << 18);
        assert_reads_as(write_file(packed, n), text, 400000);
    }
    free(packed);
    free(text);
}

TEST(compressed_data_cut_short_anywhere_are_an_error)
{
    char text[600], packed[2000], read[4096];
    size_t got;

    memset(text, 'x', sizeof(text));
    for (size_t i = 0; i < sizeof(text); i += 7)
        text[i] = (char)('a' + i % 26);
    for (size_t p = 0; p < COUNT(packers); p++) {
        size_t n = packers[p].pack(text, sizeof(text), packed, sizeof(packed));

        for (size_t cut = 5; cut < n; cut++) {
            struct err err = {0};

            assert_false(read_all(write_file(packed, cut), 1024, read, sizeof(read),
                                  &got, &err));
            assert_int_equal(err.code, ERR_INPUT);
            assert_non_null(strstr(err.text, "fetch the file again"));
        }
    }
}

TEST(a_flipped_bit_is_an_error_or_changes_nothing)
{
    char text[600], packed[2000], read[8192];
    size_t got;

    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)('a' + i * i % 26);
    for (size_t p = 0; p < COUNT(packers); p++) {
        size_t n = packers[p].pack(text, sizeof(text), packed, sizeof(packed));
        size_t found = 0;

        for (size_t bit = 4 * 8; bit < n * 8; bit++) {
            struct err err = {0};

            packed[bit / 8] = (char)(packed[bit / 8] ^ (1 << bit % 8));
            if (!read_all(write_file(packed, n), 1024, read, sizeof(read), &got,
                          &err)) {
                found++;
            } else {
                assert_int_equal(got, sizeof(text));
                assert_memory_equal(read, text, sizeof(text));
            }
            packed[bit / 8] = (char)(packed[bit / 8] ^ (1 << bit % 8));
        }
        assert_true(found > n * 7);
    }
}

TEST(bytes_after_the_last_member_are_an_error_unless_zero)
{
    char packed[2000], read[4096];
    size_t got, n = gzip_pack("id,surname\n", 11, packed, 1000);
    struct err err = {0};

    memset(packed + n, 0, 512);
    assert_true(read_all(write_file(packed, n + 512), 1024, read, 4096, &got, &err));
    assert_int_equal(got, 11);
    memcpy(packed + n, "more", 4);
    assert_false(read_all(write_file(packed, n + 4), 1024, read, 4096, &got, &err));
    assert_int_equal(err.code, ERR_INPUT);
}

TEST(what_cannot_be_read_says_what_to_do)
{
    static const struct {
        const char *bytes, *says;
    } cases[] = {
        {"PK\3\4aaaaaaaaaaa",       "spreadsheet"},
        {"BZh91AY&SY",              "bunzip2"    },
        {"\xff\xfei,d,",            "UTF-16"     },
        {"\xfd"
         "7zXZ_aaaaaaaaa", "unxz"       },
    };
    struct source *source;
    struct err err = {0};

    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *path = write_file(cases[i].bytes, strlen(cases[i].bytes));

        assert_false(source_open(path, &source, &err));
        assert_int_equal(err.code, ERR_INPUT);
        assert_non_null(strstr(err.text, cases[i].says));
    }
    assert_false(source_open("/no/such/file.csv", &source, &err));
    assert_non_null(strstr(err.text, "check the name"));
    assert_false(source_open("/", &source, &err));
    assert_non_null(strstr(err.text, "is a folder"));
}

TESTS(IT(members_and_frames_one_after_another_read_as_one_text),
      IT(many_small_members_meet_the_ends_of_the_buffer_everywhere),
      IT(compressed_data_cut_short_anywhere_are_an_error),
      IT(a_flipped_bit_is_an_error_or_changes_nothing),
      IT(bytes_after_the_last_member_are_an_error_unless_zero),
      IT(what_cannot_be_read_says_what_to_do))
