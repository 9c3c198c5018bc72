import JSON
import NIOCore

/// Takes `multipart/form-data` apart as it arrives (RFC 7578); holds no more than one delimiter back.
struct MultipartParser {
    enum Event {
        case began(Part)
        case bytes(ByteBuffer)
        case ended
    }

    /// The head of a part.
    struct Part {
        let name: String
        /// The client's name for a file; nil for text parts.
        let fileName: String?
    }

    private enum State {
        case preamble, head, body, done
    }

    private let delimiter: [UInt8]
    private var buffer: [UInt8] = Array("\r\n".utf8)
    private var state = State.preamble
    private static let longestHead = 8192

    /// Prepares for the boundary named in a content type; nil if there is none.
    init?(contentType: String) {
        guard contentType.lowercased().hasPrefix("multipart/form-data"),
            let boundary = Self.parameter("boundary", in: contentType), (1...200).contains(boundary.utf8.count)
        else { return nil }
        delimiter = Array("\r\n--\(boundary)".utf8)
    }

    /// Takes the next bytes in and gives out what they complete.
    ///
    /// - Throws: `Issues` if the body is not well formed.
    mutating func feed(_ chunk: ByteBuffer) throws -> [Event] {
        buffer.append(contentsOf: chunk.readableBytesView)
        var events: [Event] = []
        while try step(&events) {}
        return events
    }

    /// Sees to it that the body was whole.
    func finish() throws {
        guard case .done = state else { throw Self.malformed }
    }

    private static let malformed = Issues("", "The body is not well-formed multipart/form-data.")

    /// Does one thing; false if more bytes are needed.
    private mutating func step(_ events: inout [Event]) throws -> Bool {
        switch state {
        case .done: return false
        case .preamble, .body:
            guard let at = find(delimiter) else {
                // A delimiter may have begun in the last bytes.
                let safe = max(0, buffer.count - delimiter.count)
                if case .body = state, safe > 0 {
                    events.append(.bytes(take(safe)))
                } else if safe > 0 {
                    _ = take(safe)
                }
                return false
            }
            guard buffer.count >= at + delimiter.count + 2 else { return false }
            if case .body = state {
                if at > 0 { events.append(.bytes(take(at))) }
                events.append(.ended)
            } else {
                _ = take(at)
            }
            _ = take(delimiter.count)
            if buffer.starts(with: Array("--".utf8)) {
                state = .done
                return false
            }
            guard buffer.starts(with: Array("\r\n".utf8)) else { throw Self.malformed }
            state = .head
            return true
        case .head:
            guard let at = find(Array("\r\n\r\n".utf8)) else {
                guard buffer.count <= Self.longestHead else { throw Self.malformed }
                return false
            }
            let head = take(at + 4)
            events.append(.began(try Self.part(String(buffer: head))))
            state = .body
            return true
        }
    }

    private mutating func take(_ count: Int) -> ByteBuffer {
        let taken = ByteBuffer(bytes: buffer[..<count])
        buffer.removeFirst(count)
        return taken
    }

    private func find(_ needle: [UInt8]) -> Int? {
        guard buffer.count >= needle.count else { return nil }
        return buffer.withUnsafeBufferPointer { bytes in
            var at = 0
            let last = bytes.count - needle.count
            while at <= last {
                if bytes[at] == needle[0] {
                    var length = 1
                    while length < needle.count, bytes[at + length] == needle[length] { length += 1 }
                    if length == needle.count { return at }
                }
                at += 1
            }
            return nil
        }
    }

    private static func part(_ head: String) throws -> Part {
        for line in head.split(separator: "\r\n") {
            let pair = line.split(separator: ":", maxSplits: 1)
            guard pair.count == 2, pair[0].lowercased() == "content-disposition" else { continue }
            guard let name = parameter("name", in: String(pair[1])) else { break }
            return Part(name: name, fileName: parameter("filename", in: String(pair[1])))
        }
        throw malformed
    }

    /// A parameter of a header's value, quoted or not; quotes inside may be escaped as `\"` or `%22`.
    private static func parameter(_ name: String, in value: String) -> String? {
        var rest = value.drop { $0 != ";" }
        while rest.first == ";" {
            rest = rest.dropFirst().drop { $0 == " " }
            let key = rest.prefix { $0 != "=" && $0 != ";" }
            rest = rest[key.endIndex...]
            guard rest.first == "=" else { continue }
            rest = rest.dropFirst()
            let text = takeValue(&rest)
            if key.lowercased() == name { return text.replacing("%22", with: "\"") }
            rest = rest.drop { $0 != ";" }
        }
        return nil
    }

    private static func takeValue(_ rest: inout Substring) -> String {
        guard rest.first == "\"" else {
            let text = rest.prefix { $0 != ";" && $0 != " " }
            rest = rest[text.endIndex...]
            return String(text)
        }
        rest = rest.dropFirst()
        var text = ""
        while let character = rest.popFirst(), character != "\"" {
            if character == "\\", let escaped = rest.first, escaped == "\"" || escaped == "\\" {
                text.append(escaped)
                rest = rest.dropFirst()
            } else {
                text.append(character)
            }
        }
        return text
    }
}
