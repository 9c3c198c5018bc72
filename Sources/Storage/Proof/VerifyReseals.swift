extension Connection {
    /// Checks that what some entries say of rows may follow what was said of the same rows before.
    ///
    /// Sealing reads rows as they are, so whoever can write to the database could have a forged row sealed anew. The program
    /// itself changes few columns of a sealed row, most rows never, and says in an entry of its own what it does.
    package func verifyReseals(of entries: [EventRow]) throws -> [RowFault] {
        let evidence = entries.filter { $0.objectKind == Evidence.kind }
        return try Dictionary(grouping: evidence, by: \.realm).sorted { $0.key < $1.key }.flatMap { realm, entries in
            try reseals(realm: realm, of: entries)
        }
    }

    private func reseals(realm: Int64, of entries: [EventRow]) throws -> [RowFault] {
        var faults: [RowFault] = []
        var last: [String: (seal: RowSeal, entry: EventRow)] = [:]
        let wanted = Set(entries.compactMap(\.position))
        let subjects = Set(entries.map(\.objectID)).sorted()
        for entry in try evidence(realm: realm, subjects: subjects) {
            for (name, seal) in Evidence.read(entry.after) ?? [] {
                if let before = last[name], let position = entry.position, wanted.contains(position),
                    seal?.hash != before.seal.hash, try !mayFollow(seal, entry, before.seal, before.entry, row: name)
                {
                    let columns = seal.map { $0.differences(from: before.seal) } ?? []
                    faults.append(RowFault(row: name, what: .resealed(columns: columns), entry: entry))
                }
                if let seal { last[name] = (seal, entry) }
            }
        }
        return faults
    }

    private func mayFollow(
        _ seal: RowSeal?, _ entry: EventRow, _ before: RowSeal, _ earlier: EventRow, row name: String
    ) throws -> Bool {
        guard let seal, let table = CoveredTable.named(name.prefix { $0 != "/" }), !table.changing.isEmpty,
            table.changing.isSuperset(of: seal.differences(from: before))
        else { return false }
        return try !table.changesWithEntry || isExplained(entry, after: earlier)
    }

    /// Whether something was logged about the thing that an entry is about, since an earlier one and not after it.
    private func isExplained(_ entry: EventRow, after earlier: EventRow) throws -> Bool {
        let (from, to) = (earlier.position ?? 0, entry.position ?? 0)
        // What is done and the rows it changed are sealed together or one after the other; clocks of nodes differ a little.
        let end = entry.at.adding(seconds: 10)
        return try integer(
            """
            SELECT COUNT(*) FROM events e \(only: .sqlite, "INDEXED BY events_by_object")
            WHERE e.realm = \(entry.realm) AND e.object_id = \(entry.objectID) AND e.object_kind <> \(Evidence.kind)
                AND (e.position IS NULL OR e.position > \(from))
                AND (e.position < \(to) OR e.at <= \(end))
            """) > 0
    }
}
