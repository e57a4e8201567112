/*
 * What a run shows on standard error while it works: a bar on a terminal, drawn up to
 * five times a second; elsewhere a line a minute, so that logs stay short.
 */
#include "cli/cli.h"
#include "screen/screen.h"

#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define BAR_SECONDS  0.2
#define LINE_SECONDS 60.0

enum { BAR_CELLS = 24, WIDTH_DEFAULT = 80 };

const char *number_text(uint64_t number, char text[32])
{
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)number);
    char *to = text;

    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = 0;
    return text;
}

/* "12 s", "3 min 05 s", "2 h 10 min" */
static void time_text(double seconds, char *text, size_t size)
{
    unsigned long whole = (unsigned long)(seconds + 0.5);

    if (whole < 60)
        snprintf(text, size, "%lu s", whole);
    else if (whole < 3600)
        snprintf(text, size, "%lu min %02lu s", whole / 60, whole % 60);
    else
        snprintf(text, size, "%lu h %02lu min", whole / 3600, whole / 60 % 60);
}

/* Share done, 0 to 1; negative if the size of the input is not known. */
static double share_done(const struct progress *progress)
{
    if (progress->bytes_all == 0)
        return -1;

    double share = (double)progress->bytes_done / (double)progress->bytes_all;

    return share > 1 ? 1 : share;
}

static size_t bar_text(double share, char *line, size_t size)
{
    char cells[BAR_CELLS + 1];
    int full = (int)(share * BAR_CELLS);

    for (int i = 0; i < BAR_CELLS; i++)
        cells[i] = i < full ? '#' : '.';
    cells[BAR_CELLS] = 0;
    return (size_t)snprintf(line, size, "[%s] ", cells);
}

void progress_line(const struct progress *progress, int width, char *line, size_t size)
{
    char rows[32], rate[32], hits[32], left[32] = "";
    double share = share_done(progress), seconds = progress->seconds;
    double per_second = seconds > 0 ? (double)progress->rows / seconds : 0;
    size_t used = 0;

    if (width >= WIDTH_DEFAULT && share >= 0)
        used = bar_text(share, line, size);
    if (share > 0 && seconds > 0)
        time_text(seconds * (1 - share) / share, left, sizeof(left));
    if (share >= 0)
        used += (size_t)snprintf(line + used, size - used, "%3.0f%%  ", share * 100);
    snprintf(line + used, size - used, "%s rows, %s/s, %s hits%s%s",
             number_text(progress->rows, rows), number_text((uint64_t)per_second, rate),
             number_text(progress->hits, hits), *left ? ", left " : "", left);
    if (width > 0 && strlen(line) >= (size_t)width && (size_t)width < size)
        line[width - 1] = 0; /* one short, or the terminal goes to the next line */
}

static double seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void shown_open(struct shown *shown, bool quiet)
{
    struct winsize size;

    *shown = (struct shown){.quiet = quiet,
                            .terminal = isatty(STDERR_FILENO) == 1,
                            .started = seconds_now()};
    if (shown->terminal)
        shown->width = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col
                           ? size.ws_col
                           : WIDTH_DEFAULT;
}

/* Whether it is time to show the next state, `seconds` into the run. */
static bool shown_due(struct shown *shown, double seconds)
{
    double wait = shown->terminal ? BAR_SECONDS : LINE_SECONDS;

    if (shown->quiet || seconds - shown->before < wait)
        return false;
    shown->before = seconds;
    return true;
}

static void shown_line(struct shown *shown, const char *line)
{
    if (shown->terminal)
        fprintf(stderr, "\r\033[K%s", line);
    else
        fprintf(stderr, "candour: %s\n", line);
    shown->drawn = shown->terminal;
}

void shown_progress(void *context, const struct progress *progress)
{
    struct shown *shown = context;
    char line[256];

    if (!shown_due(shown, progress->seconds))
        return;
    progress_line(progress, shown->width, line, sizeof(line));
    shown_line(shown, line);
}

void shown_share(struct shown *shown, const char *what, uint64_t done, uint64_t all)
{
    double seconds = seconds_now() - shown->started;
    char line[128], rows[32];

    if (!shown_due(shown, seconds))
        return;
    snprintf(line, sizeof(line), "%3.0f%%  %s %s",
             all ? (double)done / (double)all * 100 : 0.0, number_text(done, rows),
             what);
    shown_line(shown, line);
}

void shown_close(struct shown *shown)
{
    if (shown->drawn)
        fputs("\r\033[K", stderr);
    shown->drawn = false;
}
