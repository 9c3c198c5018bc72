import Foundation

/// A page of the keys under a prefix.
package struct CloudPage: Sendable, Equatable {
    /// An object that is there.
    package struct Entry: Sendable, Equatable {
        /// The key, not escaped.
        package let key: String
        /// In bytes.
        package let size: Int64
    }

    /// In the provider's order.
    package let entries: [Entry]
    /// What to ask for the following page with; nil after the last.
    package let next: String?

    /// The largest reply that is read: a thousand of the longest keys, escaped, with what stands around them.
    package static let largest = 8 << 20

    /// Reads a provider's reply; nil if it is not a list of keys.
    ///
    /// Places that only stand for folders are left out.
    package init?(_ bytes: some Sequence<UInt8>, of provider: CloudAddress.Provider) {
        guard let root = Markup.read(bytes) else { return nil }
        switch provider {
        case .s3, .google:
            guard root.name == "ListBucketResult" else { return nil }
            let isEscaped = root["EncodingType"]?.text == "url"
            entries = root.all("Contents").compactMap { content in
                guard let text = content["Key"]?.text, let size = content["Size"].flatMap({ Int64($0.text) }),
                    let key = isEscaped ? text.replacing("+", with: " ").removingPercentEncoding : text
                else { return nil }
                return Entry(key: key, size: size)
            }.filter { !$0.key.hasSuffix("/") }
            next = root["IsTruncated"]?.text == "true" ? root["NextContinuationToken"]?.text : nil
        case .azure:
            guard root.name == "EnumerationResults", let blobs = root["Blobs"] else { return nil }
            entries = blobs.all("Blob").compactMap { blob in
                let properties = blob["Properties"]
                guard let name = blob["Name"], let size = properties?["Content-Length"].flatMap({ Int64($0.text) }),
                    properties?["ResourceType"]?.text != "directory",
                    let key = name.attributes["Encoded"] == "true" ? name.text.removingPercentEncoding : name.text
                else { return nil }
                return Entry(key: key, size: size)
            }.filter { !$0.key.hasSuffix("/") }
            next = root["NextMarker"].flatMap { $0.text.isEmpty ? nil : $0.text }
        }
    }
}
