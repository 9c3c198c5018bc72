import Configuration
import Media
import NIOCore

/// How a bucket is reached: the one of `storage`, or that of backups.
struct StorageAccess: Equatable {
    /// What its settings begin with: `storage` or `backup`.
    let name: String
    /// Nil for AWS itself.
    let endpoint: String?
    let region: String
    let key: String?
    let secret: String?
    /// Goes along with a temporary key.
    let token: String?
    /// Nil for what is usual.
    let isPathStyle: Bool?

    /// Reads the settings that begin with a name; what is not set is that of another bucket.
    init(_ reader: ConfigReader, _ name: String, otherwise other: StorageAccess? = nil) throws {
        func value(_ member: String, isSecret: Bool = false) -> String? {
            reader.string(forKey: ConfigKey("\(name).\(member)"), isSecret: isSecret)
        }
        self.name = name
        endpoint = value("endpoint") ?? other?.endpoint
        region = value("region") ?? other?.region ?? "us-east-1"
        key = value("key") ?? other?.key
        secret = value("secret", isSecret: true) ?? other?.secret
        // A token goes along with its key.
        token = value("token", isSecret: true) ?? (value("key") == nil ? other?.token : nil)
        switch value("path.style") {
        case nil, "": isPathStyle = other?.isPathStyle
        case "true": isPathStyle = true
        case "false": isPathStyle = false
        case .some(let text): throw StartError("\(name).path.style must be true or false, not \(text).")
        }
    }

    /// The effective values, for people; secrets are not shown.
    var lines: [(name: String, value: String)] {
        [
            ("\(name).endpoint", endpoint ?? "that of AWS"), ("\(name).region", region),
            ("\(name).key", key ?? "not set"), ("\(name).secret", secret == nil ? "not set" : "set (not shown)"),
            ("\(name).path.style", isPathStyle.map { "\($0)" } ?? "as is usual: \(endpoint != nil)"),
        ]
    }

    /// The bucket of an address such as `s3://bucket/prefix`, as it is reached with these settings.
    func location(of address: String) throws -> S3Location {
        guard let key, let secret, !key.isEmpty, !secret.isEmpty else {
            let prefix = "VERNIER_\(name.uppercased())"
            throw StartError(
                "The storage \(address) needs \(prefix)_KEY and \(prefix)_SECRET, the key that may use it.")
        }
        return try S3Location(
            address, endpoint: endpoint, region: region, isPathStyle: isPathStyle,
            credentials: AWSCredentials(accessKey: key, secretKey: secret, sessionToken: token))
    }
}

extension Settings {
    /// Opens the store of objects: the folder, or a bucket that is asked whether it is there.
    func openStore(_ eventLoopGroup: any EventLoopGroup) async throws -> any ObjectStore {
        try await open(storage, data + "/objects", storageAccess, storageCache, eventLoopGroup)
    }

    /// Opens a place for copies of objects: a bucket if it is an address such as `s3://bucket/prefix`, else a folder.
    func openCopies(_ place: String, _ eventLoopGroup: any EventLoopGroup) async throws -> any ObjectStore {
        // Nothing is read from it twice, so local files go as soon as they have been sent.
        try await open(place.contains("://") ? place : nil, place, backupAccess, 0, eventLoopGroup)
    }

    private func open(
        _ address: String?, _ folder: String, _ access: StorageAccess, _ cacheSize: Int,
        _ eventLoopGroup: any EventLoopGroup
    ) async throws -> any ObjectStore {
        do {
            guard let address else { return try FolderStore(root: folder) }
            let store = try S3Store(
                try access.location(of: address), cache: data + "/cache", cacheSize: cacheSize,
                eventLoopGroup: eventLoopGroup, trustRoots: fetchCertificates)
            do { try await store.check() } catch {
                try await store.shutdown()
                throw error
            }
            return store
        } catch let error as ObjectStoreError {
            throw StartError("The storage \(address ?? folder) cannot be used: \(error)")
        }
    }
}
