#define _GNU_SOURCE
#include "Inside.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vips/vips.h>

static void be_quiet(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
    (void)domain, (void)level, (void)message, (void)data;
}

CVipsStatus cvips_prepare(void) {
    /* What libvips remarks about customers' files is for nobody; errors come back as such. */
    g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING | G_LOG_LEVEL_INFO, be_quiet, NULL);
    if (VIPS_INIT("vernier") != 0) return CVIPS_FAILED;
    /* Several pictures at once use the processors better than several threads for one. */
    vips_concurrency_set(1);
    vips_cache_set_max(0);
    vips_cache_set_max_mem(0);
    vips_cache_set_max_files(0);
    vips_block_untrusted_set(TRUE);
    vips_operation_block_set("VipsForeignLoad", TRUE);
    const char *permitted[] = {
        "VipsForeignLoadJpeg", "VipsForeignLoadPng",  "VipsForeignLoadWebp",
        "VipsForeignLoadNsgif", "VipsForeignLoadTiff", "VipsForeignLoadHeif",
    };
    for (size_t i = 0; i < sizeof permitted / sizeof *permitted; i++) vips_operation_block_set(permitted[i], FALSE);
    return CVIPS_OK;
}

/* libvips keeps things for every thread, and what it last complained of. */
static CVipsStatus leave(CVipsStatus status) {
    vips_error_clear();
    vips_thread_shutdown();
    return status;
}

static int is_set(VipsImage *image, const char *name) {
    int value = 0;
    return vips_image_get_typeof(image, name) != 0 && vips_image_get_int(image, name, &value) == 0 && value != 0;
}

/* Profiles name what they are, in ASCII or, from version 4 on, in UTF-16. */
static int names_srgb(const void *profile, size_t length) {
    return memmem(profile, length, "sRGB", 4) != NULL || memmem(profile, length, "s\0R\0G\0B", 7) != NULL;
}

/* Whether colours mean something else than sRGB; making a transform without need costs more than the pixels. */
static int has_own_colours(VipsImage *image) {
    const void *profile = NULL;
    size_t length = 0;
    if (image->Type == VIPS_INTERPRETATION_CMYK) return 1;
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) == 0) return 0;
    return vips_image_get_blob(image, VIPS_META_ICC_NAME, &profile, &length) == 0 && !names_srgb(profile, length);
}

typedef struct {
    int seconds;
    gboolean passed;
} Clock;

static void watch(VipsImage *image, VipsProgress *progress, gpointer data) {
    Clock *clock = data;
    if (progress->run < clock->seconds) return;
    clock->passed = TRUE;
    vips_image_set_kill(image, TRUE);
}

/* From this quality on colours are kept as fine as brightness. */
static const int exact = 90;

static int save(VipsImage *image, CVipsFormat format, int quality, CVipsEncoded *out) {
    out->format = format;
    out->width = vips_image_get_width(image);
    out->height = vips_image_get_height(image);
    switch (format) {
    case CVIPS_JPEG:
        return vips_jpegsave_buffer(
            image, &out->bytes, &out->length, "Q", quality, "strip", TRUE, "subsample_mode",
            quality >= exact ? VIPS_FOREIGN_SUBSAMPLE_OFF : VIPS_FOREIGN_SUBSAMPLE_AUTO, NULL);
    case CVIPS_PNG:
        return vips_pngsave_buffer(image, &out->bytes, &out->length, "strip", TRUE, NULL);
    case CVIPS_WEBP:
        return vips_webpsave_buffer(image, &out->bytes, &out->length, "Q", quality, "strip", TRUE, NULL);
    }
    return -1;
}

/* Every reading of the file begins anew. */
static VipsSource *source_of(int file) {
    if (lseek(file, 0, SEEK_SET) != 0) return NULL;
    return vips_source_new_from_descriptor(file);
}

static VipsImage *opened(int file, VipsAccess access, VipsFailOn fail_on) {
    VipsSource *source = source_of(file);
    VipsImage *image =
        source ? vips_image_new_from_source(source, "", "access", access, "fail_on", fail_on, NULL) : NULL;
    if (source) g_object_unref(source);
    return image;
}

static int is_known(int file) {
    VipsSource *source = source_of(file);
    int known = source != NULL && vips_foreign_find_load_source(source) != NULL;
    if (source) g_object_unref(source);
    return known;
}

static CVipsInfo described(VipsImage *image) {
    return (CVipsInfo) {
        .width = vips_image_get_width(image),
        .height = vips_image_get_height(image),
        .orientation = vips_image_get_orientation(image),
        .bands = vips_image_get_bands(image),
        .bits = (int)(8 * vips_format_sizeof(vips_image_get_format(image))),
        .pages = vips_image_get_n_pages(image),
        .own_colours = has_own_colours(image),
        .interlaced = is_set(image, "jpeg-multiscan") || is_set(image, "interlaced"),
    };
}

static int fits(const CVipsInfo *info, const CVipsRequest *request) {
    int64_t pixels = (int64_t)info->width * info->height;
    int shorter = MIN(info->width, info->height), longer = MAX(info->width, info->height);
    return shorter > 0 && pixels <= (info->interlaced ? request->whole_pixels : request->pixels) &&
        longer <= (int64_t)request->ratio * shorter;
}

/* The picture upright and in sRGB, pixel by pixel as it is asked for. */
static VipsImage *shown(VipsImage *image) {
    VipsImage *upright = NULL, *profiled = NULL, *coloured = NULL;
    int failed = vips_autorot(image, &upright, NULL);
    if (!failed && has_own_colours(upright) && vips_image_get_typeof(upright, VIPS_META_ICC_NAME) != 0) {
        failed = vips_icc_transform(upright, &profiled, "srgb", "embedded", TRUE, NULL);
    }
    if (!failed) failed = vips_colourspace(profiled ? profiled : upright, &coloured, VIPS_INTERPRETATION_sRGB, NULL);
    if (profiled) g_object_unref(profiled);
    if (upright) g_object_unref(upright);
    return failed ? NULL : coloured;
}

static VipsImage *shrunk(int file, int side, int own_colours) {
    VipsImage *small = NULL, *coloured = NULL;
    VipsSource *source = source_of(file);
    if (source == NULL) return NULL;
    int failed = vips_thumbnail_source(
        source, &small, side, "height", side, "size", VIPS_SIZE_DOWN, "option_string", "[fail_on=truncated]",
        own_colours ? "export_profile" : NULL, "srgb", NULL);
    if (!failed) failed = vips_colourspace(small, &coloured, VIPS_INTERPRETATION_sRGB, NULL);
    if (small) g_object_unref(small);
    g_object_unref(source);
    return failed ? NULL : coloured;
}

static int cut(VipsImage *image, int side, CVipsFormat *format) {
    *format = vips_image_hasalpha(image) ? CVIPS_WEBP : CVIPS_JPEG;
    return vips_dzsave(
        image, "t", "layout", VIPS_FOREIGN_DZ_LAYOUT_DZ, "depth", VIPS_FOREIGN_DZ_DEPTH_ONETILE, "tile_size", side,
        "overlap", 0, "suffix", *format == CVIPS_WEBP ? ".webp[Q=88]" : ".jpg[Q=88]", NULL);
}

/* Writes a picture as the request says; from here on every pixel is decoded, and time counts. */
static int written(VipsImage *image, const CVipsRequest *request, int is_exact, Clock *clock, CVipsEncoded *out) {
    vips_image_set_progress(image, TRUE);
    g_signal_connect(image, "eval", G_CALLBACK(watch), clock);
    switch (request->task) {
    case CVIPS_THUMBNAIL: return save(image, vips_image_hasalpha(image) ? CVIPS_WEBP : CVIPS_JPEG, 82, out);
    case CVIPS_DISPLAY: return save(image, is_exact ? CVIPS_PNG : CVIPS_JPEG, 92, out);
    case CVIPS_TILES: return cut(image, request->side, &out->format);
    default: return -1;
    }
}

static CVipsStatus made(const CVipsRequest *request, int file, CVipsInfo *info, CVipsEncoded *out) {
    VipsImage *stored = opened(file, VIPS_ACCESS_SEQUENTIAL, VIPS_FAIL_ON_NONE);
    if (stored == NULL) return is_known(file) ? CVIPS_DAMAGED : CVIPS_UNSUPPORTED;
    *info = described(stored);
    int is_exact = vips_image_hasalpha(stored) || info->bands == 1;
    g_object_unref(stored);
    if (!fits(info, request)) return CVIPS_TOO_LARGE;
    if (request->task == CVIPS_PROBE) return CVIPS_OK;
    VipsImage *image = NULL;
    if (request->task == CVIPS_THUMBNAIL) {
        image = shrunk(file, request->side, info->own_colours);
    } else {
        stored = opened(
            file, info->orientation == 1 ? VIPS_ACCESS_SEQUENTIAL : VIPS_ACCESS_RANDOM, VIPS_FAIL_ON_TRUNCATED);
        if (stored) image = shown(stored);
        if (stored) g_object_unref(stored);
    }
    if (image == NULL) return CVIPS_DAMAGED;
    Clock clock = {request->seconds, FALSE};
    int failed = written(image, request, is_exact, &clock, out);
    g_object_unref(image);
    return !failed ? CVIPS_OK : clock.passed ? CVIPS_TIMEOUT : CVIPS_DAMAGED;
}

static CVipsStatus encoded(const CVipsRequest *request, int file, CVipsEncoded *out) {
    struct stat status;
    size_t length = (size_t)request->width * (size_t)request->height * (size_t)request->bands;
    if (fstat(file, &status) != 0 || (size_t)status.st_size != length || length == 0) return CVIPS_FAILED;
    void *pixels = mmap(NULL, length, PROT_READ, MAP_PRIVATE, file, 0);
    if (pixels == MAP_FAILED) return CVIPS_FAILED;
    VipsImage *coloured = NULL;
    VipsImage *image = vips_image_new_from_memory(
        pixels, length, request->width, request->height, request->bands, VIPS_FORMAT_UCHAR);
    int failed = image == NULL || vips_copy(image, &coloured, "interpretation", VIPS_INTERPRETATION_sRGB, NULL);
    if (!failed) failed = save(coloured, request->format, request->quality, out);
    if (coloured) g_object_unref(coloured);
    if (image) g_object_unref(image);
    munmap(pixels, length);
    return failed ? CVIPS_FAILED : CVIPS_OK;
}

CVipsStatus cvips_perform(const CVipsRequest *request, int file, CVipsInfo *info, CVipsEncoded *out) {
    return leave(request->task == CVIPS_ENCODE ? encoded(request, file, out) : made(request, file, info, out));
}

const char *cvips_version(void) {
    return vips_version_string();
}
