/*
 * Pictures by libvips, decoded in a process of its own.
 *
 * A flaw in a decoder that a stranger's file finds must not reach the server: so libvips runs in children of the same
 * program, which have no descriptors, no secrets and no rights beyond what the picture at hand needs. The file comes to
 * them as an open descriptor, beside a request; they answer with a reply and, behind it, the bytes of a picture.
 * Both ends are the same program, so requests and replies are plain structs; what a child says is believed only as far
 * as the caller checks it.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef enum {
    CVIPS_OK = 0,
    CVIPS_UNSUPPORTED, /* no permitted loader knows the file */
    CVIPS_DAMAGED,     /* the file, or what it holds, cannot be decoded */
    CVIPS_TIMEOUT,     /* the time given was not enough */
    CVIPS_FAILED,      /* libvips did not do what it always can */
    CVIPS_TOO_LARGE,   /* the header claims more than the request permits; no pixel was decoded */
} CVipsStatus;

typedef enum { CVIPS_JPEG, CVIPS_PNG, CVIPS_WEBP } CVipsFormat;

typedef enum {
    CVIPS_PROBE,     /* reads the header only; no pixel is decoded */
    CVIPS_THUMBNAIL, /* a small upright sRGB picture, JPEG or, where there is transparency, WebP; never enlarged */
    CVIPS_DISPLAY,   /* an upright sRGB picture of the full size, of 8 bits: PNG if grey or transparent, else JPEG */
    CVIPS_TILES,     /* upright sRGB tiles in the child's folder, t_files/<level>/<column>_<row>.<format>, 0 smallest */
    CVIPS_ENCODE,    /* encodes rows of 8-bit RGB (3 bands) or RGBA (4 bands), which are all that the file holds */
} CVipsTask;

/* What a child is asked for. All but the probe fail if the file ends early. */
typedef struct {
    CVipsTask task;
    int seconds;          /* after which decoding is given up */
    int64_t pixels;       /* the most that the picture may have */
    int64_t whole_pixels; /* the same if it is interlaced */
    int ratio;            /* how many times as long as the shorter side the longer one may be */
    int side;             /* of the thumbnail (the longer one) or of a tile */
    int width, height, bands, quality; /* of what is encoded, and as what: */
    CVipsFormat format;
} CVipsRequest;

typedef struct {
    int width, height; /* as stored, before any turning; 0 if the header could not be read */
    int orientation;   /* EXIF, 1 to 8 */
    int bands;
    int bits; /* a number, 8 or more */
    int pages;
    int own_colours; /* whether they are told by a profile other than sRGB, or are those of print */
    int interlaced; /* whether a JPEG or PNG holds the whole picture several times, ever finer */
} CVipsInfo;

/* What a child answers; as many bytes as `length` says follow. */
typedef struct {
    CVipsStatus status;
    CVipsInfo info;
    CVipsFormat format; /* of the bytes, or of all tiles */
    int width, height;  /* of the picture in the bytes */
    size_t length;
} CVipsReply;

/* The version of libvips. */
const char *cvips_version(void);

/* MARK: The server's end */

typedef enum { CVIPS_ANSWERED, CVIPS_LATE, CVIPS_GONE } CVipsAnswer;

/* What a child says once it is ready. */
extern const char cvips_ready[16];

/* Starts `program` with the words `decode` and `memory` as a child: in a session of its own, so that no signal for the
 * terminal reaches it, in `folder`, without environment, and with nothing open but the socket, which is its standard
 * input. Answers its id, or -1 with errno. The child dies with the thread that calls this. */
pid_t cvips_start(const char *program, const char *memory, const char *folder, int *socket);

/* Sends a request with a file. */
CVipsAnswer cvips_send(int socket, int file, const CVipsRequest *request);

/* Receives so many bytes within so many milliseconds, which are counted down. */
CVipsAnswer cvips_receive(int socket, void *bytes, size_t length, int64_t *milliseconds);

/* Ends a child; first it may end of itself for so many milliseconds. Answers the signal that it died of by then, or 0. */
int cvips_end(pid_t child, int milliseconds);

/* A file without a name, in memory, that holds these bytes; -1 with errno. */
int cvips_file(const void *bytes, size_t length);

/* MARK: The child's end */

/* Gives up every right that decoding does not need, then answers requests from the socket until it is closed.
 * Answers whether the end was a clean one. */
int cvips_serve(int socket, size_t memory);
