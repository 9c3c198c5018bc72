import Foundation

/// Where a file lies with a provider, or under which prefix files lie, as people write it.
///
/// `s3://bucket/key`, `gs://bucket/key` or `https://account.blob.core.windows.net/container/key`. Keys stand in the first
/// two as they are, in the third escaped as in any URL.
package struct CloudAddress: Sendable, Hashable {
    /// Whose storage it is, or whose language it speaks.
    package enum Provider: String, Sendable, CaseIterable {
        case s3
        case google = "gcs"
        case azure
    }

    package var provider: Provider
    /// The storage account and the domain behind it, for Azure; empty elsewhere.
    package var host: String
    /// The bucket or container; empty in a prefix that stands for all of them.
    package var bucket: String
    /// The key within it, not escaped; in a prefix, how keys begin.
    package var key: String

    /// Makes an address from its parts.
    package init(_ provider: Provider, host: String = "", bucket: String, key: String) {
        self.provider = provider
        self.host = host
        self.bucket = bucket
        self.key = key
    }

    /// Reads an address or a prefix; nil for everything that is none, such as other URLs and URLs with a query.
    package init?(_ text: String) {
        if let rest = Self.rest(of: text, behind: "s3://") {
            self.init(.s3, path: rest)
        } else if let rest = Self.rest(of: text, behind: "gs://") {
            self.init(.google, path: rest)
        } else if let rest = Self.rest(of: text, behind: "https://") {
            let host = rest.prefix { $0 != "/" }.lowercased()
            // A query is most often a signature of its own, which says who may read.
            guard host.utf8.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789.-".utf8.contains($0) }),
                Self.blobDomains.contains(where: { host.hasSuffix($0) && host.count > $0.count }),
                !rest.utf8.contains(UInt8(ascii: "?")), !rest.utf8.contains(UInt8(ascii: "#"))
            else { return nil }
            let path = rest.dropFirst(host.count).drop { $0 == "/" }
            guard let plain = String(path).removingPercentEncoding else { return nil }
            self.init(.azure, path: plain[...], host: host)
        } else {
            return nil
        }
    }

    private init(_ provider: Provider, path: Substring, host: String = "") {
        let bucket = Substring(path.utf8.prefix { $0 != UInt8(ascii: "/") })
        self.init(
            provider, host: host, bucket: String(bucket), key: String(path.utf8.dropFirst(bucket.utf8.count + 1)) ?? "")
    }

    /// The clouds of the provider: the public one and those of single countries.
    private static let blobDomains = [
        ".blob.core.windows.net", ".blob.core.chinacloudapi.cn", ".blob.core.usgovcloudapi.net",
    ]

    private static func rest(of text: String, behind scheme: String) -> Substring? {
        text.utf8.count > scheme.utf8.count && text.prefix(scheme.count).lowercased() == scheme
            ? text.dropFirst(scheme.count) : nil
    }

    /// The address as text, in its one spelling.
    package var text: String {
        switch provider {
        case .s3: "s3://\(bucket)/\(key)"
        case .google: "gs://\(bucket)/\(key)"
        case .azure:
            "https://\(host)/\(CloudRequest.escape(bucket))/\(CloudRequest.escape(key, keeping: "/"))"
        }
    }

    /// The name of the storage account, for Azure.
    package var account: String { String(host.prefix { $0 != "." }) }

    /// Whether an address lies under this one, read as a prefix.
    package func covers(_ other: CloudAddress) -> Bool {
        provider == other.provider && host == other.host && (bucket.isEmpty || bucket == other.bucket)
            && Array(other.key.utf8).starts(with: Array(key.utf8))
    }

    /// How much a prefix says, to find the longest among several.
    package var length: Int { bucket.utf8.count + key.utf8.count }

    /// The address of another key in the same place.
    package func with(key: String) -> CloudAddress {
        CloudAddress(provider, host: host, bucket: bucket, key: key)
    }
}
