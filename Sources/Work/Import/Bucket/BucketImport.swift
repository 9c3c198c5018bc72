import JSON
import Labeling
import Media
package import Storage

/// Tasks for the files that lie with a provider under a prefix.
package struct BucketImportRequest: Sendable {
    /// `s3://bucket/prefix`, `gs://bucket/prefix`, or an address of Azure's.
    package var source: String

    /// Which keys are meant, behind the prefix's last slash, in the way of file names or by a regular expression; all of
    /// them without either.
    package var pattern: String?
    package var regex: String?
    package var project: String
    package var batch: String?
    package var defaults: ImportDefaults

    /// Only tells what would happen.
    package var isDry: Bool

    package init(
        source: String, pattern: String? = nil, regex: String? = nil, project: String, batch: String?,
        defaults: ImportDefaults, isDry: Bool
    ) {
        self.source = source
        self.pattern = pattern
        self.regex = regex
        self.project = project
        self.batch = batch
        self.defaults = defaults
        self.isDry = isDry
    }

    /// Reads what ``text`` wrote.
    init(stored text: String) throws {
        self = try JSONDocument.read(text) { root in
            var defaults = ImportDefaults()
            let given = root["defaults"]
            defaults.priority = given?["priority"]?.int
            defaults.tags = given?["tags"]?.elements.compactMap(\.string)
            defaults.callbackURL = given?["callback_url"]?.string
            defaults.instruction = given?["instruction"]?.string
            defaults.metadata = given?["metadata"].map { RawJSON($0.rawText) }
            return BucketImportRequest(
                source: root["source"]?.string ?? "", pattern: root["pattern"]?.string, regex: root["regex"]?.string,
                project: root["project"]?.string ?? "", batch: root["batch"]?.string, defaults: defaults,
                isDry: root["dry_run"]?.bool ?? false)
        }
    }

    /// The request as it is kept and shown.
    var text: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("source", source)
            writer.field("pattern", ifPresent: pattern)
            writer.field("regex", ifPresent: regex)
            writer.field("project", project)
            writer.field("batch", ifPresent: batch)
            writer.object("defaults") { writer in
                writer.field("priority", ifPresent: defaults.priority)
                if let tags = defaults.tags {
                    writer.array("tags") { writer in tags.forEach { writer.value($0) } }
                }
                writer.field("callback_url", ifPresent: defaults.callbackURL)
                writer.field("instruction", ifPresent: defaults.instruction)
                if let metadata = defaults.metadata { writer.field("metadata", raw: metadata.text) }
            }
            writer.field("dry_run", isDry)
        }
        return writer.text
    }

    /// Which keys are meant; nil for all.
    ///
    /// - Throws: `Issues` naming what is wrong.
    func keys() throws -> KeyPattern? {
        guard pattern == nil || regex == nil else {
            throw Issues("regex", "`pattern` and `regex` exclude each other; give one of them.")
        }
        return try pattern.map { try KeyPattern($0) } ?? regex.map { try KeyPattern(expression: $0) }
    }
}

extension ImportOperations {
    /// Asks for an import of a bucket, which a job does.
    ///
    /// - Throws: `Issues` and `Refusal` for what can be told at once.
    package func begin(_ request: BucketImportRequest, by actor: Actor) async throws -> ImportRow {
        let tasks = TaskOperations(environment: environment)
        _ = try request.keys()
        guard let source = CloudAddress(request.source), !source.bucket.isEmpty else {
            throw Issues(
                "source",
                "`source` must be like s3://bucket/prefix, gs://bucket/prefix or "
                    + "https://account.blob.core.windows.net/container/prefix.")
        }
        let context = try await tasks.context(project: request.project, batch: request.batch, version: nil, by: actor)
        try TaskOperations.requirePlace(context)
        guard let project = context.project, DataMember(try ProjectOperations.type(of: project)) != nil else {
            throw Issues("project", "Tasks of this project are not about files.")
        }
        let now = environment.now()
        let row = ImportRow(
            id: Identifier.make(now), realm: actor.realm.id, kind: .bucket, request: request.text, actor: actor.label,
            actorName: actor.name, createdAt: now)
        try await environment.database.write { db in
            try db.insertImport(row)
            try db.enqueue([ImportBucket.job(row, at: now)], at: now)
            try db.append(
                NewEvent(
                    realm: row.realm, at: now, actor: actor.label, objectKind: "import", objectID: row.id,
                    action: "import.asked", after: row.text))
        }
        environment.jobs.raise(.importBucket)
        return row
    }
}
