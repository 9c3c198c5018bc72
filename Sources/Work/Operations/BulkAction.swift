package import JSON

/// What is done with many tasks.
package enum BulkAction: String, Sendable, CaseIterable {
    case cancel, priority
    case addTags = "add_tags"
    case removeTags = "remove_tags"
    case redo, move

    /// Whether what was there before can be brought back.
    var isUndoable: Bool {
        switch self {
        case .priority, .addTags, .removeTags, .move: true
        case .cancel, .redo: false
        }
    }
}

/// What is done with many tasks, and with what.
package struct BulkRequest: Sendable {
    package let action: BulkAction

    /// 0 for the usual one.
    var priority = 0
    var tags: [String] = []

    /// The batch to move to, by name.
    var batch: String?
    var clearsUniqueID = false

    /// What is to be done better.
    var comment: String?

    private static let action = RequiredField("action", .cases as Schema<BulkAction>, "What is done with the tasks.")
    private static let priority = OptionalField(
        "priority",
        Schema<Int>.integer(0...30).checked { value, json, reader in
            if ![0, 10, 20, 30].contains(value) { reader.report(json, "must be 10, 20 or 30, or 0 to unset it") }
        }, "For priority: 10, 20 or 30; 0 or null unsets it.")
    private static let tags = OptionalField("tags", TaskCommon.tagList, "For add_tags and remove_tags.")
    private static let batch = OptionalField(
        "batch", .string(length: 1...1000), "For move: the name of a staging batch of the same project.")
    private static let clearsUniqueID = Field(
        "clear_unique_id", .bool, default: false, shownAs: "false", "For cancel: gives unique ids back as well.")
    private static let comment = OptionalField(
        "comment", .string(length: 0...2000), "For redo: what is to be done better.")

    /// The members of a request, without those that select the tasks.
    package static let fields: [any FieldDeclaration] = [action, priority, tags, batch, clearsUniqueID, comment]

    /// Reads the members of a request; those that the action needs must be there.
    package static func read(_ object: inout ObjectReader) -> BulkRequest? {
        let action = object(Self.action)
        let priority = object(Self.priority)
        let tags = object(Self.tags)
        let batch = object(Self.batch)
        let clears = object(Self.clearsUniqueID)
        let comment = object(Self.comment)
        guard let action else { return nil }
        let needed: String? =
            switch action {
            case .priority: "priority"
            case .addTags, .removeTags: "tags"
            case .move: "batch"
            case .cancel, .redo: nil
            }
        // A priority of null is the usual one.
        if let needed, object.object[needed].map({ $0.isNull && needed != "priority" }) ?? true {
            object.reader.report(object.object, member: needed, "is required for \(action.rawValue)")
        } else if needed == "tags", tags?.isEmpty == true {
            object.reader.report(object.object, member: "tags", "must not be empty")
        }
        return BulkRequest(
            action: action, priority: priority ?? 0, tags: tags ?? [], batch: batch, clearsUniqueID: clears,
            comment: comment)
    }

    private init(
        action: BulkAction, priority: Int, tags: [String], batch: String?, clearsUniqueID: Bool, comment: String?
    ) {
        self.action = action
        self.priority = priority
        self.tags = tags
        self.batch = batch
        self.clearsUniqueID = clearsUniqueID
        self.comment = comment
    }

    // MARK: Keeping

    /// What belongs to the action, as JSON.
    var detail: String {
        var writer = JSONWriter(capacity: 128)
        writer.object { writer in
            switch action {
            case .priority: writer.field("priority", priority)
            case .addTags, .removeTags: writer.array("tags") { writer in tags.forEach { writer.value($0) } }
            case .move: writer.field("batch", ifPresent: batch)
            case .cancel: writer.field("clear_unique_id", clearsUniqueID)
            case .redo: writer.field("comment", ifPresent: comment)
            }
        }
        return writer.text
    }

    /// Reads an action that was kept.
    ///
    /// - Throws: `Issues` if this program does not know it.
    init(action: String, detail: String) throws {
        guard let action = BulkAction(rawValue: action) else { throw Issues("action", "The action is not known.") }
        self = try JSONDocument.read(detail) { root in
            BulkRequest(
                action: action, priority: root["priority"]?.int ?? 0,
                tags: root["tags"].map { $0.elements.compactMap(\.string) } ?? [], batch: root["batch"]?.string,
                clearsUniqueID: root["clear_unique_id"]?.bool ?? false, comment: root["comment"]?.string)
        }
    }

    /// What is done, in words, to so many tasks.
    func words(_ count: Int) -> String {
        let tasks = count == 1 ? "1 task" : "\(count) tasks"
        let list = tags.map { JSONWriter.quoted($0) }.joined(separator: ", ")
        return switch action {
        case .cancel: "Cancel \(tasks)"
        case .priority: priority == 0 ? "Unset the priority of \(tasks)" : "Give \(tasks) priority \(priority)"
        case .addTags: "Add \(list) to \(tasks)"
        case .removeTags: "Remove \(list) from \(tasks)"
        case .redo: "Have \(tasks) done again"
        case .move: "Move \(tasks) to \(JSONWriter.quoted(batch ?? ""))"
        }
    }
}
