#define _GNU_SOURCE
#include "CVips.h"

#include <string.h>
#include <vips/vips.h>

static void be_quiet(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data) {
    (void)domain, (void)level, (void)message, (void)data;
}

CVipsStatus cvips_start(int threads) {
    /* What libvips remarks about customers' files is for nobody; errors come back as such. */
    g_log_set_handler("VIPS", G_LOG_LEVEL_WARNING | G_LOG_LEVEL_INFO, be_quiet, NULL);
    if (VIPS_INIT("vernier") != 0) return CVIPS_FAILED;
    vips_concurrency_set(threads);
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

/* Our threads are not libvips' own, so it must be told when it may free what it keeps for them. */
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

CVipsStatus cvips_probe(const char *path, CVipsInfo *info) {
    if (vips_foreign_find_load(path) == NULL) return leave(CVIPS_UNSUPPORTED);
    VipsImage *image = vips_image_new_from_file(path, "access", VIPS_ACCESS_SEQUENTIAL, NULL);
    if (image == NULL) return leave(CVIPS_DAMAGED);
    info->width = vips_image_get_width(image);
    info->height = vips_image_get_height(image);
    info->orientation = vips_image_get_orientation(image);
    info->bands = vips_image_get_bands(image);
    info->bits = (int) (8 * vips_format_sizeof(vips_image_get_format(image)));
    info->pages = vips_image_get_n_pages(image);
    info->own_colours = has_own_colours(image);
    info->interlaced = is_set(image, "jpeg-multiscan") || is_set(image, "interlaced");
    g_object_unref(image);
    return leave(CVIPS_OK);
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

static int is_to_be_transformed(const char *path) {
    VipsImage *image = vips_image_new_from_file(path, NULL);
    int has = image != NULL && has_own_colours(image);
    if (image) g_object_unref(image);
    return has;
}

CVipsStatus cvips_thumbnail(const char *path, int longest_side, int seconds, CVipsEncoded *out) {
    VipsImage *small = NULL, *coloured = NULL;
    Clock clock = {seconds, FALSE};
    int failed = is_to_be_transformed(path)
        ? vips_thumbnail(
              path, &small, longest_side, "height", longest_side, "size", VIPS_SIZE_DOWN, "export_profile", "srgb",
              "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL)
        : vips_thumbnail(
              path, &small, longest_side, "height", longest_side, "size", VIPS_SIZE_DOWN, "fail_on",
              VIPS_FAIL_ON_TRUNCATED, NULL);
    if (!failed) failed = vips_colourspace(small, &coloured, VIPS_INTERPRETATION_sRGB, NULL);
    if (!failed) {
        vips_image_set_progress(coloured, TRUE);
        g_signal_connect(coloured, "eval", G_CALLBACK(watch), &clock);
        failed = save(coloured, vips_image_hasalpha(coloured) ? CVIPS_WEBP : CVIPS_JPEG, 82, out);
    }
    if (coloured) g_object_unref(coloured);
    if (small) g_object_unref(small);
    return leave(!failed ? CVIPS_OK : clock.passed ? CVIPS_TIMEOUT : CVIPS_DAMAGED);
}

/// The picture upright and in sRGB, pixel by pixel as it is asked for.
static VipsImage *shown(const char *path, int turned) {
    VipsImage *image = vips_image_new_from_file(
        path, "access", turned ? VIPS_ACCESS_RANDOM : VIPS_ACCESS_SEQUENTIAL, "fail_on", VIPS_FAIL_ON_TRUNCATED, NULL);
    VipsImage *upright = NULL, *profiled = NULL, *coloured = NULL;
    int failed = image == NULL || vips_autorot(image, &upright, NULL);
    if (!failed && has_own_colours(upright) && vips_image_get_typeof(upright, VIPS_META_ICC_NAME) != 0) {
        failed = vips_icc_transform(upright, &profiled, "srgb", "embedded", TRUE, NULL);
    }
    if (!failed) failed = vips_colourspace(profiled ? profiled : upright, &coloured, VIPS_INTERPRETATION_sRGB, NULL);
    if (profiled) g_object_unref(profiled);
    if (upright) g_object_unref(upright);
    if (image) g_object_unref(image);
    return failed ? NULL : coloured;
}

CVipsStatus cvips_display(const char *path, CVipsFormat format, int turned, int seconds, CVipsEncoded *out) {
    Clock clock = {seconds, FALSE};
    VipsImage *image = shown(path, turned);
    if (image == NULL) return leave(CVIPS_DAMAGED);
    vips_image_set_progress(image, TRUE);
    g_signal_connect(image, "eval", G_CALLBACK(watch), &clock);
    int failed = save(image, format, 92, out);
    g_object_unref(image);
    return leave(!failed ? CVIPS_OK : clock.passed ? CVIPS_TIMEOUT : CVIPS_DAMAGED);
}

const char *cvips_version(void) {
    return vips_version_string();
}

CVipsStatus cvips_tiles(const char *path, const char *base, int side, int turned, int seconds, CVipsFormat *format) {
    Clock clock = {seconds, FALSE};
    VipsImage *image = shown(path, turned);
    if (image == NULL) return leave(CVIPS_DAMAGED);
    *format = vips_image_hasalpha(image) ? CVIPS_WEBP : CVIPS_JPEG;
    vips_image_set_progress(image, TRUE);
    g_signal_connect(image, "eval", G_CALLBACK(watch), &clock);
    int failed = vips_dzsave(
        image, base, "layout", VIPS_FOREIGN_DZ_LAYOUT_DZ, "depth", VIPS_FOREIGN_DZ_DEPTH_ONETILE, "tile_size", side,
        "overlap", 0, "suffix", *format == CVIPS_WEBP ? ".webp[Q=88]" : ".jpg[Q=88]", NULL);
    g_object_unref(image);
    return leave(!failed ? CVIPS_OK : clock.passed ? CVIPS_TIMEOUT : CVIPS_DAMAGED);
}

CVipsStatus cvips_encode(
    const void *pixels, size_t length, int width, int height, int bands, CVipsFormat format, int quality,
    CVipsEncoded *out) {
    VipsImage *image = vips_image_new_from_memory(pixels, length, width, height, bands, VIPS_FORMAT_UCHAR);
    VipsImage *coloured = NULL;
    int failed = image == NULL || vips_copy(image, &coloured, "interpretation", VIPS_INTERPRETATION_sRGB, NULL);
    if (!failed) failed = save(coloured, format, quality, out);
    if (coloured) g_object_unref(coloured);
    if (image) g_object_unref(image);
    return leave(failed ? CVIPS_FAILED : CVIPS_OK);
}

void cvips_release(void *bytes) {
    g_free(bytes);
}
