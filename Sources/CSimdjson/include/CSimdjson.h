#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A reusable simdjson parser with its own padded copy of the text.
typedef struct json_parser json_parser;

typedef enum {
    json_ok = 0,
    json_malformed = 1,     // or too deep: a slower scanner finds out what and where
    json_duplicate_key = 2, // `fault` is the tape index of the second key
    json_no_memory = 3,
} json_status;

/// What a parse leaves behind; valid until the parser parses again or is freed.
typedef struct {
    const uint64_t *tape;     // simdjson's tape: kind in the top byte, payload below
    const uint8_t *strings;   // 32-bit length, bytes, NUL
    const uint32_t *offsets;  // source offset of the value, key or bracket at each tape index
    const uint8_t *source;    // the padded copy of the text
    size_t source_count;
    size_t fault;
} json_tape;

json_parser *json_parser_create(void);
void json_parser_free(json_parser *parser);
/// Parses UTF-8 text; `max_depth` counts brackets, where an empty pair inside the deepest is let through.
json_status json_parser_parse(json_parser *parser, const uint8_t *bytes, size_t count, size_t max_depth, json_tape *out);
/// Bytes of text the parser holds memory for, so that a pool can drop those grown by one large body.
size_t json_parser_capacity(const json_parser *parser);

#ifdef __cplusplus
}
#endif
