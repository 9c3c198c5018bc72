/// A row that is not as the log says.
package struct RowFault: Error, Sendable, Equatable {
    package enum What: Sendable, Equatable {
        /// These columns do not say what they said.
        case changed(columns: [String])
        case missing
        /// No entry of the log knows of it.
        case added
        /// It was sealed anew with other values in these columns, though nothing that the program did explains it.
        case resealed(columns: [String])
    }

    /// As `attachments/<task>/0`.
    package var row: String
    package var what: What

    /// The entry of the log that says what the row contained; nil for rows that none knows of.
    package var entry: EventRow?

    /// What was found to be wrong with a row.
    package init(row: String, what: What, entry: EventRow? = nil) {
        self.row = row
        self.what = what
        self.entry = entry
    }
}

extension Connection {
    /// Checks the rows that some entries of the log, in order, say the content of.
    ///
    /// An entry counts only as long as no later one is about the same row, and not while the row waits to be sealed again.
    package func verifyRows(of entries: [EventRow]) throws -> [RowFault] {
        var faults: [RowFault] = []
        for entry in entries where entry.objectKind == Evidence.kind {
            guard let seals = Evidence.read(entry.after) else { continue }
            let contents = try coveredContents(seals.map(\.name))
            for (name, seal) in seals where contents[name]?.hash != seal?.hash {
                let last = try lastEvidence(realm: entry.realm, subject: entry.objectID, row: name)
                guard last?.entry.position == entry.position else { continue }
                guard try !isUncovered(realm: entry.realm, row: name) else { continue }
                let what: RowFault.What =
                    if let seal {
                        contents[name].map { .changed(columns: seal.differences(from: $0)) } ?? .missing
                    } else {
                        .added
                    }
                faults.append(RowFault(row: name, what: what, entry: entry))
            }
        }
        return faults
    }

    /// Looks in the log for so many rows of a table, after the last one looked for before.
    ///
    /// - Returns: The rows that the log does not know, and where to go on; nil at the end.
    package func verifyKnown(
        _ table: CoveredTable, after place: [Value]?, limit: Int
    ) throws -> (faults: [RowFault], count: Int, next: [Value]?) {
        let rows = try query(table.page(after: place, limit: limit))
        var bySubject: [Int64: [String: [String]]] = [:]
        for row in rows {
            var reader = row.reader
            let (realm, subject) = (try reader.int64(), try reader.text())
            let keys = Dictionary(zip(table.keys, row.values.dropFirst(2))) { first, _ in first }
            bySubject[realm, default: [:]][subject, default: []].append(table.name(of: keys))
        }
        var faults: [RowFault] = []
        for (realm, subjects) in bySubject {
            var known: Set<String> = []
            for entry in try evidence(realm: realm, subjects: subjects.keys.sorted()) {
                for seal in Evidence.read(entry.after) ?? [] { known.insert(seal.name) }
            }
            for name in subjects.values.joined() where !known.contains(name) {
                guard try !isUncovered(realm: realm, row: name) else { continue }
                faults.append(RowFault(row: name, what: .added))
            }
        }
        return (
            faults.sorted { $0.row < $1.row }, rows.count,
            rows.count < limit ? nil : rows.last.map { Array($0.values.dropFirst(2)) }
        )
    }
}

extension CoveredTable {
    /// Reads realm, subject and keys of finished rows in the order of their keys.
    fileprivate func page(after place: [Value]?, limit: Int) -> SQL {
        let keys = keys.map { "x.\($0)" }.joined(separator: ", ")
        var sql = SQL(stringLiteral: "SELECT \(realm), \(subject), \(keys) FROM \(name) x \(join) WHERE \(finished)")
        if let place {
            sql += SQL(stringLiteral: " AND (\(keys)) > (")
            sql += SQL.joined(place.map { value in "\(value)" }, by: ", ")
            sql += ")"
        }
        sql += SQL(stringLiteral: " ORDER BY \(keys) LIMIT ")
        sql += SQL(number: limit)
        return sql
    }
}

extension Value: SQLConvertible {
    package var sqlValue: Value { self }
}
