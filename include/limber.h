/*
 * Limber: pose operators over caller-owned bone and keyframe arrays.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 *
 * This header is the manual. It is generated from the library's sources:
 * `LIMBER_WRITE_HEADER=1 cargo build` writes it anew.
 *
 * Conventions
 *   Columns      Matrices hold 16 floats, column-major, translation at 12..14, and act on
 *                column vectors. A bone points along its local +Y axis.
 *   Spaces       armature space: the armature's own space; pose space is another name for it.
 *                basis: a bone's channels as a matrix, relative to its rest pose.
 *   Units        angles in radians, frames in (fractional) frames, lengths in the rig's unit.
 *   Order        quaternions w x y z; axis-angle angle x y z; Euler angles x y z whatever the
 *                order of rotation.
 *   Arrays       one element a bone (or a key), densely packed, float = IEEE 754 binary32.
 *                Masks are bytes: 0 = no, anything else = yes. "3*n" means three a bone.
 *   NULL         a NULL array is an absent one; each function says which may be absent.
 *                A NULL pointer with a count of 0 is an empty array.
 *   struct_size  every view begins with it: zero the struct, then set it to sizeof(the struct).
 *                Views only grow at their end and a zero field is an absent one, so a program
 *                built against an older header goes on working.
 *   Errors       every function returns LIMBER_STATUS_OK (0) or a negative LIMBER_STATUS_*;
 *                limber_last_error() has the calling thread's message, which names the
 *                argument and the index. On error no output was written.
 *   Ownership    the caller owns every buffer; no pointer is kept after a call.
 *   Overlap      an output may overlap no other argument unless its comment says so.
 *   NaN          not-a-number and infinity are carried along within their own bone or curve
 *                and reach no other one (a child bone follows its parent).
 *   Threads      every function may be called from any thread; two calls at the same time must
 *                not share an output. The result never depends on the number of threads.
 *   Linking      on Windows define LIMBER_SHARED to import from limber.dll; a static library,
 *                and every other system, needs no define. C99 or later, C++11 or later.
 */

#ifndef LIMBER_H
#define LIMBER_H

#include <stddef.h>
#include <stdint.h>
#if defined(_WIN32) && defined(LIMBER_SHARED)
#define LIMBER_API __declspec(dllimport)
#else
#define LIMBER_API
#endif

/**
 * Success.
 */
#define LIMBER_STATUS_OK 0

/**
 * A required pointer was NULL.
 */
#define LIMBER_STATUS_NULL_POINTER (-1)

/**
 * A count or stride does not fit.
 */
#define LIMBER_STATUS_BAD_SIZE (-2)

/**
 * A scalar, enum or array element is outside its range.
 */
#define LIMBER_STATUS_BAD_VALUE (-3)

/**
 * A parent does not come before its child, or does not exist.
 */
#define LIMBER_STATUS_BAD_PARENT (-4)

/**
 * An output shares memory with another argument.
 */
#define LIMBER_STATUS_OVERLAP (-5)

/**
 * A buffer of the caller is too small; its `needed` was written where there is one.
 */
#define LIMBER_STATUS_BUFFER_TOO_SMALL (-6)

/**
 * A view's `struct_size` is too small to be one.
 */
#define LIMBER_STATUS_BAD_STRUCT_SIZE (-7)

/**
 * Text is not valid UTF-8.
 */
#define LIMBER_STATUS_BAD_TEXT (-8)

/**
 * Keys are not sorted by frame.
 */
#define LIMBER_STATUS_UNSORTED (-9)

/**
 * A defect of the library, stopped at the boundary.
 */
#define LIMBER_STATUS_PANIC (-100)

/**
 * Major version of this header.
 */
#define LIMBER_VERSION_MAJOR 0

/**
 * Minor version of this header; before 1.0 another minor is another interface.
 */
#define LIMBER_VERSION_MINOR 1

/**
 * Patch version of this header.
 */
#define LIMBER_VERSION_PATCH 0

/**
 * `rotation_mode`: angle and axis.
 */
#define LIMBER_ROTATION_AXIS_ANGLE (-1)

/**
 * `rotation_mode`: quaternion.
 */
#define LIMBER_ROTATION_QUATERNION 0

/**
 * `rotation_mode`: Euler, X first, then Y, then Z.
 */
#define LIMBER_ROTATION_XYZ 1

/**
 * `rotation_mode`: Euler X Z Y.
 */
#define LIMBER_ROTATION_XZY 2

/**
 * `rotation_mode`: Euler Y X Z.
 */
#define LIMBER_ROTATION_YXZ 3

/**
 * `rotation_mode`: Euler Y Z X.
 */
#define LIMBER_ROTATION_YZX 4

/**
 * `rotation_mode`: Euler Z X Y.
 */
#define LIMBER_ROTATION_ZXY 5

/**
 * `rotation_mode`: Euler Z Y X.
 */
#define LIMBER_ROTATION_ZYX 6

/**
 * `rules`: the newest behaviour that this library knows, now that of Blender 5.2.
 */
#define LIMBER_RULES_DEFAULT 0

/**
 * `rules`: do as Blender 4.5 does where the versions differ.
 */
#define LIMBER_RULES_BLENDER_4_5 405

/**
 * `rules`: do as Blender 5.2 does where the versions differ.
 */
#define LIMBER_RULES_BLENDER_5_2 502

#ifdef __cplusplus
extern "C" {
#endif /* __cplusplus */

/* ----------------------------------------------------------------------------------------------
 * Status codes, the last error's text, version and threads
 * ---------------------------------------------------------------------------------------------- */

/**
 * The version of the loaded library: major*10000 + minor*100 + patch.
 *
 * Compare it with LIMBER_VERSION_* of the header a program was built with: another major
 * (before 1.0: another minor) is another interface. Cannot fail.
 */
LIMBER_API int32_t limber_version(void);

/**
 * Text of the last error of the calling thread.
 *
 * buffer  receives UTF-8, always terminated, cut at a character if it does not fit;
 *         NULL only asks for the size
 * size    bytes that buffer holds; 0 with NULL
 * needed  receives the bytes of the whole text with its terminator; may be NULL
 *
 * The text stays until this thread's next error; a success leaves it alone.
 * LIMBER_STATUS_OK, _NULL_POINTER if buffer is NULL and size is not 0, or _BAD_SIZE if needed
 * is not aligned; a refusal by this function leaves no text of its own.
 */
LIMBER_API int32_t limber_last_error(char *buffer, size_t size, size_t *needed);

/**
 * Set how many threads large calls may use.
 *
 * threads  0 = one a core (the default), 1 = only the caller's thread, at most 1024
 *
 * Results do not depend on it. Small calls always stay on the caller's thread.
 * LIMBER_STATUS_OK or _BAD_VALUE.
 */
LIMBER_API int32_t limber_set_threads(uint32_t threads);

/**
 * How many threads large calls use now; at least 1. Cannot fail.
 */
LIMBER_API int32_t limber_threads(void);

#ifdef __cplusplus
} /* extern "C" */
#endif /* __cplusplus */

#endif  /* LIMBER_H */
