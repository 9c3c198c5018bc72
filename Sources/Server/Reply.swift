package import HTTPTypes
package import Hummingbird
import JSON
import NIOCore

/// What an endpoint answers.
package struct Reply: Sendable {
    package var status: HTTPResponse.Status
    package var headers: HTTPFields
    package var body: ResponseBody

    package init(status: HTTPResponse.Status = .ok, headers: HTTPFields = [:], body: ResponseBody = ResponseBody()) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// JSON text that is already there.
    static func json(_ writer: JSONWriter, status: HTTPResponse.Status = .ok) -> Reply {
        Reply(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: writer.bytes)))
    }

    /// An object whose members `body` writes.
    static func object(status: HTTPResponse.Status = .ok, _ body: (inout JSONWriter) throws -> Void) rethrows -> Reply {
        var writer = JSONWriter()
        try writer.object { (writer) throws in try body(&writer) }
        return json(writer, status: status)
    }

    /// Text of some media type.
    static func text(_ text: String, type: String, status: HTTPResponse.Status = .ok) -> Reply {
        Reply(status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    var response: Response { Response(status: status, headers: headers, body: body) }
}

/// A refusal that an endpoint words itself.
package struct ReplyError: Error, Sendable {
    package let status: HTTPResponse.Status
    package let message: String
    /// Whether the answer asks for an API key by HTTP's own means; never on pages, where browsers would open a box.
    let challenges: Bool

    package init(status: HTTPResponse.Status, _ message: String, challenges: Bool = false) {
        self.status = status
        self.message = message
        self.challenges = challenges
    }

    static let unauthorized = ReplyError(
        status: .unauthorized,
        "No valid API key provided. Send it as the user name of HTTP Basic authentication or as a Bearer token.",
        challenges: true)
    static let signedOut = ReplyError(status: .unauthorized, "You are not signed in.")
    static let forbidden = ReplyError(status: .forbidden, "This key or person is not permitted to do that.")
    static let noSuchPath = ReplyError(status: .notFound, "There is nothing at this address.")
}
