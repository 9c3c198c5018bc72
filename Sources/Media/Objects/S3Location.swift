/// Where objects are kept in a store that speaks the language of S3, and by whom.
package struct S3Location: Sendable, Equatable {
    package let bucket: String
    /// Stands before every key: empty, or ends with a slash.
    package let prefix: String
    package let endpoint: CloudEndpoint
    package let region: String
    /// Whether the bucket stands in the path rather than in the host's name.
    package let isPathStyle: Bool
    let credentials: AWSCredentials

    /// Makes a location of `s3://bucket/prefix`.
    ///
    /// - Parameters:
    ///   - address: The bucket and what stands before every key.
    ///   - endpoint: `https://host:port` of the store; nil for that of AWS in the region.
    ///   - region: The region that signatures name.
    ///   - isPathStyle: Nil for what is usual: in the path where an endpoint is named.
    ///   - credentials: Who signs.
    /// - Throws: ``ObjectStoreError`` with one sentence that names what is wrong.
    package init(
        _ address: String, endpoint: String?, region: String, isPathStyle: Bool?, credentials: AWSCredentials
    ) throws {
        let parts = address.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[0] == "s3:", parts[1].isEmpty, (3...63).contains(parts[2].utf8.count),
            parts[2].utf8.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789-.".utf8.contains($0) })
        else {
            throw ObjectStoreError(.failed, "The storage must be s3://bucket or s3://bucket/prefix, not \(address).")
        }
        bucket = String(parts[2])
        let path = parts.count > 3 ? parts[3].split(separator: "/").joined(separator: "/") : ""
        prefix = path.isEmpty ? "" : path + "/"
        do {
            self.endpoint = try CloudEndpoint(endpoint ?? "https://s3.\(region).amazonaws.com")
        } catch {
            throw ObjectStoreError(
                .failed, "The endpoint of the storage must be like https://host:port, not \(endpoint ?? "").")
        }
        self.region = region
        self.isPathStyle = isPathStyle ?? (endpoint != nil)
        self.credentials = credentials
    }

    /// The request for a key of the bucket, not yet signed; nil for the bucket itself.
    func request(
        _ method: String, key: String?, query: [CloudRequest.Pair] = [], headers: [CloudRequest.Pair] = []
    ) -> CloudRequest {
        let path = key.map { "/" + prefix + $0 } ?? (isPathStyle ? "" : "/")
        return isPathStyle
            ? CloudRequest(method, endpoint, path: "/" + bucket + path, query: query, headers: headers)
            : CloudRequest(method, endpoint.named(bucket), path: path, query: query, headers: headers)
    }
}
