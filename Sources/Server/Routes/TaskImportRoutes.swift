import HTTPTypes
import JSON
import Labeling
import Work

/// Many tasks at once: from tables, lists of addresses, or rows.
struct TaskImportRoutes {
    let tasks: TaskOperations

    var endpoints: [Endpoint] { [importTasks] }

    static let project = RequiredField("project", .string(length: 1...1000), "An existing project's name.")
    static let batch = OptionalField("batch", .string(length: 1...1000), "An existing batch's name.")
    static let dryRun = Field(
        "dry_run", .bool, default: false, shownAs: "false", "Only tells what would happen, line by line.")
    private static let csv = OptionalField(
        "csv", .string(length: 0...10_000_000),
        "A table whose first line names the columns, separated by commas, semicolons or tabs.")
    private static let columns = OptionalField(
        "columns", Schema<[(key: String, value: ImportTarget)]>.dictionary(of: target, count: 0...1000),
        "What the table's columns are for, by name; others are left out. Guessed without this. One of attachment, "
            + "unique_id, priority, tags, instruction, callback_url, metadata.<name>, params.<name>, or an empty text.")
    private static let urls = OptionalField(
        "urls", .string(length: 0...10_000_000),
        "One address, or text where the task type takes texts, a line; empty lines and those that begin with # are "
            + "passed over.")
    private static let rows = OptionalField(
        "rows", .array(of: .anyObject(), count: 0...ImportReport.mostLines),
        "Tasks as `POST /v1/task/{type}` takes them.")

    private static let target = Schema<ImportTarget>(.string(length: 0...1000, format: nil)) { value, reader in
        guard let target = value.string.flatMap({ ImportTarget(name: $0) }) else {
            reader.report(
                value,
                "must be one of attachment, unique_id, priority, tags, instruction, callback_url, metadata.<name>, "
                    + "params.<name>, or empty")
            return nil
        }
        return target
    }

    private static let body = Schema<ImportRequest>.object(
        "TaskImport", [project, batch, dryRun, csv, columns, urls, rows, Defaults.field]
    ) { object in
        let project = object(Self.project)
        let batch = object(Self.batch)
        let isDry = object(dryRun)
        let csv = object(Self.csv)
        let columns = object(Self.columns)
        let urls = object(Self.urls)
        let rows = object(Self.rows)
        let defaults = object(Defaults.field)
        let given: [ImportSource?] = [
            csv.map { ImportSource.csv($0, columns: columns) }, urls.map { ImportSource.lines($0) },
            rows.map { ImportSource.rows($0) },
        ]
        let sources = given.compactMap(\.self)
        guard sources.count == 1 else {
            object.reader.add(
                Issue(path: "", message: "The body must have exactly one of `csv`, `urls` and `rows`."))
            return nil
        }
        guard let project else { return nil }
        return ImportRequest(
            project: project, batch: batch, source: sources[0], defaults: defaults ?? ImportDefaults(), isDry: isDry)
    }

    enum Defaults {
        static let priority = OptionalField("priority", .integer(10...30), "10, 20 or 30.")
        static let tags = OptionalField("tags", TaskCommon.tagList, "At most 5.")
        static let callback = OptionalField(
            "callback_url", TaskCommon.callbackAddress, "Where the answers are sent.")
        static let instruction = OptionalField("instruction", .string(), "What to do, in Markdown.")
        static let metadata = OptionalField(
            "metadata", .anyObject(bytes: 10 * 1024), "Put beside what the lines bring.")
        static let schema = Schema<ImportDefaults>.object(
            "ImportDefaults", [priority, tags, callback, instruction, metadata]
        ) { object in
            var defaults = ImportDefaults()
            defaults.priority = object(priority)
            defaults.tags = object(tags)
            defaults.callbackURL = object(callback)
            defaults.instruction = object(instruction)
            defaults.metadata = object(metadata)
            return defaults
        }
        static let field = OptionalField("defaults", schema, "For lines that do not bring their own.")
    }

    private static let line = Wire.answer(
        "ImportedLine",
        [
            .always("line", Wire.count, "Its number in the text from 1, or the row's."),
            .always(
                "outcome", .enumeration(ImportedLine.Outcome.allCases.map(\.rawValue)),
                "`exists`: its task was there already, nothing was changed; `ready`: would be created."),
            .maybe("task_id", Wire.identifier, "The task, new or already there."),
            .maybe("unique_id", Wire.text, "Yours."), .always("message", Wire.text, "A sentence for people."),
        ])
    private static let column = Wire.answer(
        "ImportColumn",
        [
            .always("name", Wire.text, "As the table has it."), .always("target", Wire.text, "What it is for."),
            .always("example", Wire.text, "What stands in its first line."),
        ])
    private static let report = Wire.answer(
        "ImportReport",
        [
            .always("dry_run", .bool, "Whether nothing was stored."),
            .maybe("columns", Wire.list(of: column), "The table's columns and what they were taken for."),
            .always("created", Wire.count, "New tasks."), .always("exists", Wire.count, "Tasks there already."),
            .always("refused", Wire.count, "Lines that are no tasks."),
            .always("ready", Wire.count, "Lines that would become tasks."),
            .always("lines", Wire.list(of: line), "What became of each line."),
        ])

    private var importTasks: Endpoint {
        .json(
            .post, "/api/tasks/import", "tasks", .permitted(.tasksWrite),
            "Creates up to \(ImportReport.mostLines) tasks, each judged alone; repeating it changes nothing.",
            body: Self.body, empty: nil, answers: Self.report
        ) { call, request in
            let report = try await tasks.importTasks(request, by: call.actor)
            var writer = JSONWriter(capacity: 64 * (report.lines.count + 8))
            report.write(to: &writer)
            return .json(writer)
        }
    }
}
