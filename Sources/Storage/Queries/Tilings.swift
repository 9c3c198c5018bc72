/// The tiles of a large picture.
package struct TilingRow: Sendable, Equatable {
    /// SHA-256 of the picture, in hex.
    package var hash: String

    /// SHA-256 of the object with all its tiles, in hex.
    package var pack: String

    /// Pixels of the picture, after orientation.
    package var width: Int
    package var height: Int
    package var createdAt: Timestamp

    package init(hash: String, pack: String, width: Int, height: Int, createdAt: Timestamp) {
        self.hash = hash
        self.pack = pack
        self.width = width
        self.height = height
        self.createdAt = createdAt
    }
}

extension TilingRow: RowDecodable {
    static let columns: SQL = "hash, pack, width, height, created_at"

    package init(_ reader: inout RowReader) throws {
        hash = try reader.text()
        pack = try reader.text()
        width = try reader.int()
        height = try reader.int()
        createdAt = try reader.time()
    }
}

extension Connection {
    /// Stores where a picture's tiles are; of two that were cut at once the later one counts.
    package func insertTiling(_ tiling: TilingRow) throws {
        try keep(objects: [tiling.hash, tiling.pack])
        try execute(
            """
            INSERT INTO tilings (hash, pack, width, height, created_at)
            VALUES (\(tiling.hash), \(tiling.pack), \(tiling.width), \(tiling.height), \(tiling.createdAt))
            ON CONFLICT (hash) DO UPDATE SET pack = excluded.pack
            """)
    }

    /// The tiles of some pictures, by the pictures' hashes.
    package func tilings(of hashes: [String]) throws -> [String: TilingRow] {
        let rows: [TilingRow] = try all(
            "SELECT \(TilingRow.columns) FROM tilings WHERE hash IN \(list: Array(Set(hashes)))")
        return Dictionary(rows.map { ($0.hash, $0) }) { first, _ in first }
    }
}
