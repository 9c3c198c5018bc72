/*
 * The part of libvips that Media uses, as plain functions: libvips itself speaks in variable argument lists and macros,
 * which Swift cannot call. Every function blocks, may be called on any thread, and keeps no state between calls.
 */
#pragma once

#include <stddef.h>

typedef enum {
    CVIPS_OK = 0,
    CVIPS_UNSUPPORTED, /* no permitted loader knows the file */
    CVIPS_DAMAGED,     /* the file, or what it holds, cannot be decoded */
    CVIPS_TIMEOUT,     /* the time given was not enough */
    CVIPS_FAILED,      /* libvips did not do what it always can */
} CVipsStatus;

typedef enum { CVIPS_JPEG, CVIPS_PNG, CVIPS_WEBP } CVipsFormat;

typedef struct {
    int width, height; /* as stored, before any turning */
    int orientation;   /* EXIF, 1 to 8 */
    int bands;
    int bits; /* a number, 8 or more */
    int pages;
    int own_colours; /* whether they are told by a profile other than sRGB, or are those of print */
    int interlaced; /* whether a JPEG or PNG holds the whole picture several times, ever finer */
} CVipsInfo;

typedef struct {
    void *bytes; /* to be released with cvips_release */
    size_t length;
    int width, height;
    CVipsFormat format;
} CVipsEncoded;

/* Starts libvips for the process, without caches, with this many threads a picture, and with no loaders but those for
 * JPEG, PNG, WebP, GIF, TIFF and HEIF/AVIF. */
CVipsStatus cvips_start(int threads);

/* Reads the header only; no pixel is decoded. */
CVipsStatus cvips_probe(const char *path, CVipsInfo *info);

/* Makes a small upright sRGB picture, JPEG or, where there is transparency, WebP. Never enlarges. Decodes the whole
 * file and fails if it ends early. */
CVipsStatus cvips_thumbnail(const char *path, int longest_side, int seconds, CVipsEncoded *out);

/* Makes an upright sRGB picture of the full size, of 8 bits. Fails if the file ends early. */
CVipsStatus cvips_display(const char *path, CVipsFormat format, int turned, int seconds, CVipsEncoded *out);

/* The version of libvips. */
const char *cvips_version(void);

/* Cuts a picture into upright sRGB tiles of side × side pixels, JPEG or, where there is transparency, WebP: for the
 * picture and for its halves, until one tile holds all. They are written as <base>_files/<level>/<column>_<row>.<format>,
 * level 0 being the smallest. Streams: memory is needed for a strip of the picture, not for all of it, unless the decoder
 * of its format needs it or it has to be turned; what is turned is kept in a file meanwhile. */
CVipsStatus cvips_tiles(const char *path, const char *base, int side, int turned, int seconds, CVipsFormat *format);

/* Encodes rows of 8-bit RGB (3 bands) or RGBA (4 bands). */
CVipsStatus cvips_encode(
    const void *pixels, size_t length, int width, int height, int bands, CVipsFormat format, int quality,
    CVipsEncoded *out);

void cvips_release(void *bytes);
