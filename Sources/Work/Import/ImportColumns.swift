package import Labeling
import JSON

/// What a column of a table is for.
package enum ImportTarget: Sendable, Equatable {
    case attachment, uniqueID, priority, tags, instruction, callbackURL
    case metadata(String)
    case params(String)
    case nothing

    /// How requests and answers name it.
    package var name: String {
        switch self {
        case .attachment: "attachment"
        case .uniqueID: "unique_id"
        case .priority: "priority"
        case .tags: "tags"
        case .instruction: "instruction"
        case .callbackURL: "callback_url"
        case .metadata(let name): "metadata.\(name)"
        case .params(let name): "params.\(name)"
        case .nothing: ""
        }
    }

    /// The target of a name; nil for names that nothing has.
    package init?(name: String) {
        switch name {
        case "": self = .nothing
        case "attachment": self = .attachment
        case "unique_id": self = .uniqueID
        case "priority": self = .priority
        case "tags": self = .tags
        case "instruction": self = .instruction
        case "callback_url": self = .callbackURL
        default:
            if let rest = Self.rest(of: name, behind: "metadata.") {
                self = .metadata(rest)
            } else if let rest = Self.rest(of: name, behind: "params.") {
                self = .params(rest)
            } else {
                return nil
            }
        }
    }

    private static func rest(of name: String, behind prefix: String) -> String? {
        name.hasPrefix(prefix) && name.count > prefix.count ? String(name.dropFirst(prefix.count)) : nil
    }
}

/// A column of a table and what it is for.
package struct ImportColumn: Sendable, Equatable {
    package let name: String
    package let target: ImportTarget
    /// What stands in its first line.
    package let example: String
}

/// Guesses what columns are for, by their names and what stands in them.
enum ImportColumns {
    private static let known: [String: ImportTarget] = [
        "attachment": .attachment, "attachmenturl": .attachment, "url": .attachment, "link": .attachment,
        "image": .attachment, "imageurl": .attachment, "picture": .attachment, "photo": .attachment,
        "file": .attachment, "fileurl": .attachment, "uri": .attachment, "src": .attachment, "text": .attachment,
        "document": .attachment, "uniqueid": .uniqueID, "externalid": .uniqueID, "id": .uniqueID, "key": .uniqueID,
        "priority": .priority, "prio": .priority, "tags": .tags, "tag": .tags, "instruction": .instruction,
        "callbackurl": .callbackURL,
        "callback": .callbackURL,
    ]

    /// The columns with the targets asked for, and guesses for all when nothing is asked for.
    static func columns(
        _ names: [String], first: [String], chosen: [(key: String, value: ImportTarget)]?
    ) throws -> [ImportColumn] {
        var targets: [ImportTarget]
        if let chosen {
            let missing = chosen.filter { !names.contains($0.key) }
            guard missing.isEmpty else {
                throw Issues(
                    missing.map {
                        Issue(
                            path: "columns",
                            message: "`columns` names \(JSONWriter.quoted($0.key)), which is no column.")
                    })
            }
            let byName = Dictionary(chosen.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
            targets = names.map { byName[$0] ?? .nothing }
        } else {
            targets = guesses(names, first: first)
        }
        try check(names, targets)
        return names.enumerated().map { index, name in
            ImportColumn(name: name, target: targets[index], example: index < first.count ? first[index] : "")
        }
    }

    private static func guesses(_ names: [String], first: [String]) -> [ImportTarget] {
        var taken: [ImportTarget] = []
        var targets = names.map { name -> ImportTarget in
            let plain = String(name.lowercased().filter { !" _-".contains($0) })
            let guess = ImportTarget(name: name) ?? known[plain] ?? .metadata(name)
            guard !name.isEmpty, guess != .nothing else { return .nothing }
            if taken.contains(guess) { return .metadata(name) }
            taken.append(guess)
            return guess
        }
        // No name tells where the data is, so the first column that holds addresses does.
        if !targets.contains(.attachment) {
            let addresses = first.prefix(names.count).firstIndex { text in
                ["http://", "https://", "scaledata://", "s3://", "gs://"].contains { text.hasPrefix($0) }
            }
            if let addresses { targets[addresses] = .attachment }
        }
        return targets
    }

    private static func check(_ names: [String], _ targets: [ImportTarget]) throws {
        var seen: [String: String] = [:]
        for (name, target) in zip(names, targets) where target != .nothing {
            if let other = seen.updateValue(name, forKey: target.name) {
                throw Issues(
                    "columns",
                    "The columns \(JSONWriter.quoted(other)) and \(JSONWriter.quoted(name)) cannot both be "
                        + "`\(target.name)`.")
            }
        }
    }
}

/// Where a task type takes its data from, so that one address or text a line is enough.
package enum DataMember: Sendable, Equatable {
    /// One address or text under a name.
    case single(String)
    /// Several of them, which a line separates with spaces.
    case several(String)
    /// Objects with a type and a content.
    case typed(String)

    /// The member of a task type; nil for types that need no data.
    package init?(_ type: any TaskType) {
        guard case .object(_, let fields, _) = Self.shape(of: type) else { return nil }
        for name in ["attachment", "attachments", "text"] {
            guard let field = fields.first(where: { $0.name.text == name }) else { continue }
            switch field.shape {
            case .array(of: .object, _), .array(of: .reference, _): self = .typed(name)
            case .array: self = .several(name)
            default: self = .single(name)
            }
            return
        }
        return nil
    }

    private static func shape(of type: some TaskType) -> Shape { type.schema.shape }

    /// The member's name in requests.
    package var name: String {
        switch self {
        case .single(let name), .several(let name), .typed(let name): name
        }
    }

    /// The member's value as JSON.
    func json(_ text: String, isOne: Bool) -> String {
        switch self {
        case .single: return JSONWriter.quoted(text)
        case .several where isOne: return "[" + JSONWriter.quoted(text) + "]"
        case .several:
            let parts = text.split(whereSeparator: \.isWhitespace)
            return "[" + parts.map { JSONWriter.quoted(String($0)) }.joined(separator: ",") + "]"
        case .typed:
            return #"[{"type":"\#(Self.kind(of: text))","content":\#(JSONWriter.quoted(text))}]"#
        }
    }

    /// What an address leads to, as its ending tells.
    private static func kind(of text: String) -> String {
        guard text.contains("://") else { return "text" }
        let path = text.prefix { !"?#".contains($0) }.lowercased()
        func ends(_ endings: [String]) -> Bool { endings.contains { path.hasSuffix($0) } }
        if ends([".pdf"]) { return "pdf" }
        if ends([".mp4", ".webm", ".mov", ".mkv"]) { return "video" }
        if ends([".mp3", ".wav", ".ogg", ".flac", ".m4a"]) { return "audio" }
        if ends([".html", ".htm"]) { return "website" }
        return "image"
    }
}
