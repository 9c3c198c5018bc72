import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// An HTTP server on 127.0.0.1 whose answers are written byte by byte, so that it can also misbehave.
final class LocalServer: Sendable {
    struct Request: Sendable {
        var method = ""
        var target = ""
        var headers: [(name: String, value: String)] = []
        var body: [UInt8] = []

        subscript(name: String) -> String? {
            headers.first { $0.name.lowercased() == name }?.value
        }
    }

    /// One client's connection.
    struct Connection: Sendable {
        fileprivate let channel: any Channel

        /// Writes text as it is; fails once the client has gone.
        func send(_ text: String) async throws {
            try await send(Array(text.utf8))
        }

        func send(_ bytes: [UInt8]) async throws {
            try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
        }

        func close() async throws {
            try await channel.close().get()
        }

        /// Writes a whole answer.
        func reply(_ status: Int = 200, _ headers: [String: String] = [:], _ body: [UInt8] = []) async throws {
            var head = "HTTP/1.1 \(status) X\r\ncontent-length: \(body.count)\r\n"
            for (name, value) in headers { head += "\(name): \(value)\r\n" }
            try await send(Array((head + "\r\n").utf8) + body)
        }
    }

    typealias Answer = @Sendable (Request, Connection) async throws -> Void

    private let channel: any Channel
    private let seen: SeenRequests
    let port: Int

    static func start(tls: NIOSSLContext? = nil, _ answer: @escaping Answer) async throws -> LocalServer {
        let seen = SeenRequests()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1024)
            .childChannelInitializer { channel in
                seen.addConnection()
                return channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try pipeline.addHandler(Handler(answer: answer, seen: seen))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return LocalServer(channel: channel, seen: seen)
    }

    private init(channel: any Channel, seen: SeenRequests) {
        self.channel = channel
        self.seen = seen
        port = channel.localAddress?.port ?? 0
    }

    /// What has been asked so far, in order.
    var received: [Request] { seen.all }

    /// The number of connections so far.
    var connectionCount: Int { seen.connectionCount }

    func url(_ path: String, host: String = "127.0.0.1") -> String { "http://\(host):\(port)\(path)" }

    func stop() async throws {
        try await channel.close().get()
    }
}

private final class SeenRequests: Sendable {
    private let requests = Mutex<[LocalServer.Request]>([])
    private let connections = Mutex(0)

    var connectionCount: Int { connections.withLock { $0 } }

    func addConnection() {
        connections.withLock { $0 += 1 }
    }

    var all: [LocalServer.Request] { requests.withLock { $0 } }

    func add(_ request: LocalServer.Request) {
        requests.withLock { $0.append(request) }
    }
}

private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart

    private let answer: LocalServer.Answer
    private let seen: SeenRequests
    private var request = LocalServer.Request()

    init(answer: @escaping LocalServer.Answer, seen: SeenRequests) {
        self.answer = answer
        self.seen = seen
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            request = LocalServer.Request(
                method: head.method.rawValue, target: head.uri,
                headers: head.headers.map { (name: $0.name, value: $0.value) })
        case .body(let buffer):
            request.body += buffer.readableBytesView
        case .end:
            let (request, answer) = (request, answer)
            seen.add(request)
            let channel = context.channel
            let connection = LocalServer.Connection(channel: channel)
            Task {
                do {
                    try await answer(request, connection)
                } catch {
                    // The client has gone, which several tests are about.
                    channel.close(promise: nil)
                }
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
