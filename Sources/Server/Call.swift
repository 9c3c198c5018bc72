package import Hummingbird
import JSON
import NIOCore
import Work

/// One request on its way through an endpoint.
package struct Call: Sendable {
    /// The most bytes of a JSON body.
    static let bodyLimit = 10 << 20

    package let request: Request
    /// The decoded values of the path's parameters, by name.
    let parameters: [String: String]
    package let query: Query
    /// Who asks; nil only where anybody may.
    let caller: Caller?
    /// Where the connection comes from, for the log and for limits.
    let remote: String

    /// Who acts, as the operations know them.
    var actor: Actor {
        get throws {
            guard let caller else { throw ReplyError.unauthorized }
            return caller.actor
        }
    }

    /// What the browser or program calls itself.
    var agent: String { request.headers[.userAgent] ?? "" }

    /// A path parameter; the router has seen to it that it is there.
    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// The value of a declared query parameter.
    func callAsFunction<Value>(_ field: QueryField<Value>) throws -> Value? { try field.read(query) }

    /// The whole body, refused beyond a limit.
    func bytes(limit: Int = Call.bodyLimit) async throws -> ByteBuffer {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw ReplyError(status: .contentTooLarge, "The body is larger than \(limit) bytes.")
        }
        do {
            return try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw ReplyError(status: .contentTooLarge, "The body is larger than \(limit) bytes.")
        }
    }

    /// The body read by a schema; all that is wrong with it is thrown at once.
    func body<Value: Sendable>(_ schema: Schema<Value>, empty: String?) async throws -> Value {
        let buffer = try await bytes()
        return try Self.read(buffer, schema, empty: empty)
    }

    /// Reads bytes by a schema; blank ones count as `empty`.
    static func read<Value: Sendable>(_ buffer: ByteBuffer, _ schema: Schema<Value>, empty: String?) throws -> Value {
        try withJSON(buffer, empty: empty) { root in
            let reader = JSONReader()
            let value = schema(root, reader)
            try reader.finish()
            guard let value else { throw Issues("", "The body cannot be used.") }
            return value
        }
    }

    /// Parses bytes and opens them for reading; blank ones count as `empty`.
    static func withJSON<Result>(
        _ buffer: ByteBuffer, empty: String?, _ body: (JSONValue) throws -> Result
    ) throws -> Result {
        let isBlank = buffer.readableBytesView.allSatisfy { $0 <= 0x20 }
        if isBlank {
            guard let empty else { throw Issues("", "The body is empty; send a JSON object.") }
            return try JSONDocument.read(empty) { try body($0) }
        }
        return try buffer.withUnsafeReadableBytes { try JSONDocument.read($0) { try body($0) } }
    }
}
