#include "sample/text_rows.h"

void rows_reserve(struct rows *rows)
{
    if (rows->size - rows->used >= ROW_MAX)
        return;
    rows->size = rows->size * 2 + 64 * ROW_MAX;
    rows->at = memory_grow(rows->at, rows->size, 1);
}

void put_number(struct rows *rows, uint64_t number, int width)
{
    char digits[24];
    int count = 0;

    do {
        digits[sizeof(digits) - 1 - (size_t)count++] = (char)('0' + number % 10);
        number /= 10;
    } while (number || count < width);
    put_bytes(rows, digits + sizeof(digits) - count, (size_t)count);
}

static void pair(char *to, int n)
{
    to[0] = (char)('0' + n / 10);
    to[1] = (char)('0' + n % 10);
}

void put_date(struct rows *rows, struct ymd date)
{
    char *to = rows->at + rows->used;

    pair(to, date.year / 100);
    pair(to + 2, date.year % 100);
    to[4] = '-';
    pair(to + 5, date.month);
    to[7] = '-';
    pair(to + 8, date.day);
    rows->used += 10;
}

void put_day(struct rows *rows, int32_t day)
{
    put_date(rows, ymd_of(day));
}
