/* Checks of the C programs: a failed one prints where and ends the program. */
#ifndef LIMBER_TEST_CHECK_H
#define LIMBER_TEST_CHECK_H

#include "limber.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                \
    do {                                                                                \
        if (!(condition)) {                                                             \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);             \
            exit(1);                                                                    \
        }                                                                               \
    } while (0)

/* The call succeeds; prints the library's message if it does not. */
#define CHECK_OK(call)                                                                  \
    do {                                                                                \
        const int32_t status_ = (call);                                                 \
        if (status_ != LIMBER_STATUS_OK) {                                              \
            char text_[256];                                                            \
            limber_last_error(text_, sizeof text_, NULL);                               \
            fprintf(stderr, "%s:%d: %s: %d, %s\n", __FILE__, __LINE__, #call,           \
                    (int)status_, text_);                                               \
            exit(1);                                                                    \
        }                                                                               \
    } while (0)

/* The last refusal said this. */
static inline void check_message(const char *expected, int line)
{
    char text[256];
    CHECK(limber_last_error(text, sizeof text, NULL) == LIMBER_STATUS_OK);
    if (strcmp(text, expected) != 0) {
        fprintf(stderr, "line %d: message \"%s\", expected \"%s\"\n", line, text, expected);
        exit(1);
    }
}

#define CHECK_REFUSED(call, status, message)                                            \
    do {                                                                                \
        CHECK((call) == (status));                                                      \
        check_message(message, __LINE__);                                               \
    } while (0)

#define CHECK_NEAR(value, expected, tolerance)                                          \
    CHECK(fabs((double)(value) - (double)(expected)) <= (tolerance))

#endif
