/*
 * Values on a page: everything that came from a file or a model passes through here.
 */
#include "screen/report.h"

#include <stdio.h>

const struct band probability_bands[REPORT_BANDS] = {
    {990000, "99% or more",  "Very likely the same person"         },
    {900000, "90% to 99%",   "Likely the same person"              },
    {500000, "50% to 90%",   "More likely than not the same person"},
    {100000, "10% to 50%",   "Possibly the same person"            },
    {10000,  "1% to 10%",    "Unlikely to be the same person"      },
    {0,      "less than 1%", "Very unlikely to be the same person" },
};

unsigned probability_band(uint32_t millionths)
{
    unsigned band = 0;

    while (band + 1 < REPORT_BANDS && millionths < probability_bands[band].least)
        band++;
    return band;
}

/* Control characters are not allowed in XML and mean nothing on a page. */
static const char *entity(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return c < 0x20 || c == 0x7f ? " " : NULL;
    }
}

void html_str(struct out *out, struct str text)
{
    size_t from = 0;

    for (size_t i = 0; i < text.len; i++) {
        const char *instead = entity((unsigned char)text.at[i]);

        if (!instead)
            continue;
        out_bytes(out, text.at + from, i - from);
        out_text(out, instead);
        from = i + 1;
    }
    if (from < text.len)
        out_bytes(out, text.at + from, text.len - from);
}

void html_text(struct out *out, const char *text)
{
    html_str(out, str_of(text));
}

static struct str cut(struct str text, size_t most)
{
    if (text.len <= most)
        return text;
    text.len = most;
    while (text.len && ((unsigned char)text.at[text.len] & 0xc0) == 0x80)
        text.len--;
    return text;
}

void html_value(struct out *out, struct str text, size_t most)
{
    struct str rest = cut(text, most), part;
    bool whole = rest.len == text.len;

    for (bool first = true; str_cut(&rest, '|', &part); first = false) {
        if (!first)
            out_text(out, "; ");
        html_str(out, part);
    }
    if (!whole)
        out_text(out, "\xe2\x80\xa6 (cut short)");
}

int32_t bits_hundredths(int32_t bits)
{
    int64_t scaled = (int64_t)bits * 100;
    int64_t half = scaled < 0 ? -BITS_ONE / 2 : BITS_ONE / 2;

    return (int32_t)((scaled + half) / BITS_ONE);
}

void html_hundredths(struct out *out, int32_t hundredths, bool plus)
{
    int64_t size = hundredths < 0 ? -(int64_t)hundredths : hundredths;
    const char *sign = hundredths < 0 ? "\xe2\x88\x92" : plus && size ? "+" : "";

    out_format(out, "%s%lld.%02lld", sign, (long long)(size / 100),
               (long long)(size % 100));
}

void html_count(struct out *out, uint64_t count)
{
    char digits[32];
    int length = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)count);

    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            out_text(out, ",");
        out_bytes(out, &digits[i], 1);
    }
}

/* Rounded down, so that no score ever reads as certain. */
void html_percent(struct out *out, uint32_t millionths)
{
    if (millionths >= 999900)
        out_text(out, "over 99.99%");
    else if (millionths < 100)
        out_text(out, "under 0.01%");
    else if (millionths >= 990000 || millionths < 10000)
        out_format(out, "%u.%02u%%", millionths / 10000, millionths / 100 % 100);
    else
        out_format(out, "%u.%u%%", millionths / 10000, millionths / 1000 % 10);
}

const char *html_plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}
