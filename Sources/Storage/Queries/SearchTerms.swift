/// What a person typed to find tasks: words that a task must have, all of them.
package struct SearchTerms: Sendable, Equatable {
    /// One word to be found.
    struct Term: Sendable, Equatable, Hashable {
        let word: String

        /// Whether the word itself is meant, not all that begin with it.
        let isWhole: Bool

        /// The words it finds, in the table of words under a name.
        func condition(_ table: SQL) -> SQL {
            isWhole
                ? " AND \(table).word = \(word)"
                : " AND \(table).word >= \(word) AND \(table).word < \(end)"
        }

        /// What comes behind every word that begins as this one.
        var end: String { word + "\u{10FFFF}" }

        /// How a text of words that has it looks.
        var pattern: String { isWhole ? "% \(word) %" : "% \(word)%" }
    }

    /// The most words of one search.
    package static let most = 8

    let terms: [Term]

    /// How the ids of tasks begin that are found besides: what was typed may be one.
    let idStart: String?

    /// Reads a text; nil if there is no word in it.
    ///
    /// Words in quotes and those of one character are meant as they are, others as beginnings.
    package init?(_ text: String) {
        var terms: [Term] = []
        for (number, part) in text.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            for word in TaskWords.split(String(part)) {
                let term = Term(word: word, isWhole: number % 2 == 1 || word.unicodeScalars.count == 1)
                if !terms.contains(term) { terms.append(term) }
            }
        }
        guard !terms.isEmpty else { return nil }
        self.terms = Array(terms.prefix(Self.most))
        let only = terms.count == 1 ? terms[0].word : ""
        idStart = (6...24).contains(only.utf8.count) && only.utf8.allSatisfy(Self.isHex) ? only : nil
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// The ids that begin with what was typed.
    func idCondition(_ column: SQL) -> SQL {
        guard let idStart else { return " AND 1 = 0" }
        let room = 24 - idStart.utf8.count
        let first = idStart + String(repeating: "0", count: room)
        let last = idStart + String(repeating: "f", count: room)
        return " AND \(column) >= \(first) AND \(column) <= \(last)"
    }

    /// Whether a task has the terms, given one of them that is known to be there; empty if nothing is left to ask.
    ///
    /// A look-up for each task rather than a join: an engine that does not know how rare words are would walk all texts.
    func condition(besides known: Term? = nil) -> SQL {
        let asked = terms.filter { $0 != known }
        guard !asked.isEmpty else { return "" }
        let text: SQL = "(SELECT x.words FROM task_texts x WHERE x.task_id = t.id)"
        let all = SQL.joined(asked.map { "\(text) LIKE \($0.pattern)" }, by: " AND ")
        guard idStart != nil, known == nil else { return " AND \(all)" }
        return " AND (\(all) OR (1 = 1\(idCondition("t.id"))))"
    }
}
