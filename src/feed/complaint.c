#include "feed/feed.h"

#include <inttypes.h>

void complaints_head(struct out *out)
{
    out_text(out, "file,row,column,wanted,problem\n");
}

void complaint_write(const struct feed *feed, const struct complaint *complaint,
                     struct out *out)
{
    out_csv(out, str_of(feed_file_name(feed, complaint->file)));
    out_format(out, ",%" PRIu64 ",", complaint->row);
    out_csv(out, str_of(complaint->column));
    out_text(out, ",");
    out_csv(out, str_of(complaint->wanted));
    out_text(out, ",");
    out_csv(out, str_of(complaint->problem));
    out_text(out, "\n");
}
