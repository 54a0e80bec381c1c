/* Version, statuses, the last error, threads. */
#include "check.h"

int main(void)
{
    char text[64];
    char tiny[7];
    size_t needed = 0;

    CHECK(limber_version() == LIMBER_VERSION_MAJOR * 10000 + LIMBER_VERSION_MINOR * 100
                                  + LIMBER_VERSION_PATCH);
    CHECK(limber_threads() >= 1);
    CHECK_OK(limber_set_threads(2));
    CHECK(limber_threads() == 2);
    CHECK_REFUSED(limber_set_threads(4000), LIMBER_STATUS_BAD_VALUE,
                  "threads = 4000: at most 1024");
    CHECK(limber_threads() == 2);

    CHECK_OK(limber_last_error(NULL, 0, &needed));
    CHECK(needed == strlen("threads = 4000: at most 1024") + 1);
    CHECK_OK(limber_last_error(tiny, sizeof tiny, NULL));
    CHECK(strcmp(tiny, "thread") == 0);
    CHECK(limber_last_error(NULL, 5, NULL) == LIMBER_STATUS_NULL_POINTER);
    CHECK_OK(limber_last_error(text, sizeof text, NULL));
    CHECK(strcmp(text, "threads = 4000: at most 1024") == 0);
    puts("status: ok");
    return 0;
}
