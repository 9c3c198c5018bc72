package import JSON

/// The members that every task has, whatever its type.
package struct TaskCommon: Sendable {
    var project: String?
    var batch: String?
    var instruction: String?
    var callbackURL: String?
    var metadata: String
    var priority: Int?
    var uniqueID: String?
    var clearUniqueIDOnError: Bool
    var tags: [String]
    /// The version of the project's parameters to inherit from; -1 for none, nil for the latest.
    var version: Int?

    /// The most bytes of metadata.
    static let metadataLimit = 10 * 1024
    static let tagLimit = 5

    private static let project = OptionalField(
        "project", .string(length: 1...1000), "The name of the task's project.")
    private static let batch = OptionalField(
        "batch", .string(length: 1...1000), "The name of the task's batch, which implies the project.")
    private static let instruction = OptionalField(
        "instruction", .string(), "What to do, in Markdown; the project's instruction follows it.")
    private static let callback = OptionalField(
        "callback_url", callbackAddress, "Where the answer is sent: an http(s) URL or an e-mail address.")
    private static let metadata = Field(
        "metadata", .anyObject(bytes: metadataLimit), default: RawJSON("{}"), shownAs: "{}",
        "Yours; at most 10 KB, never interpreted.")
    private static let priority = OptionalField(
        "priority",
        .integer(10...30).checked { value, json, reader in
            if value % 10 != 0 { reader.report(json, "must be 10, 20 or 30") }
        }, "10, 20 or 30; higher first.")
    private static let uniqueID = OptionalField(
        "unique_id", .string(length: 1...1000), "Yours, unique in the account; a second task with it is refused.")
    private static let clear = Field(
        "clear_unique_id_on_error", .bool, default: false, shownAs: "false",
        "Gives the unique_id back if the task ends in error.")
    package static let tagList = Schema.array(of: .string(length: 1...1000), count: 0...tagLimit)
    private static let tagsField = Field("tags", tagList, default: [], "At most 5, yours.")
    private static let version = OptionalField(
        "project_version", .integer(-1...1_000_000),
        "The version of the project's parameters to inherit from; -1 for none.")
    private static let paramVersion = OptionalField(
        "project_param_version", .integer(-1...1_000_000), "Another name of project_version.")
    private static let urgency = OptionalField("urgency", .any, "Ignored; for old clients.")

    /// Every common member, for the contract and for telling them from the type's own.
    package static let fields: [any FieldDeclaration] = [
        project, batch, instruction, callback, metadata, priority, uniqueID, clear, tagsField, version, paramVersion,
        urgency,
    ]

    private static let names = Set(fields.map(\.name.text))

    /// Whether a member is common, so that it does not belong to `params`.
    static func contains(_ name: String) -> Bool { names.contains(name) }

    /// An `http(s)` URL or an e-mail address.
    package static let callbackAddress = Schema<String>.string(length: 1...4000).checked { value, json, reader in
        let isURL = value.hasPrefix("http://") || value.hasPrefix("https://")
        if !isURL && !isAddress(value) {
            reader.report(json, "must be a full http:// or https:// URL or an e-mail address")
        }
    }

    /// Whether a text has the form of an e-mail address that is safe to hand to a mail command.
    package static func isAddress(_ text: String) -> Bool {
        guard let at = text.lastIndex(of: "@"), at != text.startIndex, text.utf8.count <= 254 else { return false }
        let domain = text[text.index(after: at)...]
        let isClean = text.unicodeScalars.allSatisfy { scalar in
            scalar.value > 0x20 && scalar.value < 0x7F && !"<>(),;:\\\"[]".unicodeScalars.contains(scalar)
        }
        return isClean && !text.hasPrefix("-") && !domain.isEmpty && !domain.hasPrefix(".") && !domain.hasSuffix(".")
            && text[..<at].firstIndex(of: "@") == nil
    }

    /// Reads the common members of a request; what is wrong goes to the reader.
    static func read(_ root: JSONValue, _ reader: JSONReader) -> TaskCommon? {
        guard root.isObject else {
            reader.report(root, "must be an object")
            return nil
        }
        var object = ObjectReader(root, reader)
        return TaskCommon(
            project: object(Self.project), batch: object(Self.batch), instruction: object(Self.instruction),
            callbackURL: object(Self.callback), metadata: object(Self.metadata).text, priority: object(Self.priority),
            uniqueID: object(Self.uniqueID), clearUniqueIDOnError: object(Self.clear), tags: object(Self.tagsField),
            version: object(Self.version) ?? object(Self.paramVersion))
    }
}

/// Composes a task's parameters from what was sent and what the project gives.
enum ParameterMerge {
    /// The members of the request that are the type's own, and those of the project that it lacks, as JSON text.
    ///
    /// Inheritance is shallow: a member that is sent replaces the project's whole member. A null counts as not sent.
    ///
    /// `others`: members of the request that say something else than what the task is about.
    static func merge(request: JSONValue, project: JSONValue?, besides others: Set<String> = []) -> String {
        var writer = JSONWriter(capacity: request.raw.count + 256)
        writer.object { writer in
            for member in request.members where !member.value.isNull {
                let name = member.name
                guard !TaskCommon.contains(name), !others.contains(name) else { continue }
                writer.key(name)
                writer.raw(member.value.raw)
            }
            guard let project else { return }
            for member in project.members where !member.value.isNull {
                let name = member.name
                guard !TaskCommon.contains(name), request[name]?.isNull ?? true else { continue }
                writer.key(name)
                writer.raw(member.value.raw)
            }
        }
        return writer.text
    }
}
