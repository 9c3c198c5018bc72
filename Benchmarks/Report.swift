/// Tables of measured figures, printed with aligned columns.
struct Report {
    private var tables: [(title: String, rows: [[String]])] = []

    /// Begins a table.
    mutating func table(_ title: String, _ columns: [String]) {
        tables.append((title, [columns]))
    }

    /// Adds a row to the last table: its name and one figure a column.
    mutating func row(_ name: String, _ figures: [String]) {
        guard !tables.isEmpty else { return }
        tables[tables.count - 1].rows.append([name] + figures)
    }

    func print() {
        for table in tables {
            let columns = table.rows.map(\.count).max() ?? 0
            let widths = (0..<columns).map { column in
                table.rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
            }
            Swift.print("\n\(table.title)")
            for (at, row) in table.rows.enumerated() {
                let cells = zip(row, widths).enumerated().map { column, cell in
                    let space = String(repeating: " ", count: cell.1 - cell.0.count)
                    return column == 0 ? cell.0 + space : space + cell.0
                }
                Swift.print("| " + cells.joined(separator: " | ") + " |")
                if at == 0 {
                    Swift.print("|" + widths.map { String(repeating: "-", count: $0 + 2) }.joined(separator: "|") + "|")
                }
            }
        }
    }
}

/// Timing of things that are compared with each other.
enum Measure {
    /// Seconds that one call of each body takes: the median of several rounds.
    ///
    /// The bodies take turns within a round, so that a machine whose speed drifts treats them alike.
    static func medians(
        rounds: Int = 7, secondsEach: Double = 0.15, _ bodies: [() throws -> Void]
    ) throws -> [Double] {
        var samples = [[Double]](repeating: [], count: bodies.count)
        for _ in 0..<rounds {
            for (at, body) in bodies.enumerated() {
                var calls = 0
                var elapsed = 0.0
                let clock = ContinuousClock()
                let start = clock.now
                repeat {
                    // Enough calls between two looks at the clock that looking costs nothing.
                    for _ in 0..<16 { try body() }
                    calls += 16
                    elapsed = (clock.now - start) / .seconds(1)
                } while elapsed < secondsEach
                samples[at].append(elapsed / Double(calls))
            }
        }
        return samples.map { $0.sorted()[$0.count / 2] }
    }
}
