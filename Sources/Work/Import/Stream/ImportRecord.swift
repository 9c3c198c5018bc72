package import JSON
package import Storage

extension ImportRow {
    /// The most outcomes that are kept with an import: of refused lines, and of right ones in a dry run of a bucket.
    private static let mostKept = 100

    /// The import after some lines more.
    func after(_ outcomes: [ImportedLine], _ source: [StreamLine], at now: Timestamp) -> ImportRow {
        var row = after(outcomes, at: now)
        row.lines = source.last?.number ?? lines
        row.bytes = source.last?.end ?? bytes
        return row
    }

    /// The import with what became of some lines more.
    func after(_ outcomes: [ImportedLine], at now: Timestamp) -> ImportRow {
        var row = self
        for outcome in outcomes {
            switch outcome.outcome {
            case .created: row.counts.created += 1
            case .exists: row.counts.existing += 1
            case .refused: row.counts.refused += 1
            case .ready: row.counts.ready += 1
            }
        }
        let refused = outcomes.filter { $0.outcome == .refused }.prefix(max(0, Self.mostKept - counts.refused))
        let ready = outcomes.filter { $0.outcome == .ready }
            .prefix(kind == .bucket ? max(0, Self.mostKept - counts.ready) : 0)
        if !refused.isEmpty || !ready.isEmpty {
            var writer = JSONWriter(capacity: 128 * (refused.count + ready.count))
            writer.array { writer in (refused + ready).forEach { $0.write(to: &writer) } }
            let new = writer.text
            row.problems = problems == "[]" ? new : problems.dropLast() + "," + new.dropFirst()
        }
        row.updatedAt = now
        return row
    }

    /// Writes the import as the interface shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("kind", kind.rawValue)
            writer.field("state", state.rawValue)
            writer.key("request")
            writer.raw(request)
            writer.field("lines", lines)
            writer.field("bytes", Int(bytes))
            writeCounts(to: &writer)
            writer.key("results")
            writer.raw(problems)
            writer.field("error", ifPresent: error)
            writer.field("by", actorName)
            writer.field("created_at", time: createdAt.microseconds)
            writer.field("updated_at", time: updatedAt.microseconds)
            if let finishedAt { writer.field("finished_at", time: finishedAt.microseconds) }
        }
    }

    /// Writes what lines came to, as members.
    package func writeCounts(to writer: inout JSONWriter) {
        writer.field("created", counts.created)
        writer.field("exists", counts.existing)
        writer.field("refused", counts.refused)
        writer.field("ready", counts.ready)
        writer.field("skipped", counts.skipped)
    }

    /// The import as the event log keeps it.
    var text: String {
        var writer = JSONWriter(capacity: 512)
        write(to: &writer)
        return writer.text
    }
}

extension ImportedLine {
    /// The outcome with the key of the file that it is about.
    func about(_ key: String) -> ImportedLine {
        ImportedLine(
            number: number, outcome: outcome, taskID: taskID, uniqueID: uniqueID, message: "\(key): \(message)")
    }

    /// Writes the outcome as one object.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("line", number)
            writer.field("outcome", outcome.rawValue)
            writer.field("task_id", ifPresent: taskID)
            writer.field("unique_id", ifPresent: uniqueID)
            writer.field("message", message)
        }
    }
}

extension LineImportRequest {
    /// What was asked for, as it is kept and shown.
    var text: String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("project", ifPresent: project)
            writer.field("batch", ifPresent: batch)
            writer.field("type", ifPresent: type)
            writer.field("dry_run", isDry)
        }
        return writer.text
    }
}
