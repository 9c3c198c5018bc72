package import JSON

/// What an import takes its tasks from.
package enum ImportSource: Sendable {
    /// A table whose first line names the columns.
    case csv(String, columns: [(key: String, value: ImportTarget)]?)
    /// One address or text a line.
    case lines(String)
    /// Requests as they create single tasks.
    case rows([RawJSON])
}

/// Members for all tasks of an import that do not bring their own.
package struct ImportDefaults: Sendable {
    package var priority: Int?
    package var tags: [String]?
    package var callbackURL: String?
    package var instruction: String?
    package var metadata: RawJSON?

    package init() {}
}

/// One line of an import as a request for a task.
struct ImportLine: Sendable {
    /// In the text, from 1; the number of a row otherwise.
    let number: Int
    /// The request, or why there is none.
    let body: Result<String, ImportLineFault>
    /// How people know the members, by their paths.
    var names: [String: String] = [:]
}

/// Why a line is no request, in words.
struct ImportLineFault: Error {
    let message: String
}

/// Takes a source apart.
struct ImportReader {
    let data: DataMember?
    let defaults: ImportDefaults
    private(set) var columns: [ImportColumn]?
    /// The default metadata, each member with its JSON.
    private let metadata: [(name: String, json: String)]

    init(data: DataMember?, defaults: ImportDefaults) throws {
        self.data = data
        self.defaults = defaults
        metadata = try JSONDocument.read(defaults.metadata?.text ?? "{}") { root in
            root.members.map { ($0.name, $0.value.rawText) }
        }
    }

    mutating func lines(of source: ImportSource) throws -> [ImportLine] {
        switch source {
        case .csv(let text, let chosen): try table(text, chosen)
        case .lines(let text): addresses(text)
        case .rows(let rows): try rows.enumerated().map { try row($0.element, number: $0.offset + 1) }
        }
    }

    // MARK: Addresses

    private func addresses(_ text: String) -> [ImportLine] {
        var lines: [ImportLine] = []
        let texts = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, text) in texts.enumerated() {
            let address = text.trimmed
            guard !address.isEmpty, !address.hasPrefix("#") else { continue }
            var line = ImportLine(number: index + 1, body: .success(request([(.attachment, String(address))])))
            if let data { line.names[data.name] = "The address" }
            lines.append(line)
        }
        return lines
    }

    /// The line for a file that lies somewhere, findable by its name there.
    func line(number: Int, address: String, key: String) -> ImportLine {
        ImportLine(
            number: number, body: .success(request([(.attachment, address), (.metadata("key"), key)], isOne: true)))
    }

    // MARK: Tables

    private mutating func table(
        _ text: String, _ chosen: [(key: String, value: ImportTarget)]?
    ) throws -> [ImportLine] {
        let records = CSVReader.records(text)
        guard let head = records.first else {
            throw Issues("csv", "`csv` has no line; the first one names the columns.")
        }
        let names = head.fields.map { String($0.trimmed) }
        if let twice = names.first(where: { name in !name.isEmpty && names.count(where: { $0 == name }) > 1 }) {
            throw Issues("csv", "Two columns are named \(JSONWriter.quoted(twice)); give each a name of its own.")
        }
        let columns = try ImportColumns.columns(
            names, first: records.dropFirst().first?.fields ?? [], chosen: chosen)
        self.columns = columns
        return records.dropFirst().map { line($0, columns) }
    }

    private func line(_ record: CSVRecord, _ columns: [ImportColumn]) -> ImportLine {
        func refused(_ message: String) -> ImportLine {
            ImportLine(number: record.line, body: .failure(ImportLineFault(message: message)))
        }
        if record.isOpen { return refused("A quotation mark is opened here that nothing closes.") }
        if record.fields.count > columns.count {
            return refused("This line has \(record.fields.count) fields, but there are \(columns.count) columns.")
        }
        let values = zip(columns, record.fields).map { ($0.target, String($1.trimmed)) }.filter { !$0.1.isEmpty }
        var line = ImportLine(number: record.line, body: .success(request(values)))
        for column in columns {
            line.names[path(of: column.target)] = "Column \(JSONWriter.quoted(column.name))"
        }
        return line
    }

    /// Where issues about a target stand.
    private func path(of target: ImportTarget) -> String {
        switch target {
        case .attachment: data?.name ?? target.name
        case .metadata: "metadata"
        case .params(let name): name
        default: target.name
        }
    }

    // MARK: Requests

    /// The request for a task with these values and the defaults.
    ///
    /// `isOne`: whether the data is one address, whatever blanks are in it.
    private func request(_ values: [(target: ImportTarget, text: String)], isOne: Bool = false) -> String {
        var metadata: [(String, String)] = []
        var given: Set<String> = []
        var writer = JSONWriter()
        writer.object { writer in
            for (target, text) in values {
                switch target {
                case .attachment:
                    guard let data else { continue }
                    writer.key(data.name)
                    writer.raw(data.json(text, isOne: isOne))
                case .tags:
                    writer.array("tags") { writer in
                        for tag in text.split(whereSeparator: { ";,".contains($0) }) {
                            writer.value(String(tag.trimmed))
                        }
                    }
                case .metadata(let name): metadata.append((name, text))
                case .params(let name):
                    writer.key(name)
                    writer.raw(Self.jsonOrText(text))
                case .nothing: continue
                default:
                    writer.key(target.name)
                    writer.value(text)
                }
                given.insert(target.name)
            }
            write(defaultsBut: given, metadata: metadata, to: &writer)
        }
        return writer.text
    }

    private func row(_ row: RawJSON, number: Int) throws -> ImportLine {
        let body = try JSONDocument.read(row.text) { root in
            var given: Set<String> = []
            var writer = JSONWriter(capacity: row.text.utf8.count + 64)
            writer.object { writer in
                for member in root.members where !["project", "batch"].contains(member.name) {
                    writer.key(member.name)
                    writer.raw(member.value.raw)
                    given.insert(member.name)
                }
                write(defaultsBut: given, metadata: [], to: &writer)
            }
            return writer.text
        }
        return ImportLine(number: number, body: .success(body))
    }

    /// The defaults for what a line does not bring; its metadata come together with the default ones.
    private func write(defaultsBut given: Set<String>, metadata texts: [(String, String)], to writer: inout JSONWriter)
    {
        if let priority = defaults.priority, !given.contains("priority") { writer.field("priority", priority) }
        if let tags = defaults.tags, !given.contains("tags") {
            writer.array("tags") { writer in tags.forEach { writer.value($0) } }
        }
        if let url = defaults.callbackURL, !given.contains("callback_url") { writer.field("callback_url", url) }
        if let text = defaults.instruction, !given.contains("instruction") { writer.field("instruction", text) }
        guard !given.contains("metadata"), !texts.isEmpty || !metadata.isEmpty else { return }
        writer.object("metadata") { writer in
            for (name, text) in texts {
                writer.key(name)
                writer.value(text)
            }
            for (name, json) in metadata where !texts.contains(where: { $0.0 == name }) {
                writer.key(name)
                writer.raw(json)
            }
        }
    }

    /// Text that is JSON as it is, any other as a string.
    private static func jsonOrText(_ text: String) -> String {
        do { return try JSONDocument.read(text) { $0.rawText } } catch { return JSONWriter.quoted(text) }
    }
}

extension StringProtocol {
    /// The text without blanks around it.
    fileprivate var trimmed: SubSequence {
        guard let start = firstIndex(where: { !$0.isWhitespace }), let end = lastIndex(where: { !$0.isWhitespace })
        else { return self[startIndex..<startIndex] }
        return self[start...end]
    }
}
