/* What the child's parts share. */
#pragma once

#include "CVips.h"

typedef struct {
    void *bytes; /* to be released with g_free; NULL if there are none */
    size_t length;
    int width, height;
    CVipsFormat format;
} CVipsEncoded;

/* Starts libvips for the process, without caches, with one thread a picture, and with no loaders but those for JPEG,
 * PNG, WebP, GIF, TIFF and HEIF/AVIF. */
CVipsStatus cvips_prepare(void);

/* Does what is asked for with an open file. */
CVipsStatus cvips_perform(const CVipsRequest *request, int file, CVipsInfo *info, CVipsEncoded *out);

/* Gives up memory above a limit, core dumps, privileges by programs, and signals that are meant for the server; the
 * process dies with the one that started it. Called first. */
void cvips_bound(size_t memory);

/* Gives up other files than those of libraries and of the own folder, other programs, processes and connections; as
 * far as the system knows how. Called when everything is loaded. Answers 0, or -1 if what the system knows failed. */
int cvips_confine(void);
