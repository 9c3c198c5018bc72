/// What is asked of a server, beyond its address.
package struct OutgoingRequest: Sendable {
    /// An `http` or `https` URL.
    package let url: String
    /// Fields that go along to this server and to no other.
    package let headers: [CloudRequest.Pair]
    /// Says in words what an answer without a file means; nil for servers of which only the status is known.
    ///
    /// Where it is given, redirects are not followed but explained too: a signature holds for one address.
    package let explain: (@Sendable (ServerAnswer) -> String)?

    /// What is noted as the place that answered, where the URL itself may hold a signature.
    package let shownAs: String?

    /// Whether fields may be added that make the answer depend on a change; some signatures cover those.
    package let takesConditions: Bool

    /// Makes a request for a file that anybody may fetch.
    package init(_ url: String) {
        self.url = url
        headers = []
        explain = nil
        shownAs = nil
        takesConditions = true
    }

    /// Makes a request to a provider's API.
    package init(
        _ request: CloudRequest, shownAs address: String, takesConditions: Bool,
        explain: @escaping @Sendable (ServerAnswer) -> String
    ) {
        shownAs = address
        self.takesConditions = takesConditions
        url = request.url
        headers = request.headers
        self.explain = explain
    }
}

/// The beginning of an answer and its head.
package struct ServerAnswer: Sendable, Equatable {
    /// The HTTP status.
    package let status: Int
    /// The fields of the head by their names in lower case; of several of a name, the first.
    package let fields: [String: String]
    /// The beginning of the body.
    package let body: [UInt8]
    /// Whether ``body`` is all there was.
    package let isComplete: Bool
    /// How long the server asked to wait before the next call.
    package let retryAfter: Duration?

    /// Makes an answer from its parts.
    package init(
        status: Int, fields: [String: String], body: [UInt8], isComplete: Bool = true, retryAfter: Duration? = nil
    ) {
        self.status = status
        self.fields = fields
        self.body = body
        self.isComplete = isComplete
        self.retryAfter = retryAfter
    }

    /// Whether the status is 2xx.
    package var isSuccess: Bool { (200...299).contains(status) }
}
