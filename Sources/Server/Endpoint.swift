import HTTPTypes
import JSON
package import Labeling

/// One thing the server can be asked: the declaration that routes, checks access, reads the body and prints the contract.
package struct Endpoint: Sendable {
    /// Who may ask.
    package enum Access: Sendable {
        /// Anybody, without credentials.
        case anyone
        /// Whoever has the permission: a key by its scope, a person by the role.
        case permitted(Permission)
        /// A person with a session, for what keys cannot do.
        case person(Permission)
    }

    /// What stands in the request body.
    package struct Body: Sendable {
        let mediaType: String
        let shape: Shape
        let isRequired: Bool
        /// The most bytes that are read of it.
        let limit: Int
    }

    /// One answer the contract promises.
    package struct Answer: Sendable {
        let status: HTTPResponse.Status
        /// Nil for an answer without a body.
        let mediaType: String?
        let shape: Shape
        let note: String
        /// What stands in its head.
        var headers: [any HeaderDeclaration] = []
    }

    let method: HTTPRequest.Method
    /// Segments; one in braces is a parameter.
    let path: String
    let group: String
    let summary: String
    let access: Access
    let query: [any QueryDeclaration]
    /// What is read of the request's head.
    var headers: [any HeaderDeclaration] = []
    let body: Body?
    let answer: Answer
    /// Further answers that are told apart.
    var alternatives: [Answer] = []
    /// Whether the contract shows it; refusals of what does not exist are not shown.
    var isListed = true
    let run: @Sendable (Call) async throws -> Reply

    /// The same endpoint, left out of the contract.
    var unlisted: Endpoint {
        var endpoint = self
        endpoint.isListed = false
        return endpoint
    }

    var segments: [Substring] { path.split(separator: "/") }

    /// A JSON endpoint without a body, or one that ignores it.
    static func json(
        _ method: HTTPRequest.Method, _ path: String, _ group: String, _ access: Access, _ summary: String,
        query: [any QueryDeclaration] = [], answers shape: Shape,
        _ run: @escaping @Sendable (Call) async throws -> Reply
    ) -> Endpoint {
        Endpoint(
            method: method, path: path, group: group, summary: summary, access: access, query: query, body: nil,
            answer: Answer(status: .ok, mediaType: "application/json", shape: shape, note: "Done."), run: run)
    }

    /// A JSON endpoint that reads its body by a schema.
    ///
    /// `empty`: what an empty body means, since clients send one for empty objects and arrays; nil refuses it.
    static func json<Value: Sendable>(
        _ method: HTTPRequest.Method, _ path: String, _ group: String, _ access: Access, _ summary: String,
        query: [any QueryDeclaration] = [], body schema: Schema<Value>, empty: String? = "{}", answers shape: Shape,
        _ run: @escaping @Sendable (Call, Value) async throws -> Reply
    ) -> Endpoint {
        Endpoint(
            method: method, path: path, group: group, summary: summary, access: access, query: query,
            body: Body(
                mediaType: "application/json", shape: schema.shape, isRequired: empty == nil, limit: Call.bodyLimit),
            answer: Answer(status: .ok, mediaType: "application/json", shape: shape, note: "Done.")
        ) { call in
            let value = try await call.body(schema, empty: empty)
            return try await run(call, value)
        }
    }
}
