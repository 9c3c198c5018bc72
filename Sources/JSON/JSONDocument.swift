import CSimdjson
import Synchronization

/// What a text may be before it is refused unread.
package struct JSONLimits: Sendable {
    /// Bytes of the whole text.
    package var bytes: Int
    /// Levels of arrays and objects; an empty pair inside the deepest does not count.
    package var depth: Int

    package init(bytes: Int = 10 << 20, depth: Int = 64) {
        self.bytes = bytes
        self.depth = depth
    }
}

/// Parsed JSON text, open for reading while a closure runs.
///
/// simdjson leaves a *tape* (one word a value) that Swift walks without a C call a field. Parsers are kept in a small
/// pool, since their buffers cost more to make than a request body costs to parse.
package enum JSONDocument {
    /// Parses `bytes` and hands the root value to `body`.
    ///
    /// Values point into the parser's memory: none may leave `body`.
    ///
    /// - Throws: `JSONFault` when the text is malformed, too large, too deep, has a number beyond 64 bits or repeats a
    ///   key; otherwise what `body` throws.
    package static func read<Result>(
        _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits(), _ body: (JSONValue) throws -> Result
    ) throws -> Result {
        guard bytes.count <= limits.bytes else {
            throw JSONFault(message: "The body is larger than \(limits.bytes) bytes.")
        }
        guard let parser = ParserPool.shared.take() else { throw JSONFault(message: "Out of memory.") }
        defer { ParserPool.shared.give(parser) }
        var parsed = json_tape()
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        let status = json_parser_parse(parser.pointer, start, bytes.count, limits.depth, &parsed)
        guard status != json_no_memory else { throw JSONFault(message: "Out of memory.") }
        guard status != json_malformed, let tape = Tape(parsed) else {
            throw JSONFaultFinder.find(in: bytes, maximumDepth: limits.depth)
        }
        return try withUnsafePointer(to: tape) { tape in
            guard status == json_ok else {
                throw JSONFault.duplicateKey(at: JSONValue(tape: tape, index: parsed.fault))
            }
            return try body(JSONValue(tape: tape, index: 1))
        }
    }

    /// Parses an array of bytes; see ``read(_:limits:_:)-(UnsafeRawBufferPointer,_,_)``.
    package static func read<Result>(
        _ bytes: [UInt8], limits: JSONLimits = JSONLimits(), _ body: (JSONValue) throws -> Result
    ) throws -> Result {
        try bytes.withUnsafeBytes { try read($0, limits: limits, body) }
    }

    /// Parses a string; see ``read(_:limits:_:)-(UnsafeRawBufferPointer,_,_)``.
    package static func read<Result>(
        _ text: String, limits: JSONLimits = JSONLimits(), _ body: (JSONValue) throws -> Result
    ) throws -> Result {
        var text = text
        return try text.withUTF8 { try read(UnsafeRawBufferPointer($0), limits: limits, body) }
    }
}

/// Where simdjson left its results; valid as long as the parser is not used again.
@usableFromInline struct Tape {
    /// One word a value: the kind in the top byte, the payload below; numbers have their value in a second word.
    @usableFromInline let words: UnsafePointer<UInt64>
    /// The unescaped strings, each behind its 32-bit length.
    @usableFromInline let strings: UnsafePointer<UInt8>
    /// The place in the source of the value, key or bracket at each tape index.
    let offsets: UnsafePointer<UInt32>
    let source: UnsafeBufferPointer<UInt8>

    init?(_ parsed: json_tape) {
        guard let words = parsed.tape, let strings = parsed.strings, let offsets = parsed.offsets else { return nil }
        self.words = words
        self.strings = strings
        self.offsets = offsets
        source = UnsafeBufferPointer(start: parsed.source, count: parsed.source_count)
    }
}

/// Owns a C parser; one thread at a time uses it, which the pool sees to.
private struct Parser: @unchecked Sendable {
    let pointer: OpaquePointer
}

/// Parsers waiting to be used again.
private final class ParserPool: Sendable {
    static let shared = ParserPool()
    /// Bytes of text that waiting parsers may hold memory for, together; each takes about twenty bytes a byte of text.
    private static let keptBytes = 1 << 20

    private struct State {
        var parsers: [Parser] = []
        var bytes = 0
    }

    private let waiting = Mutex(State())

    func take() -> Parser? {
        let waiting = waiting.withLock { waiting in
            let parser = waiting.parsers.popLast()
            if let parser { waiting.bytes -= json_parser_capacity(parser.pointer) }
            return parser
        }
        return waiting ?? json_parser_create().map { Parser(pointer: $0) }
    }

    func give(_ parser: Parser) {
        let capacity = json_parser_capacity(parser.pointer)
        let isKept = waiting.withLock { waiting in
            guard waiting.bytes + capacity <= Self.keptBytes else { return false }
            waiting.bytes += capacity
            waiting.parsers.append(parser)
            return true
        }
        if !isKept { json_parser_free(parser.pointer) }
    }
}
