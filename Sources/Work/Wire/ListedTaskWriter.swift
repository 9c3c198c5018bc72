package import JSON
import Media
package import Storage

/// A task as a table shows it, with its picture.
package struct TableTask: Sendable {
    let row: ListedTask
    let isTest: Bool

    /// How many files it has, and the picture that stands for it.
    let attachments: Int
    let picture: AttachmentRow?

    /// Writes the row of a table: every member always, so that columns can be filled blindly.
    package func write(to writer: inout JSONWriter, links: FileLinks, now: Timestamp) {
        let head = row.head
        writer.object { writer in
            writer.field("task_id", head.id)
            writer.nullable("unique_id", head.uniqueID)
            writer.field("type", head.type)
            writer.field("status", head.status.rawValue)
            writer.field("stage", head.stage.rawValue)
            writer.nullable("project", row.project)
            writer.nullable("batch", row.batch)
            writer.field("priority", head.priority ?? 0)
            writer.array("tags") { writer in row.tags.forEach { writer.value($0) } }
            writer.field("metadata", raw: row.metadata)
            writer.field("created_at", time: head.createdAt.microseconds)
            writer.field("updated_at", time: head.updatedAt.microseconds)
            writer.nullable("started_at", time: head.startedAt)
            writer.nullable("completed_at", time: head.completedAt)
            writer.nullable("customer_review_status", head.reviewStatus?.rawValue)
            writer.key("callback_succeeded")
            if let state = head.callbackState { writer.value(state == .succeeded) } else { writer.null() }
            writer.field("is_test", isTest)
            writer.nullable("error", head.status == .error ? row.response.flatMap { Self.fault(in: $0) } : nil)
            writer.field("attachments", attachments)
            writePicture(to: &writer, links: links, now: now)
            writeShapes(to: &writer)
        }
    }

    private func writePicture(to writer: inout JSONWriter, links: FileLinks, now: Timestamp) {
        writer.key("thumbnail")
        guard let picture, let thumbnail = picture.thumbnailHash, let width = picture.width, let height = picture.height
        else { return writer.null() }
        writer.object { writer in
            writer.field("url", links.path(.thumbnail, realm: picture.realm, hash: thumbnail, now: now))
            writer.field("width", width)
            writer.field("height", height)
        }
    }

    private func writeShapes(to writer: inout JSONWriter) {
        let isTooLarge = row.hasResponse && row.response == nil
        let isAnswer = row.head.status != .error
        let shapes = isAnswer ? row.response.map { TaskShapes(response: $0, type: row.head.type) } : nil
        writer.array("shapes") { writer in shapes?.write(to: &writer) }
        writer.key("shape_count")
        if isTooLarge { writer.null() } else { writer.value(shapes?.count ?? 0) }
    }

    /// What the response of a failed task says.
    private static func fault(in response: String) -> String? {
        // Our own text; one without the member says nothing.
        do { return try JSONDocument.read(response) { $0["error"]?.string } } catch { return nil }
    }
}

extension JSONWriter {
    /// Writes a member that is a string or null.
    mutating func nullable(_ name: StaticString, _ text: String?) {
        key(name)
        if let text { value(text) } else { null() }
    }

    /// Writes a member that is a time or null.
    mutating func nullable(_ name: StaticString, time: Timestamp?) {
        key(name)
        if let time { self.time(time.microseconds) } else { null() }
    }
}
