/* A model of people as Splink settings: stub to be replaced. */
#include "splink/inner.h"
void splink_export_people(const struct model *model, struct out *out, struct out *lost)
{
    (void)model;
    (void)out;
    (void)lost;
}
