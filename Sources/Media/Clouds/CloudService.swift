/// How one provider is spoken to on somebody's behalf: where its API is and how requests prove who sends them.
package struct CloudService: Sendable, Equatable {
    /// What stands in a request to prove who sends it.
    package enum Proof: Sendable, Equatable {
        /// Signature version 4, which S3, its relatives and Google's interoperability mode take.
        case aws(AWSCredentials, region: String)
        /// A token of OAuth.
        case bearer(String)
        /// The key of an Azure storage account.
        case sharedKey(account: String, key: [UInt8])
        /// A signature that somebody else made, part of every query.
        case query([CloudRequest.Pair])
    }

    package let provider: CloudAddress.Provider
    package let endpoint: CloudEndpoint
    /// Whether the bucket stands in the path rather than in the host's name.
    package let isPathStyle: Bool
    package let proof: Proof

    /// Makes a service from its parts.
    package init(_ provider: CloudAddress.Provider, endpoint: CloudEndpoint, isPathStyle: Bool, proof: Proof) {
        self.provider = provider
        self.endpoint = endpoint
        self.isPathStyle = isPathStyle
        self.proof = proof
    }

    /// Whether header fields may be added to what is signed, such as those that ask for changed files only.
    package var takesConditions: Bool {
        if case .sharedKey = proof { false } else { true }
    }

    /// The request for an object, or for the first byte of it alone.
    ///
    /// `seconds`: the time of sending, since 1970 in UTC.
    package func read(_ address: CloudAddress, firstByteOnly: Bool = false, at seconds: Int) -> CloudRequest {
        let range: [CloudRequest.Pair] = firstByteOnly ? [.init("range", "bytes=0-0")] : []
        return prove(request(address, key: address.key, headers: range), at: seconds)
    }

    /// The request for a page of the keys that begin as the address's does.
    ///
    /// `after`: what the page before names as its next one.
    package func list(_ prefix: CloudAddress, after: String?, limit: Int = 1000, at seconds: Int) -> CloudRequest {
        var request = request(prefix, key: "", headers: [])
        switch provider {
        case .s3, .google:
            request.query = [
                .init("list-type", "2"), .init("max-keys", String(limit)), .init("prefix", prefix.key),
                .init("encoding-type", "url"),
            ]
            if let after { request.query.append(.init("continuation-token", after)) }
        case .azure:
            request.query = [
                .init("restype", "container"), .init("comp", "list"), .init("maxresults", String(limit)),
                .init("prefix", prefix.key),
            ]
            if let after { request.query.append(.init("marker", after)) }
        }
        return prove(request, at: seconds)
    }

    private func request(_ address: CloudAddress, key: String, headers: [CloudRequest.Pair]) -> CloudRequest {
        switch provider {
        case .s3, .google:
            isPathStyle
                ? CloudRequest(
                    "GET", endpoint, path: "/\(address.bucket)" + (key.isEmpty ? "" : "/\(key)"), headers: headers)
                : CloudRequest("GET", endpoint.named(address.bucket), path: "/\(key)", headers: headers)
        case .azure:
            // Stand-ins on one's own machine have the account in the path.
            CloudRequest(
                "GET", endpoint,
                path: (isPathStyle ? "/\(address.account)" : "") + "/\(address.bucket)"
                    + (key.isEmpty ? "" : "/\(key)"),
                headers: headers)
        }
    }

    private func prove(_ request: CloudRequest, at seconds: Int) -> CloudRequest {
        var request = request
        switch proof {
        case .aws(let credentials, let region):
            return AWSSignature(credentials, region: region).sign(request, at: seconds)
        case .bearer(let token):
            request.headers.append(.init("authorization", "Bearer \(token)"))
        case .sharedKey(let account, let key):
            return AzureSignature(account: account, key: key).sign(request, at: seconds)
        case .query(let pairs):
            request.query += pairs
            request.headers.append(.init("x-ms-version", AzureSignature.version))
        }
        return request
    }
}
