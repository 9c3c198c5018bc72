#include "CSimdjson.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

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

bool is_number(uint8_t kind) { return kind == 'l' || kind == 'u' || kind == 'd'; }

std::string_view text(const uint8_t *strings, uint64_t word) {
    const uint8_t *entry = strings + (word & payload_mask);
    uint32_t length;
    std::memcpy(&length, entry, sizeof length);
    return {reinterpret_cast<const char *>(entry + sizeof length), length};
}

size_t after(const uint64_t *tape, size_t index) {
    uint8_t k = kind(tape[index]);
    if (k == '{' || k == '[') return uint32_t(tape[index]);
    return index + (is_number(k) ? 2 : 1);
}

/// Tape words that the token beginning with a byte takes: none for separators, two for numbers.
constexpr std::array<uint8_t, 256> words_of_token = [] {
    std::array<uint8_t, 256> words{};
    for (auto &count : words) count = 1;
    words[':'] = words[','] = 0;
    words['-'] = 2;
    for (int digit = '0'; digit <= '9'; digit++) words[digit] = 2;
    return words;
}();

/// The tape keeps no source positions; the structural indexes do, in the same order.
///
/// Without branches: a separator's position is overwritten by that of the token behind it.
void locate(size_t tape_count, const uint8_t *source, const uint32_t *structurals, uint32_t *offsets) {
    for (size_t index = 1; index + 1 < tape_count;) {
        uint32_t at = *structurals++;
        offsets[index] = at;
        index += words_of_token[source[at]];
    }
}

/// Among many members, the tape index of the first key that stands twice, or 0.
///
/// Sorted rather than hashed: a client cannot choose names that make it slow.
size_t duplicate_of_many(const uint64_t *tape, size_t first, size_t end, size_t members, const uint8_t *strings) {
    std::vector<std::pair<std::string_view, size_t>> keys;
    keys.reserve(members);
    for (size_t key = first; key < end; key = after(tape, key + 1)) keys.emplace_back(text(strings, tape[key]), key);
    std::sort(keys.begin(), keys.end());
    size_t found = 0;
    for (size_t at = 1; at < keys.size(); at++)
        if (keys[at].first == keys[at - 1].first && (found == 0 || keys[at].second < found)) found = keys[at].second;
    return found;
}

/// A number that differs for most names; equal ones have the same.
uint64_t fingerprint(const uint8_t *strings, uint64_t word) {
    const uint8_t *entry = strings + (word & payload_mask);
    // Length and first four bytes, then the last four bytes of both together: for short names the length again.
    uint64_t head;
    uint32_t tail;
    std::memcpy(&head, entry, sizeof head);
    uint32_t length = uint32_t(head);
    std::memcpy(&tail, entry + length, sizeof tail);
    if (length < 4) head &= ~uint64_t(0) >> (8 * (4 - length));
    return (head ^ uint64_t(tail) * 0xC2B2AE3D27D4EB4F) * 0x9E3779B97F4A7C15;
}

/// The tape index of a key that stands for the second time in its object, or 0.
size_t duplicate(const uint64_t *tape, size_t tape_count, const uint8_t *strings) {
    constexpr size_t few = 24;
    uint64_t prints[few];
    uint64_t keys[few];
    for (size_t index = 1; index + 1 < tape_count;) {
        uint64_t word = tape[index];
        if (kind(word) == '{') {
            size_t end = uint32_t(word) - 1;
            size_t members = (word >> 32) & 0xFFFFFF;
            if (members > few) {
                if (size_t key = duplicate_of_many(tape, index + 1, end, members, strings)) return key;
            } else if (members > 1) {
                // One bit of the fingerprint tells most names apart, so that few are compared.
                uint64_t seen[8] = {};
                size_t count = 0;
                for (size_t key = index + 1; key < end; key = after(tape, key + 1)) {
                    uint64_t print = fingerprint(strings, tape[key]);
                    uint64_t &bits = seen[print >> 61];
                    uint64_t bit = uint64_t(1) << (print >> 55 & 63);
                    if (bits & bit)
                        for (size_t other = 0; other < count; other++)
                            if (prints[other] == print && text(strings, keys[other]) == text(strings, tape[key])) return key;
                    bits |= bit;
                    prints[count] = print;
                    keys[count++] = tape[key];
                }
            }
        }
        index += is_number(kind(word)) ? 2 : 1;
    }
    return 0;
}

} // namespace

json_parser *json_parser_create(void) { return new (std::nothrow) json_parser; }

void json_parser_free(json_parser *parser) { delete parser; }

size_t json_parser_capacity(const json_parser *parser) { return parser->capacity; }

json_status json_parser_parse(json_parser *parser, const uint8_t *bytes, size_t count, size_t max_depth, json_tape *out) try {
    // simdjson counts the root as a level of its own.
    size_t depth = max_depth + 1;
    if (count > parser->capacity || parser->source == nullptr || parser->depth != depth) {
        size_t capacity = std::max({count, parser->capacity, size_t(4096)});
        parser->capacity = 0;
        parser->source.reset(new uint8_t[capacity + simdjson::SIMDJSON_PADDING]);
        // A tape never has more than one word a byte of text, and three more.
        parser->offsets.reset(new uint32_t[capacity + 4]);
        if (parser->parser.allocate(capacity, depth)) return json_no_memory;
        parser->capacity = capacity;
        parser->depth = depth;
    }
    uint8_t *source = parser->source.get();
    if (count > 0) std::memcpy(source, bytes, count);
    std::memset(source + count, ' ', simdjson::SIMDJSON_PADDING);
    auto result = parser->parser.parse(source, count, false);
    if (result.error() == simdjson::MEMALLOC) return json_no_memory;
    if (result.error()) return json_malformed;

    const uint64_t *tape = parser->parser.doc.tape.get();
    size_t tape_count = size_t(tape[0] & payload_mask);
    out->tape = tape;
    out->strings = parser->parser.doc.string_buf.get();
    out->source = source;
    out->source_count = count;
    locate(tape_count, source, parser->parser.implementation->structural_indexes.get(), parser->offsets.get());
    out->offsets = parser->offsets.get();
    out->fault = duplicate(tape, tape_count, out->strings);
    return out->fault ? json_duplicate_key : json_ok;
} catch (const std::bad_alloc &) {
    return json_no_memory;
}
