package import Hummingbird
import HTTPTypes
import JSON
import Labeling
import Logging
import NIOCore
import Work

/// Finds the endpoint of a request, lets in who may, and turns every outcome into an answer.
///
/// Paths are split before they are decoded, since names of projects and batches may hold an encoded slash.
package struct Dispatcher: HTTPResponder {
    package typealias Context = ServerContext

    private let routes: RouteTable
    private let authentication: Authentication
    private let proxies: TrustedProxies
    private let fallback: @Sendable (Request, String) async throws -> Reply?

    /// Creates the responder of the server.
    ///
    /// - Parameters:
    ///   - endpoints: Everything that can be asked.
    ///   - authentication: Tells who asks.
    ///   - proxies: Those that say for whom they ask.
    ///   - fallback: Answers paths that no endpoint has, such as the files of the web UI; nil means 404.
    package init(
        endpoints: [Endpoint], authentication: Authentication, proxies: TrustedProxies = TrustedProxies([]),
        fallback: @escaping @Sendable (Request, String) async throws -> Reply?
    ) {
        routes = RouteTable(endpoints)
        self.authentication = authentication
        self.proxies = proxies
        self.fallback = fallback
    }

    package func respond(to request: Request, context: ServerContext) async throws -> Response {
        var reply: Reply
        do {
            reply = try await self.reply(to: request, context: context)
        } catch let error as CancellationError {
            throw error
        } catch {
            reply = ErrorReply.make(error, path: request.uri.path, logger: context.logger)
        }
        if request.method == .head { reply.body = ResponseBody() }
        return reply.response
    }

    private func reply(to request: Request, context: ServerContext) async throws -> Reply {
        let path = request.uri.path
        switch routes.find(request.method, path) {
        case .found(let endpoint, let parameters):
            let remote = proxies.client(of: request, from: context.remote)
            let caller = try await authentication.caller(of: request, for: endpoint, remote: remote)
            let call = Call(
                request: request, parameters: parameters, query: Query(request.uri.query), caller: caller,
                remote: remote)
            return try await endpoint.run(call)
        case .otherMethod(let allowed):
            var reply = ErrorReply.reply(
                ReplyError(status: .methodNotAllowed, "This address takes \(allowed.joined(separator: ", ")) only."))
            reply.headers[.allow] = allowed.joined(separator: ", ")
            return reply
        case .nothing:
            if let reply = try await fallback(request, path) { return reply }
            throw ReplyError.noSuchPath
        }
    }
}

/// What travels with a request.
package struct ServerContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The address of the other end.
    let remote: String

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remote = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}

/// Endpoints by method and path.
struct RouteTable: Sendable {
    enum Match {
        case found(Endpoint, [String: String])
        case otherMethod([String])
        case nothing
    }

    /// A node of the tree of path segments; literal ones go before parameters.
    private struct Node: Sendable {
        var literals: [String: Int] = [:]
        var parameter: Int?
        var endpoints: [(method: HTTPRequest.Method, names: [String], endpoint: Endpoint)] = []
    }

    private var nodes: [Node] = [Node()]

    init(_ endpoints: [Endpoint]) {
        for endpoint in endpoints {
            var at = 0
            var names: [String] = []
            for segment in endpoint.segments {
                let next: Int?
                if segment.hasPrefix("{") {
                    names.append(String(segment.dropFirst().dropLast()))
                    next = nodes[at].parameter
                } else {
                    next = nodes[at].literals[String(segment)]
                }
                if let next {
                    at = next
                } else {
                    nodes.append(Node())
                    if segment.hasPrefix("{") {
                        nodes[at].parameter = nodes.count - 1
                    } else {
                        nodes[at].literals[String(segment)] = nodes.count - 1
                    }
                    at = nodes.count - 1
                }
            }
            nodes[at].endpoints.append((endpoint.method, names, endpoint))
        }
    }

    func find(_ method: HTTPRequest.Method, _ path: String) -> Match {
        // One trailing slash is tolerated; an empty segment elsewhere is not a path of ours.
        var segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        if segments.count > 1, segments.last?.isEmpty == true { segments = segments.dropLast() }
        var matches: [(node: Int, values: [String])] = []
        walk(segments, from: 0, [], &matches)
        for (node, values) in matches {
            guard let match = nodes[node].endpoints.first(where: { $0.method == method }) else { continue }
            return .found(match.endpoint, Dictionary(zip(match.names, values)) { first, _ in first })
        }
        let allowed = Set(matches.flatMap { nodes[$0.node].endpoints.map(\.method.rawValue) }).sorted()
        return allowed.isEmpty ? .nothing : .otherMethod(allowed)
    }

    /// Gathers the nodes that a path leads to, literal segments before parameters.
    private func walk(
        _ segments: ArraySlice<Substring>, from node: Int, _ values: [String],
        _ matches: inout [(node: Int, values: [String])]
    ) {
        guard let segment = segments.first else {
            if !nodes[node].endpoints.isEmpty { matches.append((node, values)) }
            return
        }
        guard !segment.isEmpty else { return }
        let decoded = Query.decode(segment)
        if let next = nodes[node].literals[decoded] { walk(segments.dropFirst(), from: next, values, &matches) }
        if let next = nodes[node].parameter { walk(segments.dropFirst(), from: next, values + [decoded], &matches) }
    }
}
