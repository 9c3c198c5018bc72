#include "CSimdjson.h"

#include <simdjson.h>

#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <unordered_set>

struct json_parser {
    simdjson::dom::parser parser;
    std::unique_ptr<uint8_t[]> source;
    std::unique_ptr<uint32_t[]> offsets;
    size_t capacity = 0;
    size_t depth = 0;
};

namespace {

constexpr uint64_t payload_mask = 0x00FFFFFFFFFFFFFF;

uint8_t kind(uint64_t word) { return uint8_t(word >> 56); }

std::string_view text(const uint8_t *strings, uint64_t word) {
    const uint8_t *entry = strings + (word & payload_mask);
    uint32_t length;
    std::memcpy(&length, entry, sizeof length);
    return {reinterpret_cast<const char *>(entry + sizeof length), length};
}

size_t after(const uint64_t *tape, size_t index) {
    switch (kind(tape[index])) {
    case '{':
    case '[':
        return uint32_t(tape[index]);
    case 'l':
    case 'u':
    case 'd':
        return index + 2;
    default:
        return index + 1;
    }
}

/// The tape keeps no source positions; the structural indexes do, in the same order.
void locate(const uint64_t *tape, size_t tape_count, const uint8_t *source, const uint32_t *structurals, uint32_t *offsets) {
    size_t structural = 0;
    for (size_t index = 1; index + 1 < tape_count;) {
        uint32_t at = structurals[structural++];
        if (source[at] == ':' || source[at] == ',') continue;
        offsets[index] = at;
        uint8_t k = kind(tape[index]);
        index += (k == 'l' || k == 'u' || k == 'd') ? 2 : 1;
    }
}

/// The tape index of the first key that stands twice in one object, or 0.
size_t duplicate(const uint64_t *tape, size_t tape_count, const uint8_t *strings) {
    constexpr size_t few = 24;
    uint64_t keys[few];
    for (size_t index = 1; index + 1 < tape_count; ) {
        uint8_t k = kind(tape[index]);
        if (k == '{') {
            size_t end = uint32_t(tape[index]) - 1;
            uint64_t members = (tape[index] >> 32) & 0xFFFFFF;
            if (members <= few) {
                size_t count = 0;
                for (size_t key = index + 1; key < end; key = after(tape, key + 1)) {
                    std::string_view name = text(strings, tape[key]);
                    for (size_t other = 0; other < count; other++)
                        if (text(strings, keys[other]) == name) return key;
                    keys[count++] = tape[key];
                }
            } else {
                std::unordered_set<std::string_view> seen;
                for (size_t key = index + 1; key < end; key = after(tape, key + 1))
                    if (!seen.insert(text(strings, tape[key])).second) return key;
            }
        }
        index += (k == 'l' || k == 'u' || k == 'd') ? 2 : 1;
    }
    return 0;
}

} // namespace

json_parser *json_parser_create(void) { return new (std::nothrow) json_parser; }

void json_parser_free(json_parser *parser) { delete parser; }

size_t json_parser_capacity(const json_parser *parser) { return parser->capacity; }

json_status json_parser_parse(json_parser *parser, const uint8_t *bytes, size_t count, size_t max_depth, json_tape *out) {
    if (count > parser->capacity || parser->source == nullptr || parser->depth != max_depth) {
        size_t capacity = count < 4096 ? 4096 : count;
        if (capacity < parser->capacity) capacity = parser->capacity;
        parser->source.reset(new (std::nothrow) uint8_t[capacity + simdjson::SIMDJSON_PADDING]);
        // A tape never has more than one word a byte of text, and three more.
        parser->offsets.reset(new (std::nothrow) uint32_t[capacity + 4]);
        if (!parser->source || !parser->offsets) return json_no_memory;
        if (parser->parser.allocate(capacity, max_depth)) return json_no_memory;
        parser->capacity = capacity;
        parser->depth = max_depth;
    }
    uint8_t *source = parser->source.get();
    if (count > 0) std::memcpy(source, bytes, count);
    std::memset(source + count, ' ', simdjson::SIMDJSON_PADDING);
    auto result = parser->parser.parse(source, count, false);
    if (result.error() == simdjson::DEPTH_ERROR) return json_too_deep;
    if (result.error() == simdjson::MEMALLOC) return json_no_memory;
    if (result.error()) return json_malformed;

    const uint64_t *tape = parser->parser.doc.tape.get();
    size_t tape_count = size_t(tape[0] & payload_mask) ;
    out->tape = tape;
    out->strings = parser->parser.doc.string_buf.get();
    out->source = source;
    out->source_count = count;
    locate(tape, tape_count, source, parser->parser.implementation->structural_indexes.get(), parser->offsets.get());
    out->offsets = parser->offsets.get();
    out->fault = duplicate(tape, tape_count, out->strings);
    return out->fault ? json_duplicate_key : json_ok;
}
