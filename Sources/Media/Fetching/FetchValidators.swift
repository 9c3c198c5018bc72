import AsyncHTTPClient
import NIOHTTP1

/// What a server gave along with a file, to be asked later whether its file is still the same (RFC 9110, 8.8).
package struct FetchValidators: Sendable, Equatable {
    /// The URL that answered: of what it said nothing follows for any other.
    package let finalURL: String
    /// The entity tag, quotes included.
    package let etag: String?
    /// The date of the last change.
    package let lastModified: String?

    /// Takes up validators that were kept.
    package init(finalURL: String, etag: String?, lastModified: String?) {
        self.finalURL = finalURL
        self.etag = etag
        self.lastModified = lastModified
    }

    /// Keeps what stands for the same bytes: a strong tag, or a date that lies so far back that no second change of the
    /// same second can hide behind it; nil if the answer has neither.
    init?(finalURL: String, _ response: HTTPClientResponse) {
        let longest = 1000
        self.finalURL = finalURL
        etag = response.headers.first(name: "etag").flatMap { tag in
            tag.hasPrefix("\"") && tag.hasSuffix("\"") && tag.utf8.count <= longest ? tag : nil
        }
        let now = response.headers.first(name: "date").flatMap { secondsSince1970(httpDate: $0) }
        lastModified = response.headers.first(name: "last-modified").flatMap { date in
            guard let now, let changed = secondsSince1970(httpDate: date), changed <= now - 60 else { return nil }
            return date
        }
        if etag == nil && lastModified == nil { return nil }
    }

    /// The field of a request that is to be answered only if the file has changed.
    var header: (name: String, value: String)? {
        if let etag { return ("if-none-match", etag) }
        return lastModified.map { ("if-modified-since", $0) }
    }
}

/// What came of asking for a file of which a copy may be there.
package enum FetchAnswer: Sendable, Equatable {
    /// A new copy was taken.
    case stored(FetchedObject)
    /// The copy that is there holds.
    case unchanged
}
