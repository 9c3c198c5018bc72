import HTTPTypes
import JSON
import Labeling

/// Prints the OpenAPI 3.1 document of a list of endpoints.
enum OpenAPI {
    static func document(of endpoints: [Endpoint], version: String) -> String {
        var printer = ShapePrinter()
        var writer = JSONWriter(capacity: 200_000)
        writer.object { writer in
            writer.field("openapi", "3.1.0")
            writer.object("info") { writer in
                writer.field("title", "Vernier")
                writer.field("version", version)
                writer.field("description", "Self-hosted data annotation: tasks in, checked answers out.")
            }
            writer.array("servers") { writer in writer.object { $0.field("url", "/") } }
            writer.array("security") { writer in
                for scheme in ["basic", "bearer"] {
                    writer.object { writer in
                        writer.key(scheme)
                        writer.array { _ in }
                    }
                }
            }
            writer.object("paths") { paths(endpoints, &printer, to: &$0) }
            writer.object("components") { components(&printer, to: &$0) }
        }
        return writer.text
    }

    private static func paths(_ endpoints: [Endpoint], _ printer: inout ShapePrinter, to writer: inout JSONWriter) {
        var order: [String] = []
        var byPath: [String: [Endpoint]] = [:]
        for endpoint in endpoints {
            if byPath[endpoint.path] == nil { order.append(endpoint.path) }
            byPath[endpoint.path, default: []].append(endpoint)
        }
        for path in order {
            writer.key(path)
            writer.object { writer in
                for endpoint in byPath[path] ?? [] {
                    writer.key(endpoint.method.rawValue.lowercased())
                    operation(endpoint, &printer, to: &writer)
                }
            }
        }
    }

    private static func operation(_ endpoint: Endpoint, _ printer: inout ShapePrinter, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("operationId", identifier(endpoint))
            writer.field("summary", endpoint.summary)
            writer.array("tags") { $0.value(endpoint.group) }
            parameters(endpoint, &printer, to: &writer)
            if let body = endpoint.body {
                writer.object("requestBody") { writer in
                    writer.field("required", body.isRequired)
                    content(body.mediaType, body.shape, &printer, to: &writer)
                }
            }
            writer.object("responses") { writer in
                for answer in [endpoint.answer] + endpoint.alternatives {
                    writer.key(String(answer.status.code))
                    writer.object { writer in
                        writer.field("description", answer.note)
                        if !answer.headers.isEmpty {
                            writer.object("headers") { writer in
                                for field in answer.headers { header(field, &printer, to: &writer) }
                            }
                        }
                        if let type = answer.mediaType { content(type, answer.shape, &printer, to: &writer) }
                    }
                }
                writer.object("default") { writer in
                    writer.field("description", "Refused or failed, in words.")
                    // What is asked by HEAD is answered without a body.
                    if endpoint.method != .head { content("application/json", Wire.error, &printer, to: &writer) }
                }
            }
            switch endpoint.access {
            case .anyone: writer.array("security") { writer in writer.object { _ in } }
            case .person(let permission):
                writer.array("security") { writer in session(to: &writer) }
                writer.field("x-permission", permission.rawValue)
            case .permitted(let permission): writer.field("x-permission", permission.rawValue)
            }
        }
    }

    private static func header(
        _ field: any HeaderDeclaration, _ printer: inout ShapePrinter, to writer: inout JSONWriter
    ) {
        let schema = printer.print(field.shape)
        writer.key(field.name.rawName)
        writer.object { writer in
            writer.field("description", field.note)
            writer.field("schema", raw: schema)
        }
    }

    private static func session(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.key("session")
            writer.array { _ in }
            writer.key("csrf")
            writer.array { _ in }
        }
    }

    private static func parameters(_ endpoint: Endpoint, _ printer: inout ShapePrinter, to writer: inout JSONWriter) {
        let names = endpoint.segments.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
        guard !names.isEmpty || !endpoint.query.isEmpty || !endpoint.headers.isEmpty else { return }
        writer.key("parameters")
        writer.array { writer in
            for name in names {
                writer.object { writer in
                    writer.field("name", name)
                    writer.field("in", "path")
                    writer.field("required", true)
                    writer.object("schema") { writer in
                        writer.field("type", "string")
                        writer.field("minLength", 1)
                    }
                }
            }
            for field in endpoint.query {
                parameter(
                    field.name, in: "query", field.shape, field.note, isRequired: field.isRequired, &printer,
                    to: &writer)
            }
            for field in endpoint.headers {
                parameter(
                    field.name.rawName, in: "header", field.shape, field.note, isRequired: field.isRequired, &printer,
                    to: &writer)
            }
        }
    }

    private static func parameter(
        _ name: String, in place: String, _ shape: Shape, _ note: String, isRequired: Bool,
        _ printer: inout ShapePrinter, to writer: inout JSONWriter
    ) {
        let schema = printer.print(shape)
        writer.object { writer in
            writer.field("name", name)
            writer.field("in", place)
            writer.field("required", isRequired)
            writer.field("description", note)
            writer.field("schema", raw: schema)
        }
    }

    private static func content(
        _ mediaType: String, _ shape: Shape, _ printer: inout ShapePrinter, to writer: inout JSONWriter
    ) {
        let schema = printer.print(shape)
        writer.object("content") { writer in
            writer.key(mediaType)
            writer.object { $0.field("schema", raw: schema) }
        }
    }

    private static func components(_ printer: inout ShapePrinter, to writer: inout JSONWriter) {
        writer.object("securitySchemes") { writer in
            for scheme in ["basic", "bearer"] {
                writer.key(scheme)
                writer.object { writer in
                    writer.field("type", "http")
                    writer.field("scheme", scheme)
                }
            }
            writer.object("session") { writer in
                writer.field("type", "apiKey")
                writer.field("in", "cookie")
                writer.field("name", Authentication.cookieName)
            }
            writer.object("csrf") { writer in
                writer.field("type", "apiKey")
                writer.field("in", "header")
                writer.field("name", "X-CSRF-Token")
            }
        }
        writer.object("schemas") { writer in
            for (name, schema) in printer.components.sorted(by: { $0.key < $1.key }) {
                writer.key(name)
                writer.raw(schema)
            }
        }
    }

    /// `POST /v1/task/{task}/cancel` becomes `post_v1_task_task_cancel`.
    private static func identifier(_ endpoint: Endpoint) -> String {
        let path = endpoint.path.map { $0.isLetter || $0.isNumber ? $0 : "_" }
        return (endpoint.method.rawValue.lowercased() + String(path)).replacing("__", with: "_")
            .trimmingSuffix(while: { $0 == "_" })
    }
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
        String(reversed().drop(while: predicate).reversed())
    }
}
