import HTTPTypes
import JSON
import Testing

@testable import Server

struct RouteTableTests {
    private static func endpoint(_ method: HTTPRequest.Method, _ path: String) -> Endpoint {
        .json(method, path, "test", .anyone, path, answers: Wire.empty) { _ in .object { _ in } }
    }

    private static let table = RouteTable([
        endpoint(.get, "/v1/tasks"), endpoint(.post, "/v1/task/lineannotation"), endpoint(.post, "/v1/task/{task}"),
        endpoint(.get, "/v1/task/{task}"), endpoint(.post, "/v1/task/{task}/cancel"),
        endpoint(.get, "/v1/batches/{batch}"), endpoint(.get, "/v1/batches/{batch}/status"),
        endpoint(.put, "/v1/studio/batches/{batch}"), endpoint(.post, "/v1/studio/batches/set_priorities"),
        endpoint(.put, "/v1/p/{project}/groups/{group}"), endpoint(.delete, "/v1/task/{name}"),
    ])

    private static func found(_ method: HTTPRequest.Method, _ path: String) -> String {
        switch table.find(method, path) {
        case .found(let endpoint, let values):
            endpoint.path + values.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        case .otherMethod(let allowed): "allow " + allowed.joined(separator: ", ")
        case .nothing: "nothing"
        }
    }

    @Test(arguments: [
        ("/v1/tasks", "/v1/tasks"), ("/v1/tasks/", "/v1/tasks"), ("/v1/tasks//", "nothing"), ("//v1/tasks", "nothing"),
        ("/v1//tasks", "nothing"), ("v1/tasks", "nothing"), ("/", "nothing"), ("", "nothing"), ("/v1", "nothing"),
        ("/v1/task/", "nothing"), ("/V1/tasks", "nothing"), ("/v1/tasks/x", "nothing"),
        ("/v1/task/abc", "/v1/task/{task} task=abc"), ("/v1/task/abc/", "/v1/task/{task} task=abc"),
        ("/v1/task/lineannotation", "/v1/task/{task} task=lineannotation"),
        ("/v1/batches/a%2Fb", "/v1/batches/{batch} batch=a/b"),
        ("/v1/batches/a%2fb/status", "/v1/batches/{batch}/status batch=a/b"),
        ("/v1/batches/a/b", "nothing"), ("/v1/batches/%2F", "/v1/batches/{batch} batch=/"),
        ("/v1/batches/a+b%20c", "/v1/batches/{batch} batch=a+b c"),
        ("/v1/batches/%E6%9D%B1", "/v1/batches/{batch} batch=東"),
        ("/v1/batches/status", "/v1/batches/{batch} batch=status"), ("/v1/batches/..", "/v1/batches/{batch} batch=.."),
        ("/v1/%74asks", "/v1/tasks"), ("/v1/task/a/b", "nothing"),
    ])
    func `a path is split before it is decoded`(_ path: String, _ expected: String) {
        #expect(Self.found(.get, path) == expected)
    }

    @Test(
        arguments: [
            (.post, "/v1/task/lineannotation", "/v1/task/lineannotation"),
            (.post, "/v1/task/other", "/v1/task/{task} task=other"),
            (.post, "/v1/task/lineannotation/cancel", "/v1/task/{task}/cancel task=lineannotation"),
            (.post, "/v1/studio/batches/set_priorities", "/v1/studio/batches/set_priorities"),
            (.put, "/v1/studio/batches/set_priorities", "/v1/studio/batches/{batch} batch=set_priorities"),
            (.put, "/v1/studio/batches/x", "/v1/studio/batches/{batch} batch=x"),
            (.put, "/v1/p/a%2Fb/groups/c%2Fd", "/v1/p/{project}/groups/{group} group=c/d project=a/b"),
            (.delete, "/v1/task/x", "/v1/task/{name} name=x"),
        ] as [(HTTPRequest.Method, String, String)])
    func `words go before parameters, each with the names of its own declaration`(
        _ method: HTTPRequest.Method, _ path: String, _ expected: String
    ) {
        #expect(Self.found(method, path) == expected)
    }

    @Test(
        arguments: [
            (.put, "/v1/tasks", "allow GET"), (.patch, "/v1/task/x", "allow DELETE, GET, POST"),
            (.get, "/v1/task/x/cancel", "allow POST"), (.get, "/v1/none", "nothing"), (.put, "/v1/task", "nothing"),
        ] as [(HTTPRequest.Method, String, String)])
    func `a path that takes other methods says which`(
        _ method: HTTPRequest.Method, _ path: String, _ expected: String
    ) {
        #expect(Self.found(method, path) == expected)
    }
}
