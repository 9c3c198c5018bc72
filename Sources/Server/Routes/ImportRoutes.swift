import HTTPTypes
import Hummingbird
import JSON
import Labeling
import Logging
import NIOCore
import Storage
import Work

/// Tasks from a stream of lines, and imports as they go on.
struct ImportRoutes {
    let tasks: TaskOperations
    let imports: ImportOperations
    let logger: Logger

    var endpoints: [Endpoint] { [stream, start, list, show, cancel] }

    // MARK: The stream

    private static let project = QueryField<String>.text(
        "project", "The project of lines that name neither a project nor a batch.")
    private static let batch = QueryField<String>.text("batch", "The batch of lines that name neither.")
    private static let dry = QueryField<Bool>.flag("dry_run", "Only tells what would happen, line by line.")
    private static let resumed = QueryField<String>.text(
        "import", "The import to go on with; its id stands in the header Import-Id of the first answer.")
    private static let offset = QueryField<Int>.integer(
        "offset", 0...Int.max, "Where this stream begins in the whole, in bytes: the `bytes` of the import.")
    private static let more = QueryField<Bool>.flag(
        "more", "More lines follow in another call; this one ends with a line.")
    private static let importID = HeaderField(QueryField<String>.text("Import-Id", "The id of the import."))

    private var stream: Endpoint {
        Endpoint(
            method: .post, path: "/api/import", group: "tasks",
            summary:
                "Creates tasks from JSON lines, however many, and answers with a line for each; repeating it changes "
                + "nothing.",
            access: .permitted(.tasksWrite),
            query: [Self.project, Self.batch, Self.dry, Self.resumed, Self.offset, Self.more],
            body: .init(mediaType: "application/x-ndjson", shape: Wire.text, isRequired: false, limit: .max),
            answer: .init(
                status: .ok, mediaType: "application/x-ndjson", shape: Wire.text,
                note: "A line for each line that is not empty, as in ImportReport.lines; the last one has `done`: true "
                    + "with the counts, or false with an `error`.",
                headers: [Self.importID])
        ) { call in
            let actor = try call.actor
            let resumed = try call(Self.resumed)
            let offset = try call(Self.offset)
            if offset != nil, resumed == nil { throw Issues("offset", "`offset` needs `import`.") }
            let run = try await LineImport(
                LineImportRequest(
                    project: try call(Self.project), batch: try call(Self.batch),
                    isDry: try call(Self.dry) ?? false, hasMore: try call(Self.more) ?? false,
                    resumed: resumed.map { ($0, Int64(offset ?? 0)) }),
                in: tasks, by: actor)
            var reply = Reply(
                headers: [.contentType: "application/x-ndjson", .cacheControl: "no-store"],
                body: body(of: run, call.request))
            reply.set(Self.importID, run.row.id)
            return reply
        }
    }

    /// Reads the lines and answers at the same time, each at the pace of its own side.
    private func body(of run: LineImport, _ request: Request) -> ResponseBody {
        ResponseBody { [logger] writer in
            let spool = ReplySpool()
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    try await spool.add(Self.end(of: run, request, to: spool, logger))
                    await spool.finish()
                }
                while let bytes = try await spool.next() { try await writer.write(bytes) }
                try await group.waitForAll()
            }
            try await spool.close()
            try await writer.finish(nil)
        }
    }

    /// Runs an import to its end, which is the last line of the answer.
    private static func end(
        of run: LineImport, _ request: Request, to spool: ReplySpool, _ logger: Logger
    ) async throws -> ByteBuffer {
        do {
            let row = try await run.run(request.body) { outcomes in
                var writer = JSONWriter(capacity: 160 * outcomes.count)
                var bytes = ByteBuffer()
                for outcome in outcomes {
                    outcome.write(to: &writer)
                    writer.drain { bytes.writeBytes($0) }
                    bytes.writeInteger(UInt8(ascii: "\n"))
                }
                try await spool.add(bytes)
            }
            return line { writer in
                writer.field("done", true)
                writer.field("import", row.id)
                writer.field("lines", row.lines)
                writer.field("bytes", Int(row.bytes))
                row.writeCounts(to: &writer)
            }
        } catch let error as StreamBrokenOff {
            logger.debug("the lines of an import broke off", metadata: ["error": "\(error.reason)"])
            return line { writer in
                writer.field("done", false)
                writer.field("import", run.row.id)
                writer.field("error", "The lines broke off.")
            }
        } catch {
            let reply = ErrorReply.words(for: error, path: "/api/import", logger: logger)
            return line { writer in
                writer.field("done", false)
                writer.field("import", run.row.id)
                writer.field("status_code", reply.status.code)
                writer.field("error", reply.message)
            }
        }
    }

    private static func line(_ members: (inout JSONWriter) -> Void) -> ByteBuffer {
        var writer = JSONWriter()
        writer.object { writer in members(&writer) }
        return ByteBuffer(string: writer.text + "\n")
    }

    // MARK: Imports

    private static let result = Wire.answer(
        "ImportResult",
        [
            .always("line", Wire.count, "Its number."),
            .always(
                "outcome", .enumeration(ImportedLine.Outcome.allCases.map(\.rawValue)), "What became of it."),
            .maybe("unique_id", Wire.text, "Yours."), .always("message", Wire.text, "A sentence for people."),
        ])
    private static let shape = Wire.answer(
        "Import",
        [
            .always("id", Wire.identifier, "Ours."),
            .always("kind", .enumeration(ImportRow.Kind.allCases.map(\.rawValue)), "Where its tasks come from."),
            .always("state", .enumeration(["waiting", "running", "done", "canceled", "failed"]), "How it stands."),
            .always("request", Wire.object, "What was asked for."),
            .always("lines", Wire.count, "The last line, or object of a bucket, that was dealt with."),
            .always("bytes", Wire.count, "Where the lines to come begin, in bytes."),
            .always("created", Wire.count, "New tasks."), .always("exists", Wire.count, "Tasks there already."),
            .always("refused", Wire.count, "Lines that are no tasks."),
            .always("ready", Wire.count, "Lines that would become tasks."),
            .always("skipped", Wire.count, "Objects that the pattern does not fit."),
            .always(
                "results", Wire.list(of: result),
                "The first that were refused; in dry runs of a bucket also the first that would become tasks."),
            .maybe("error", Wire.text, "Why it failed."), .always("by", Wire.text, "Who asked for it."),
            .always("created_at", Wire.time, "When it began."),
            .always("updated_at", Wire.time, "When it last went on."),
            .maybe("finished_at", Wire.time, "When it ended."),
        ])

    // MARK: Buckets

    private static let source = RequiredField(
        "source", .string(length: 1...2000),
        "s3://bucket/prefix, gs://bucket/prefix or https://account.blob.core.windows.net/container/prefix.")
    private static let pattern = OptionalField(
        "pattern", .string(length: 1...1000),
        "Which keys, behind the prefix's last slash: * any but slashes, ** any, ? one, [a-f] one of some, {a,b} either."
    )
    private static let regex = OptionalField(
        "regex", .string(length: 1...1000),
        "In place of `pattern`: a regular expression that the same part of a key must fit somewhere.")
    private static let bucketBody = Schema<BucketImportRequest>.object(
        "BucketImport",
        [
            source, pattern, regex, TaskImportRoutes.project, TaskImportRoutes.batch, TaskImportRoutes.dryRun,
            TaskImportRoutes.Defaults.field,
        ]
    ) { object in
        let pattern = object(Self.pattern)
        let regex = object(Self.regex)
        let batch = object(TaskImportRoutes.batch)
        let isDry = object(TaskImportRoutes.dryRun)
        let defaults = object(TaskImportRoutes.Defaults.field)
        guard let source = object(Self.source), let project = object(TaskImportRoutes.project) else { return nil }
        return BucketImportRequest(
            source: source, pattern: pattern, regex: regex, project: project, batch: batch,
            defaults: defaults ?? ImportDefaults(),
            isDry: isDry)
    }

    private var start: Endpoint {
        .json(
            .post, "/api/imports", "tasks", .permitted(.tasksWrite),
            "Begins to create a task for each file under a prefix of a bucket; repeating it changes nothing.",
            body: Self.bucketBody, empty: nil, answers: Self.shape
        ) { call, request in
            Self.reply(try await imports.begin(request, by: call.actor))
        }
    }

    private var list: Endpoint {
        NewestFirst("imports", "Imports", of: Self.shape, id: \.id) { $0.write(to: &$1) }
            .endpoint("/api/imports", "tasks", .permitted(.tasksRead), "Lists imports, newest first.") {
                after, limit, actor in
                try await imports.list(after: after, limit: limit, by: actor)
            }
    }

    private var show: Endpoint {
        .json(
            .get, "/api/imports/{import}", "tasks", .permitted(.tasksRead), "Returns an import.", answers: Self.shape
        ) { call in
            Self.reply(try await imports.show(call.parameter("import"), by: call.actor))
        }
    }

    private var cancel: Endpoint {
        .json(
            .post, "/api/imports/{import}/cancel", "tasks", .permitted(.tasksWrite),
            "Stops an import; what it has created stays.", answers: Self.shape
        ) { call in
            Self.reply(try await imports.cancel(call.parameter("import"), by: call.actor))
        }
    }

    private static func reply(_ row: ImportRow) -> Reply {
        var writer = JSONWriter()
        row.write(to: &writer)
        return .json(writer)
    }
}
