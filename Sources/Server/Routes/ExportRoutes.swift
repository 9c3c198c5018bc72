import HTTPTypes
import JSON
import Labeling
import Media
import Storage
import Work

/// Files of many tasks, which jobs write and which can be fetched in parts.
struct ExportRoutes {
    let exports: ExportOperations
    let objects: any ObjectStore

    var endpoints: [Endpoint] { [begin, list, show, cancel, delete, file] }

    private static let shape = Wire.answer(
        "Export",
        [
            .always("id", Wire.identifier, "Ours."),
            .always("format", .enumeration(ExportRow.Format.allCases.map(\.rawValue)), "How tasks are written."),
            .always("name", Wire.text, "How the file is called."),
            .always("filter", .either([Wire.object, .null]), "Which tasks; null where they were named by ids."),
            .always("state", .enumeration(BulkRoutes.states), "How far it is."),
            .always(
                "total", Wire.count, "How many tasks matched when it was asked for; in the end, how many there are."),
            .always("done", Wire.count, "How many are written."),
            .always("bytes", Wire.count, "How many bytes are written."),
            .always("size", .either([Wire.count, .null]), "The size of the file, once it is there."),
            .always("url", TableWire.maybeText, "Where the file is."),
            .always("error", TableWire.maybeText, "Why it failed."),
            .always("created_at", Wire.time, "When it was asked for."),
            .always("finished_at", TableWire.maybeTime, "When it was finished."),
            .always("expires_at", TableWire.maybeTime, "When the file goes."),
            .always("created_by", Wire.text, "Who asked for it."),
        ])

    private struct Asked: Sendable {
        let format: ExportRow.Format
        let selection: TaskSelection
    }

    private static let format = Field(
        "format", .cases as Schema<ExportRow.Format>, default: .jsonl, shownAs: "\"jsonl\"",
        "jsonl: a line a task, as the API returns it; json: the same as an array; csv: a row a task.")
    private static let body = Schema<Asked>.object("NewExport", [format] + TaskSelection.fields) { object in
        let format = object(Self.format)
        return TaskSelection.read(&object).map { Asked(format: format, selection: $0) }
    }

    private var begin: Endpoint {
        .json(
            .post, "/api/exports", "exports", .permitted(.tasksWrite),
            "Writes many tasks to a file: a job does it, newest first; tasks created later are not in it.",
            body: Self.body, empty: nil, answers: Self.shape
        ) { call, asked in
            reply(try await exports.begin(asked.format, asked.selection, by: call.actor))
        }
    }

    private var list: Endpoint {
        NewestFirst("exports", "Exports", of: Self.shape, id: \.id) { $0.write(to: &$1) }
            .endpoint("/api/exports", "exports", .permitted(.tasksRead), "Lists exports, newest first.") {
                after, limit, actor in
                try await exports.list(after: after, limit: limit, by: actor)
            }
    }

    private var show: Endpoint {
        .json(
            .get, "/api/exports/{export}", "exports", .permitted(.tasksRead), "Returns an export.", answers: Self.shape
        ) { call in
            reply(try await exports.show(call.parameter("export"), by: call.actor))
        }
    }

    private var cancel: Endpoint {
        .json(
            .post, "/api/exports/{export}/cancel", "exports", .permitted(.tasksWrite),
            "Stops the writing of an export.", answers: Self.shape
        ) { call in
            reply(try await exports.cancel(call.parameter("export"), by: call.actor))
        }
    }

    private var delete: Endpoint {
        .json(
            .delete, "/api/exports/{export}", "exports", .permitted(.tasksWrite), "Removes an export and its file.",
            answers: Wire.empty
        ) { call in
            try await exports.delete(call.parameter("export"), by: call.actor)
            return .object { _ in }
        }
    }

    private var file: Endpoint {
        Endpoint(
            method: .get, path: "/api/exports/{export}/file", group: "exports",
            summary: "Returns the file of an export, or a part of it.", access: .permitted(.tasksRead), query: [],
            body: nil,
            answer: .init(status: .ok, mediaType: "*/*", shape: StoredFile.bytes, note: "The file."),
            alternatives: [
                .init(status: .partialContent, mediaType: "*/*", shape: StoredFile.bytes, note: "The range asked for.")
            ]
        ) { call in
            let (row, hash) = try await exports.file(call.parameter("export"), by: call.actor)
            let type =
                switch row.format {
                case .jsonl: "application/jsonl"
                case .json: "application/json"
                case .csv: "text/csv; charset=utf-8"
                }
            return try await StoredFile(hash: hash, type: type, name: row.fileName)
                .reply(to: call.request, from: objects)
        }
    }

    private func reply(_ row: ExportRow) -> Reply {
        var writer = JSONWriter()
        row.write(to: &writer)
        return .json(writer)
    }
}
