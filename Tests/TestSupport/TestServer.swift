import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// An HTTP server on 127.0.0.1 for what the product calls: hosts of pictures, receivers of callbacks.
package final class TestServer: Sendable {
    /// What was asked.
    package struct Request: Sendable {
        package var method = ""
        package var target = ""
        package var body = ""
        fileprivate var headers: [(name: String, value: String)] = []

        /// A header's value.
        package subscript(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
    }

    /// What is answered.
    package struct Reply: Sendable {
        package var status: Int
        package var headers: [(String, String)]
        package var body: [UInt8]

        package init(_ status: Int = 200, _ headers: [(String, String)] = [], body: [UInt8] = []) {
            self.status = status
            self.headers = headers
            self.body = body
        }
    }

    private let channel: any Channel
    private let seen: SharedList<Request>

    /// The port it listens on.
    package let port: Int

    /// Runs a server while `body` runs.
    package static func run<Result>(
        _ answer: @escaping @Sendable (Request) async -> Reply, _ body: (TestServer) async throws -> Result
    ) async throws -> Result {
        let seen = SharedList<Request>()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.pipeline.configureHTTPServerPipeline().flatMapThrowing {
                    try channel.pipeline.syncOperations.addHandler(Handler(answer: answer, seen: seen))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = TestServer(channel: channel, seen: seen)
        do {
            let result = try await body(server)
            try await channel.close().get()
            return result
        } catch {
            try await channel.close().get()
            throw error
        }
    }

    private init(channel: any Channel, seen: SharedList<Request>) {
        self.channel = channel
        self.seen = seen
        port = channel.localAddress?.port ?? 0
    }

    /// What has been asked so far, in order.
    package var received: [Request] { seen.elements }

    /// The address of a path.
    package func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }
}

private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let answer: @Sendable (TestServer.Request) async -> TestServer.Reply
    private let seen: SharedList<TestServer.Request>
    private var request = TestServer.Request()

    init(
        answer: @escaping @Sendable (TestServer.Request) async -> TestServer.Reply,
        seen: SharedList<TestServer.Request>
    ) {
        self.answer = answer
        self.seen = seen
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            request = TestServer.Request(
                method: head.method.rawValue, target: head.uri, body: "",
                headers: head.headers.map { (name: $0.name, value: $0.value) })
        case .body(let buffer): request.body += String(buffer: buffer)
        case .end:
            let (request, answer, channel) = (request, answer, context.channel)
            seen.append(request)
            Task {
                let reply = await answer(request)
                var headers = HTTPHeaders(reply.headers)
                headers.add(name: "content-length", value: String(reply.body.count))
                let head = HTTPResponseHead(
                    version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
                channel.write(HTTPServerResponsePart.head(head), promise: nil)
                channel.write(
                    HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: reply.body))), promise: nil)
                // Several tests are about clients that have gone by now.
                channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
