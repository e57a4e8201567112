#include "sample/sha256.h"

#include "test/test.h"

TEST(the_checksum_of_abc_is_that_of_the_standard)
{
    char hex[65];
    struct sha256 *hash = sha256_new(false);

    sha256_add(hash, "abc", 3);
    sha256_end(hash, hex);

    assert_string_equal(
        hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(the_fast_way_agrees_with_the_plain_one_however_the_bytes_are_cut)
{
    static unsigned char bytes[1000];
    uint64_t state = 1;

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)test_random(&state);
    for (size_t size = 0; size < sizeof(bytes); size++) {
        struct sha256 *fast = sha256_new(false), *plain = sha256_new(true);
        size_t cut = size ? test_random(&state) % size : 0;
        char fast_hex[65], plain_hex[65];

        sha256_add(fast, bytes, cut);
        sha256_add(fast, bytes + cut, size - cut);
        sha256_add(plain, bytes, size);
        sha256_end(fast, fast_hex);
        sha256_end(plain, plain_hex);
        assert_string_equal(fast_hex, plain_hex);
    }
}

TESTS(IT(the_checksum_of_abc_is_that_of_the_standard),
      IT(the_fast_way_agrees_with_the_plain_one_however_the_bytes_are_cut))
