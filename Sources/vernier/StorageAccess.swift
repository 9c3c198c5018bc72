import Configuration
import Media

/// How a bucket is reached that takes the place of the folder of objects.
struct StorageAccess {
    /// Nil for AWS itself.
    let endpoint: String?
    let region: String
    let key: String?
    let secret: String?
    /// Goes along with a temporary key.
    let token: String?
    /// Nil for what is usual.
    let isPathStyle: Bool?

    init(_ reader: ConfigReader) throws {
        endpoint = reader.string(forKey: "storage.endpoint")
        region = reader.string(forKey: "storage.region", default: "us-east-1")
        key = reader.string(forKey: "storage.key")
        secret = reader.string(forKey: "storage.secret", isSecret: true)
        token = reader.string(forKey: "storage.token", isSecret: true)
        switch reader.string(forKey: "storage.path.style") {
        case nil, "": isPathStyle = nil
        case "true": isPathStyle = true
        case "false": isPathStyle = false
        case .some(let text): throw StartError("storage.path.style must be true or false, not \(text).")
        }
    }

    /// The effective values, for people; secrets are not shown.
    var lines: [(name: String, value: String)] {
        [
            ("storage.endpoint", endpoint ?? "that of AWS"), ("storage.region", region),
            ("storage.key", key ?? "not set"), ("storage.secret", secret == nil ? "not set" : "set (not shown)"),
            ("storage.path.style", isPathStyle.map { "\($0)" } ?? "as is usual: \(endpoint != nil)"),
        ]
    }
}

extension Settings {
    /// The bucket of `storage`; nil for the folder.
    var bucket: S3Location? {
        get throws {
            guard let storage else { return nil }
            guard let key = storageAccess.key, let secret = storageAccess.secret, !key.isEmpty,
                !secret.isEmpty
            else {
                throw StartError(
                    "The storage \(storage) needs VERNIER_STORAGE_KEY and VERNIER_STORAGE_SECRET, the key that may use it."
                )
            }
            return try S3Location(
                storage, endpoint: storageAccess.endpoint, region: storageAccess.region,
                isPathStyle: storageAccess.isPathStyle,
                credentials: AWSCredentials(accessKey: key, secretKey: secret, sessionToken: storageAccess.token))
        }
    }
}
