import Foundation
import JSON

/// The words by which a task is found: those of its unique id, its tags and the values of its metadata.
///
/// A word is a run of letters and digits, in lower case and without accents; of scripts that do not part their words each
/// character is one. What stands between words says nothing, so `IMG_0042.jpg` has the words img, 0042 and jpg.
enum TaskWords {
    /// The most words of one task; what stands behind is not found.
    static let most = 64

    /// Characters kept of a word.
    static let longest = 40

    /// The words of a task, each once, in the order in which they come.
    static func of(uniqueID: String?, tags: [String], metadata: String) -> [String] {
        var words = Collected()
        if let uniqueID { words.add(split(uniqueID)) }
        for tag in tags { words.add(split(tag)) }
        if metadata.utf8.count > 2 {
            // Metadata was checked when it came; whatever cannot be read has no words.
            do { try JSONDocument.read(metadata) { add($0, to: &words) } } catch {}
        }
        return words.list
    }

    private static func add(_ value: JSONValue, to words: inout Collected) {
        guard !words.isFull else { return }
        switch value.kind {
        case .object: for member in value.members { add(member.value, to: &words) }
        case .array: for element in value.elements { add(element, to: &words) }
        case .string: words.add(split(value.string ?? ""))
        case .integer, .number: words.add(split(value.rawText))
        case .bool, .null: break
        }
    }

    private struct Collected {
        private(set) var list: [String] = []
        private var seen: Set<String> = []
        var isFull: Bool { list.count >= TaskWords.most }

        mutating func add(_ words: [String]) {
            for word in words where !isFull && seen.insert(word).inserted { list.append(word) }
        }
    }

    /// The words of a text, as often as they come.
    static func split(_ text: String) -> [String] {
        text.utf8.allSatisfy { $0 < 0x80 } ? splitASCII(text) : splitScalars(folded(text))
    }

    private static func splitASCII(_ text: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        func end() {
            if !word.isEmpty { words.append(String(decoding: word.prefix(longest), as: UTF8.self)) }
            word.removeAll(keepingCapacity: true)
        }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): word.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): word.append(byte | 0x20)
            default: end()
            }
        }
        end()
        return words
    }

    /// Lower case, without what stands above or below letters.
    private static func folded(_ text: String) -> String {
        let bare = text.lowercased().decomposedStringWithCompatibilityMapping.unicodeScalars.filter {
            $0.properties.generalCategory != .nonspacingMark
        }
        return String(String.UnicodeScalarView(bare)).precomposedStringWithCanonicalMapping
    }

    private static func splitScalars(_ text: String) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        func end() {
            if !word.isEmpty { words.append(String(word.prefix(longest))) }
            word = String.UnicodeScalarView()
        }
        for scalar in text.unicodeScalars {
            let properties = scalar.properties
            if properties.isIdeographic || isKana(scalar) {
                end()
                words.append(String(scalar))
            } else if properties.isAlphabetic || properties.numericType != nil {
                word.append(scalar)
            } else {
                end()
            }
        }
        end()
        return words
    }

    private static func isKana(_ scalar: Unicode.Scalar) -> Bool { (0x3040...0x30FF).contains(scalar.value) }

    /// All words in one text, each between blanks.
    static func text(_ words: [String]) -> String { words.isEmpty ? "" : " \(words.joined(separator: " ")) " }
}

extension Connection {
    /// Lets a task be found by the words it has now, and by no others.
    func refreshWords(realm: Int64, task id: String) throws {
        guard let head = try taskHead(realm: realm, id: id) else { return }
        try refreshWords(of: [head])
    }

    /// Lets tasks of one realm be found by the words they have now, and by no others.
    func refreshWords(of tasks: [TaskHead]) throws {
        guard let realm = tasks.first?.realm else { return }
        let heads = Dictionary(tasks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let found = try query(
            """
            SELECT p.task_id, p.metadata, p.tags, x.words FROM task_payloads p
            LEFT JOIN task_texts x ON x.task_id = p.task_id WHERE p.task_id IN \(list: tasks.map(\.id))
            """)
        var gone: [SQL] = []
        var rows = RowInsert(
            "task_words (realm, word, created_at, task_id, project_id)", conflict: "ON CONFLICT DO NOTHING")
        var texts = RowInsert(
            "task_texts (task_id, words)", conflict: "ON CONFLICT (task_id) DO UPDATE SET words = excluded.words")
        for row in found {
            var reader = row.reader
            guard let head = heads[try reader.text()] else { continue }
            let (metadata, tags) = (try reader.text(), TextList.split(try reader.text()))
            let words = TaskWords.of(uniqueID: head.uniqueID, tags: tags, metadata: metadata)
            let old = (try reader.optionalText() ?? "").split(separator: " ").map(String.init)
            guard old != words else { continue }
            for word in old where !words.contains(word) {
                gone.append(
                    "(realm = \(realm) AND word = \(word) AND created_at = \(head.createdAt) AND task_id = \(head.id))")
            }
            for word in words where !old.contains(word) {
                rows.add([
                    realm.sqlValue, word.sqlValue, head.createdAt.sqlValue, head.id.sqlValue, head.projectID.sqlValue,
                ])
            }
            texts.add([head.id.sqlValue, TaskWords.text(words).sqlValue])
        }
        try delete(gone, from: "task_words")
        try rows.run(in: self)
        try texts.run(in: self)
    }

    /// Lets tasks be found by their words that were stored before there were any, some at a time in the order of ids.
    ///
    /// - Returns: The last task's id; nil if there are none left.
    package func fillWords(after id: String, limit: Int) throws -> String? {
        // Held, so that a change at the same time is not written over with the words of before.
        let rows = try query(
            """
            SELECT id, realm FROM tasks WHERE id > \(id) ORDER BY id LIMIT \(SQL(number: limit))
            \(only: .postgres, "FOR UPDATE")
            """)
        var last: String?
        for row in rows {
            var reader = row.reader
            let id = try reader.text()
            try refreshWords(realm: try reader.int64(), task: id)
            last = id
        }
        return last
    }
}
