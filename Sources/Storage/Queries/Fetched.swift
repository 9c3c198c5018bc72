/// The last copy of an address, kept for a while so that other tasks with the same address can use it.
package struct FetchedRow: Sendable, Equatable {
    package var realm: Int64

    /// SHA-256 of the address, in hex.
    package var urlHash: String

    /// Where redirects led; the address itself where there were none.
    package var finalURL: String

    /// SHA-256 of the bytes, in hex.
    package var hash: String
    package var mime: String

    /// Bytes.
    package var size: Int64

    /// The type that the source stated.
    package var declaredType: String?
    package var statusCode: Int

    /// What the source gave to ask later whether its file is still the same.
    package var etag: String?
    package var lastModified: String?

    /// When the fetch began: the copy is of that time or later.
    package var begunAt: Timestamp

    package init(
        realm: Int64, urlHash: String, finalURL: String, hash: String, mime: String, size: Int64,
        declaredType: String?, statusCode: Int, etag: String?, lastModified: String?, begunAt: Timestamp
    ) {
        self.realm = realm
        self.urlHash = urlHash
        self.finalURL = finalURL
        self.hash = hash
        self.mime = mime
        self.size = size
        self.declaredType = declaredType
        self.statusCode = statusCode
        self.etag = etag
        self.lastModified = lastModified
        self.begunAt = begunAt
    }
}

extension FetchedRow: RowDecodable {
    static let columns: SQL = """
        realm, url_hash, final_url, hash, mime, size, declared_type, status_code, etag, last_modified, begun_at
        """

    package init(_ reader: inout RowReader) throws {
        realm = try reader.int64()
        urlHash = try reader.text()
        finalURL = try reader.text()
        hash = try reader.text()
        mime = try reader.text()
        size = try reader.int64()
        declaredType = try reader.optionalText()
        statusCode = try reader.int()
        etag = try reader.optionalText()
        lastModified = try reader.optionalText()
        begunAt = try reader.time()
    }
}

extension Connection {
    /// The last copy of an address; nil if it was not fetched lately.
    package func fetched(realm: Int64, urlHash: String) throws -> FetchedRow? {
        try first(
            "SELECT \(FetchedRow.columns) FROM fetched WHERE realm = \(realm) AND url_hash = \(urlHash)")
    }

    /// Notes the last copy of an address; one of a later fetch is kept.
    package func storeFetched(_ row: FetchedRow) throws {
        try keep(objects: [row.hash])
        try execute(
            """
            INSERT INTO fetched (realm, url_hash, final_url, hash, mime, size, declared_type, status_code, etag,
                last_modified, begun_at)
            VALUES (\(row.realm), \(row.urlHash), \(row.finalURL), \(row.hash), \(row.mime), \(row.size),
                \(row.declaredType), \(row.statusCode), \(row.etag), \(row.lastModified), \(row.begunAt))
            ON CONFLICT (realm, url_hash) DO UPDATE SET final_url = excluded.final_url, hash = excluded.hash,
                mime = excluded.mime, size = excluded.size, declared_type = excluded.declared_type,
                status_code = excluded.status_code, etag = excluded.etag, last_modified = excluded.last_modified,
                begun_at = excluded.begun_at
            WHERE fetched.begun_at < excluded.begun_at
            """)
    }

    /// Forgets copies of addresses that were fetched before a time; returns how many.
    @discardableResult
    package func deleteFetched(before: Timestamp) throws -> Int {
        try execute("DELETE FROM fetched WHERE begun_at < \(before)")
    }
}
