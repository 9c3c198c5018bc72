import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// The contract as a document and as a page, both made from the declarations that validate.
struct ContractFiles: Sendable {
    private let document: ByteBuffer
    private let page: ByteBuffer

    init(_ all: [Endpoint], version: String) {
        let endpoints = all.filter(\.isListed)
        document = ByteBuffer(string: OpenAPI.document(of: endpoints, version: version))
        page = ByteBuffer(string: ContractPage.html(endpoints, version: version))
    }

    func reply(to request: Request, path: String) -> Reply? {
        guard request.method == .get else { return nil }
        switch path {
        case "/openapi.json":
            return Reply(headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: document))
        case "/docs", "/docs/":
            return Reply(
                headers: [
                    .contentType: "text/html; charset=utf-8",
                    .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'",
                ], body: ResponseBody(byteBuffer: page))
        default: return nil
        }
    }
}

/// The contract for readers: one page, no scripts.
enum ContractPage {
    static func html(_ endpoints: [Endpoint], version: String) -> String {
        var groups: [String] = []
        for endpoint in endpoints where !groups.contains(endpoint.group) { groups.append(endpoint.group) }
        let menu = groups.map { "<a href=\"#\($0)\">\($0)</a>" }.joined(separator: " ")
        let sections = groups.map { group in
            "<h2 id=\"\(group)\">\(group)</h2>" + endpoints.filter { $0.group == group }.map(operation).joined()
        }
        return """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Vernier API</title>
            <meta name="viewport" content="width=device-width"><style>\(style)</style></head><body><main>
            <h1>Vernier API <small>\(escape(version))</small></h1>
            <p>Authenticate with an API key: as the user name of HTTP Basic, or as a Bearer token. Errors are
            <code>{"status_code", "error", "issues"}</code>. The same contract for programs:
            <a href="/openapi.json">openapi.json</a>.</p><nav>\(menu)</nav>\(sections.joined())</main></body></html>
            """
    }

    private static let style = """
        :root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:0}main{max-width:60rem;margin:2rem auto;
        padding:0 1rem}nav a{margin-right:.75rem}details{border:1px solid #8886;border-radius:6px;margin:.4rem 0;padding:.4rem .8rem}
        summary{cursor:pointer}code,.m{font-family:ui-monospace,monospace}.m{display:inline-block;width:4.5rem;font-weight:600}
        table{border-collapse:collapse;width:100%}td{border-top:1px solid #8884;padding:.25rem .5rem;vertical-align:top}
        """

    private static func operation(_ endpoint: Endpoint) -> String {
        var text = "<details><summary><span class=\"m\">\(endpoint.method.rawValue)</span> <code>"
        text += escape(endpoint.path) + "</code> — " + escape(endpoint.summary) + "</summary>"
        if !endpoint.query.isEmpty {
            text += "<h4>Query</h4><table>"
            for field in endpoint.query { text += row(field.name, kind(field.shape), field.note, field.isRequired) }
            text += "</table>"
        }
        if let body = endpoint.body { text += "<h4>Body, \(escape(body.mediaType))</h4>" + members(body.shape) }
        return text + "<h4>Answer</h4>" + members(endpoint.answer.shape) + "</details>"
    }

    private static func members(_ shape: Shape) -> String {
        guard case .object(_, let fields, _) = shape, !fields.isEmpty else { return "<p>\(kind(shape))</p>" }
        return "<table>" + fields.map { row($0.name.text, kind($0.shape), $0.note, $0.isRequired) }.joined()
            + "</table>"
    }

    private static func row(_ name: String, _ kind: String, _ note: String, _ isRequired: Bool) -> String {
        "<tr><td><code>\(escape(name))</code>\(isRequired ? " *" : "")</td><td>\(escape(kind))</td><td>\(escape(note))</td></tr>"
    }

    private static func kind(_ shape: Shape) -> String {
        switch shape {
        case .any, .text: "anything"
        case .bool: "true or false"
        case .null: "null"
        case .string(_, let format): format ?? "text"
        case .enumeration(let words): words.joined(separator: " | ")
        case .number: "number"
        case .integer: "integer"
        case .array(let element, _): "list of " + kind(element)
        case .object(let name, _, _): name.isEmpty ? "object" : name
        case .either(let shapes): shapes.map(kind).joined(separator: " or ")
        case .reference(let name, _): name
        }
    }

    private static func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;")
    }
}
